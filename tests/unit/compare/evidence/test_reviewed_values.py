"""What a finding says of its values: what may be listed, what varies, and what a secret hides."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from pytest_cutover.compare.diff.difference import Difference, Kind
from pytest_cutover.compare.evidence.reviewed_values import Acceptance
from pytest_cutover.config.accepted import AcceptedDifferences, Entry
from pytest_cutover.core.seen_values import MOST_PAIRS, SeenValues, merged

TODAY = date(2030, 1, 15)
STATE = Difference(0, "GET /jobs", Kind.VALUE, "/state", "text → text")
ENTRY = Entry(
    signature=STATE.signature,
    values=(("waiting", "pending"),),
    scope=("t",),
    reason="agreed",
    approver="Mira",
    expires=TODAY,
)


def of(kind: Kind, *values: tuple[str, str]) -> Difference:
    return replace(STATE, kind=kind, values=values)


def acceptance(*entries: Entry) -> Acceptance:
    return Acceptance(
        AcceptedDifferences(entries), TODAY, lambda text: text.replace("hunter2", "***")
    )


def seen(*differences: Difference) -> SeenValues | None:
    return acceptance().seen(differences)


def test_steady_values_are_listed_once() -> None:
    one, other = of(Kind.VALUE, ("a", "b")), of(Kind.VALUE, ("c", "d"))

    assert seen(one, other, one) == SeenValues((("a", "b"), ("c", "d")))
    assert seen(of(Kind.STATUS)) is None


@pytest.mark.parametrize(
    "difference",
    [
        of(Kind.VALUE, ("a", "b"), ("a", "c")),
        of(Kind.TYPE, ("101", "7"), ("102", "9")),
        of(Kind.TYPE, ("101", "6f0c3c8e-3a3b-4c39-9a54-1d2f1f3a5b7c")),
        of(Kind.HEADER_VALUE, ("x", "2024-05-02T08:15:30Z")),
    ],
)
def test_what_is_another_in_every_round_or_made_up_varies(difference: Difference) -> None:
    found = seen(difference)
    assert found is not None
    assert found.varying


def test_a_text_about_something_else_each_time_is_listed_with_holes() -> None:
    ready = of(Kind.VALUE, ("Order 17 ready", "Order 17 done"), ("Order 18 ready", "Order 18 done"))

    assert seen(ready) == SeenValues((("Order <…> ready", "Order <…> done"),))


def test_what_a_secret_hides_is_not_taken_for_another_type_of_the_same_text() -> None:
    found = seen(of(Kind.VALUE, ("hunter2", "***")))

    assert found is not None
    assert (found.varying, found.transformations) == (True, ())


def test_an_entry_covers_the_values_of_all_rounds_or_none() -> None:
    asking = acceptance(ENTRY)
    agreed = of(Kind.VALUE, ("waiting", "pending"))

    assert asking.key_for(agreed, "t", None) == ENTRY.key
    assert asking.key_for(agreed, "another", None) is None
    deleted_once = of(Kind.VALUE, ("waiting", "pending"), ("waiting", "deleted"))
    assert asking.key_for(deleted_once, "t", None) is None


def test_what_several_tests_saw_is_put_together_and_cut_with_a_word() -> None:
    many = [SeenValues(((str(n), "x"),), transformations=("×10", "×100")) for n in range(30)]
    last = SeenValues((("y", "z"),), transformations=("×100",))

    found = merged([None, *many, last])

    assert found is not None
    assert (len(found.pairs), found.more) == (MOST_PAIRS, True)
    assert found.transformations == ("×100",)
    assert merged([None]) is None


def test_a_stored_time_is_the_same_instant_and_one_of_now_is_one_by_chance() -> None:
    stored = seen(of(Kind.TYPE, ("2019-05-02T08:15:30Z", "1556784930")))
    assert stored is not None
    assert stored.transformations == ("same instant",)
    noon = datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=UTC)
    now = seen(of(Kind.TYPE, (f"{noon:%Y-%m-%dT%H:%M:%SZ}", str(int(noon.timestamp())))))
    assert now is not None
    assert now.transformations == ()
