"""A decision of a team is one entry, its members written out; each holds for itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from pytest_cutover.config.accepted import Entry, appended, as_toml, judge, loads
from pytest_cutover.config.accepted import Occurrence as Seen
from pytest_cutover.core.errors import MistakesError

TODAY = date(2030, 1, 15)
TEXT = """
[[accepted]]
signature = "GET /a | status |  | 404 → 405"
scope = ["t"]
reason = "agreed"
approver = "Mira"
expires = 2030-12-03

# Why it is called detail.
[[accepted]]
change = "renamed: error → detail"
reason = "FastAPI calls it detail"
approver = "Mira"
expires = 2030-12-03

[[accepted.members]]
signature = "GET /a | missing | /error | string → absent"
scope = ["t", "u"]

[[accepted.members]]
signature = "GET /b | value | /state | text → text"
scope = ["t"]
change = "lower case"
"""
MISSING = "GET /a | missing | /error | string → absent"


def test_each_member_is_an_entry_with_what_they_share() -> None:
    first, error, state = loads(TEXT, source="x").entries

    assert ("1", "2.1", "2.2") == (first.place, error.place, state.place)
    assert error.reason == state.reason == "FastAPI calls it detail"
    assert ("renamed: error → detail", "lower case") == (error.change, state.change)
    assert error.scope == ("t", "u")


def test_a_member_holds_for_its_relation_and_for_no_other() -> None:
    known = loads(TEXT, source="x")

    def covering(explanation: str, test: str = "t") -> Entry | None:
        return known.covering(MISSING, test, None, TODAY, (), explanation)

    assert covering("renamed: error → detail") is not None
    assert covering("renamed: error → message") is None
    assert covering("") is None
    assert covering("renamed: error → detail", "elsewhere") is None


def test_a_member_that_matches_nothing_is_named_by_its_place() -> None:
    known = loads(TEXT, source="x")
    _, error, _ = known.entries
    seen = [
        Seen("GET /a | status |  | 404 → 405", "t", accepted=known.entries[0].key),
        Seen(MISSING, "t", accepted=error.key),
    ]

    found = judge(known, seen, today=TODAY, full_run=True)

    assert ["2.2"] == [one.place for one in found.unmatched]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('scope = ["t", "u"]', "scope = []", "accepted[2].members[1].scope"),
        ('change = "lower case"', 'change = "louder"', "accepted[2].members[2].change"),
        ('change = "lower case"', 'chance = "lower case"', "accepted[2].members[2].chance"),
        ('reason = "agreed"', 'reason = ""', "accepted[1].reason"),
        ('change = "renamed: error → detail"', 'change = "renamed: "', "accepted[2].members[1]"),
    ],
)
def test_a_mistake_is_told_at_its_member(old: str, new: str, expected: str) -> None:
    with pytest.raises(MistakesError) as caught:
        loads(TEXT.replace(old, new), source="x")

    assert expected in str(caught.value)


def test_the_same_member_twice_is_a_mistake() -> None:
    twice = TEXT + f'\n[[accepted.members]]\nsignature = "{MISSING}"\nscope = ["u"]\n'

    with pytest.raises(MistakesError, match=r"accepted\[2\.3\].*\n?.*accepted\[2\.1\]"):
        loads(twice, source="x")


def test_what_is_written_is_read_again() -> None:
    entries = loads(TEXT, source="x").entries
    decisions = [entries[:1], entries[1:]]

    text = as_toml(decisions)

    assert entries == loads(text, source="x").entries
    assert text.count("reason") == 2
    other = replace(entries[0], signature="GET /c | order | /tags | order → another")
    more = appended(TEXT, [[other]], source="x")
    assert more.startswith(TEXT.rstrip())
    assert ["1", "2.1", "2.2", "3"] == [one.place for one in loads(more, source="x").entries]
