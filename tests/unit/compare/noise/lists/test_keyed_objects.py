"""Objects whose keys are ids, of whatever form, and those whose keys are members."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_cutover.compare.noise.lists.drawn_keys import names_in
from pytest_cutover.compare.noise.lists.keyed_objects import is_keyed
from pytest_cutover.core.exchange import Transcript
from tests.unit.compare.building import brief, exchange, judged, transcript


def entries(*keys: str, name: str = "id") -> dict[str, Any]:
    return {key: {name: key, "price": 10} for key in keys}


@pytest.mark.parametrize(
    ("seeded", "first", "again"),
    [
        ("1", "2", "3"),
        ("urn:lot:1", "urn:lot:2", "urn:lot:3"),
        ("LOT:00001", "LOT:00002", "LOT:00003"),
        ("acme/lots/1", "acme/lots/2", "acme/lots/3"),
    ],
)
def test_entries_that_say_their_key_is_their_id_are_rows(
    seeded: str, first: str, again: str
) -> None:
    assert is_keyed(entries(seeded, first), entries(seeded, first, again))
    assert is_keyed(entries(seeded, first), entries(seeded, again))


def test_members_are_none() -> None:
    assert not is_keyed(entries("wood", "iron"), entries("wood", "iron", "clay", name="name"))
    assert not is_keyed(entries("a:b", name="name"), entries("a:b", "a:c", name="name"))


def pastes(*keys: str, size: int = 33) -> dict[str, Any]:
    return {key: {"name": "hinges.txt", "size": size} for key in keys}


@pytest.mark.parametrize(
    ("first", "again"),
    [
        ("L4tjXFwD NxYrb7bT", "L4tjXFwD NxYrb7bT YJ3F9xng"),
        ("L4tjXFwD NxYrb7bT gkjyKDKY", "uty6gY4w CgHE3A2g DnvTRmfd EjhDKyPg"),
        ("3fa91c07", "3fa91c07 d04e7b2a 88c1f05e"),
        ("x9k2pqfm", "x9k2pqfm m4tz71bd 0hw8raqu"),
    ],
)
def test_short_ids_are_told_together(first: str, again: str) -> None:
    assert is_keyed(pastes(*first.split()), pastes(*again.split()))


def test_as_many_entries_with_other_short_ids_are_the_same_ones() -> None:
    first, again = pastes("L4tjXFwD"), pastes("NxYrb7bT")
    assert not is_keyed(first, again)
    assert {"NxYrb7bT": "L4tjXFwD"} == names_in(first, again)


def test_an_entry_is_the_one_that_holds_the_same() -> None:
    first = {"L4tjXFwD": "owner", "b7NxYrbT": "reader"}
    again = {"0hw8raqu": "reader", "x9k2pqfm": "owner"}
    assert {"0hw8raqu": "b7NxYrbT", "x9k2pqfm": "L4tjXFwD"} == names_in(first, again)


@pytest.mark.parametrize(
    ("first", "again"),
    [
        ("kitchens", "bathroom"),
        ("maxItems", "minItems"),
        ("L4tjXFwD", "NxYrb7bTq"),  # of another length
        ("L4tjXFwD", "NxYrb7bT YJ3F9xng"),  # one more
        ("17 18", "17 19"),  # a number is an id where all names are
        ("1764410000", "17"),  # a time
    ],
)
def test_no_other_names_are_drawn(first: str, again: str) -> None:
    assert {} == names_in(pastes(*first.split()), pastes(*again.split()))


@pytest.mark.parametrize(
    ("first", "again"),
    [
        ("kitchens bathroom", "kitchens bathroom terraces"),  # names of one length
        ("w640h480 w800h600", "w640h480 w800h600 w320h240"),  # digits at the same places
        ("lineItem unitCost", "lineItem unitCost unitRate"),
        ("L4tjXFwD NxYrb7bT", "L4tjXFwD NxYrb7bT YJ3F9xngX"),  # one sign more
        ("L4tjXFwD", "L4tjXFwD"),
    ],
)
def test_what_has_a_rule_is_a_name(first: str, again: str) -> None:
    assert not is_keyed(pastes(*first.split()), pastes(*again.split()))


def test_members_that_are_no_entries_of_one_kind_are_names() -> None:
    known: dict[str, Any] = {"utf8name": {"length": 4}, "base64id": {"bits": 48}}
    assert not is_keyed(known, {"utf8name": {"length": 4}})


@pytest.mark.parametrize(
    ("cand", "is_told"),
    [
        (pastes("uty6gY4w", "CgHE3A2g", "DnvTRmfd"), False),
        (pastes("uty6gY4w", "CgHE3A2g"), True),
        (pastes("uty6gY4w", "CgHE3A2g", "DnvTRmfd", size=34), True),
        (pastes("uty6gY4w", "CgHE3A2g") | {"DnvTRmfd": {"name": "hinges.txt"}}, True),
        ({}, True),
    ],
)
def test_entries_of_two_databases_are_compared_as_rows(cand: dict[str, Any], is_told: bool) -> None:
    base, again = pastes("L4tjXFwD", "NxYrb7bT", "gkjyKDKY"), pastes("YJ3F9xng", "EjhDKyPg")
    again |= pastes("RkqEVwoq")
    first, later, other = (transcript(exchange(one)) for one in (base, again, cand))
    found = judged(first, other, again=later, shared_state=False)
    assert bool(brief(found.differences) or found.account.open) is is_told


@pytest.mark.parametrize("is_turned", [False, True])
def test_a_key_that_is_known_names_its_own_entry(is_turned: bool) -> None:
    def side(*keys: str, turned: bool = False) -> Transcript:
        made = [
            exchange({"id": key, "size": size}, method="POST", status=201, sent={"size": size})
            for key, size in zip(keys, (33, 44), strict=True)
        ]
        listed = dict(
            zip(keys[::-1] if turned else keys, ({"size": 33}, {"size": 44}), strict=True)
        )
        return transcript(*made, exchange(listed))

    base, again = side("L4tjXFwD", "NxYrb7bT"), side("YJ3F9xng", "EjhDKyPg")
    cand = side("uty6gY4w", "CgHE3A2g", turned=is_turned)
    found = judged(base, cand, again=again, shared_state=False)
    assert bool(found.differences) is is_turned
