"""Few bodies hold every value, and pairs of kinds of values; the seed decides which."""

from __future__ import annotations

from itertools import islice
from typing import Any

from pytest_cutover.fuzz.generate.pairwise import LEFT_OUT, mixtures

KINDS = ["RAW", "BULK", "FRZ", "MIX"]
VALUES: dict[str, list[Any]] = {
    "kind": KINDS,
    "weight": [0, 10, 2.5, 0.3, None],
    "note": ["a < b", "ü", LEFT_OUT],
}


def made(count: int, seed: int = 0) -> list[dict[str, Any]]:
    large = {"code": "A", "kind": "RAW", "weight": 1, "note": "n"}
    return list(islice(mixtures(VALUES, large, enumerated={"kind"}, seed=seed), count))


def test_every_value_is_in_one_of_as_many_bodies_as_the_longest_list_and_two_more() -> None:
    bodies = made(7)
    for name, listed in VALUES.items():
        for value in listed:
            assert any(body.get(name, LEFT_OUT) == value for body in bodies), (name, value)


def test_each_value_of_an_enumeration_meets_numbers_with_and_without_decimals() -> None:
    met = {
        (body["kind"], body["weight"] == int(body["weight"]))
        for body in made(16)
        if body.get("weight") is not None
    }
    assert met == {(kind, whole) for kind in KINDS for whole in (True, False)}


def test_the_seed_decides() -> None:
    assert made(20, seed=1) == made(20, seed=1)
    assert made(20, seed=1) != made(20, seed=2)


def test_what_does_not_vary_stays() -> None:
    assert {body["code"] for body in made(10)} == {"A"}
