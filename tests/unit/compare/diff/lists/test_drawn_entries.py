"""Entries that have other names on each side, in whatever order: equal ones, and one mistake."""

from __future__ import annotations

import random
import string
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.compare.building import brief, exchange, judged, transcript

Draw = Callable[[random.Random], str]
Entries = dict[str, Any]

SIGNS = string.ascii_letters + string.digits
DRAWN: dict[str, Draw] = {
    # One in six of ten signs has no digit by chance, and may be a word then.
    "short": lambda chance: "".join(chance.choices(SIGNS, k=9)) + chance.choice(string.digits),
    "hex": lambda chance: f"{chance.getrandbits(96):024x}",
    "number": lambda chance: str(chance.randrange(10_000, 100_000)),
    "link": lambda chance: f"/users/{chance.randrange(100_000)}",
    "urn": lambda chance: f"urn:user:{chance.randrange(100_000)}",
}
HELD = st.sampled_from(["owner", "reader", 3, True, {"role": "owner"}, {"role": "reader"}, []])
ENTRIES = st.lists(HELD, min_size=1, max_size=6).filter(
    lambda held: len({type(v) for v in held}) == 1
)


def side(held: list[Any], draw: Draw, seed: int) -> Entries:
    """The entries under names of a side's own, in an order of its own."""
    chance = random.Random(seed)
    entries = [(draw(chance), one) for one in held]
    chance.shuffle(entries)
    return dict(entries)


def differences(base: Entries, again: Entries, cand: Entries, *, shared: bool) -> list[Any]:
    first, later, other = (transcript(exchange({"access": one})) for one in (base, again, cand))
    found = judged(first, other, again=later, shared_state=shared)
    return [*brief(found.differences), *found.account.open]


@pytest.mark.parametrize("name", DRAWN)
@given(held=ENTRIES, seed=st.integers(0, 10_000), shared=st.booleans())
def test_equal_entries_are_equal_under_any_names(
    name: str, held: list[Any], seed: int, shared: bool
) -> None:
    base, again, cand = (side(held, DRAWN[name], 3 * seed + n) for n in range(3))
    assert [] == differences(base, again, cand, shared=shared)


@pytest.mark.parametrize("name", DRAWN)
@given(held=ENTRIES, seed=st.integers(0, 10_000), at=st.integers(0, 5), is_lost=st.booleans())
def test_one_mistake_is_found(
    name: str, held: list[Any], seed: int, at: int, is_lost: bool
) -> None:
    wrong = list(held)
    if is_lost:
        del wrong[at % len(held)]
    else:
        wrong[at % len(held)] = "nobody"
    base, again = (side(held, DRAWN[name], 3 * seed + n) for n in range(2))
    cand = side(wrong, DRAWN[name], 3 * seed + 2)
    assert [] != differences(base, again, cand, shared=False)


def test_a_name_that_the_baseline_always_gives_is_held() -> None:
    base = {"Xk3b0ZpLqT": "owner"}
    assert [("added", "/access/q0d7RmCw2e"), ("missing", "/access/Xk3b0ZpLqT")] == sorted(
        differences(base, base, {"q0d7RmCw2e": "owner"}, shared=True)
    )


def test_members_are_no_entries() -> None:
    first, again, other = {"line1": "a"}, {"line1": "b"}, {"line2": "b"}
    assert differences(first, again, other, shared=False)
