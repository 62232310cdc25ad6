"""What a finding says of its values: what may be listed, what varies, and what a secret hides."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from pytest_cutover.compare.diff.difference import Difference, Kind
from pytest_cutover.compare.evidence.binding import binding_of
from pytest_cutover.compare.evidence.reviewed_values import Acceptance
from pytest_cutover.config.accepted import AcceptedDifferences, Entry
from pytest_cutover.config.transformation import FORMATS, ValuePair
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


def agreed_to(difference: Difference) -> Acceptance:
    found = seen(difference)
    bound = binding_of(
        kind=str(difference.kind), change=difference.change, explanation="", seen=found
    )
    assert bound is not None
    entry = replace(ENTRY, signature=difference.signature, change=bound.change, values=bound.values)
    return acceptance(entry)


def covers(asking: Acceptance, difference: Difference, *values: tuple[str, str]) -> bool:
    return asking.key_for(replace(difference, values=values), "t", None) is not None


UUIDS = "6f0c3c8e-3a3b-4c39-9a54-1d2f1f3a5b7c", "c7b6862a-1bad-4d95-90c6-4ea03ea2731b"


def test_a_text_with_ids_is_bound_to_its_other_numbers() -> None:
    text = "request {}: {} kg, stored for 14 days"
    pairs = [(text.format(one, "3.5"), text.format(one, "3.50")) for one in UUIDS]
    order = of(Kind.VALUE, *pairs)
    asking, third = agreed_to(order), "0" + UUIDS[0][1:]

    assert covers(asking, order, (text.format(third, "3.5"), text.format(third, "3.50")))
    assert not covers(asking, order, (text.format(third, "3.5"), text.format(third, "3.55")))
    fewer = text.format(third, "3.50").replace("14", "1")
    assert not covers(asking, order, (text.format(third, "3.5"), fewer))
    earlier = replace(ENTRY, values=(ValuePair(*pairs[0]).shape,))
    assert covers(acceptance(earlier), order, (pairs[0][0], fewer)), "as it was written"


def test_a_long_text_is_bound_to_what_was_the_same_in_each_round() -> None:
    text = (
        "Dear keeper, order k{}Zb of {} is at gate {}; {} pallets, the key {} and {} days "
        + "x" * 99
    )

    def pair(at: int, days: str = "14") -> tuple[str, str]:
        said = (f"{at}", "seven", "3", "7", f"q{at}w", days)
        return text.format(*said), text.replace("pallets", "boxes").format(*said)

    order = of(Kind.VALUE, pair(1), pair(2))
    asking = agreed_to(order)

    assert covers(asking, order, pair(345))
    assert not covers(asking, order, (pair(3)[0], pair(3, days="140")[1]))
    assert not covers(asking, order, (pair(3)[0], pair(4)[1].replace("gate 3", "gate 4")))


def test_a_text_whose_other_words_are_built_anew_each_time_is_bound_to_its_ids() -> None:
    def pair(id_: str, key: str) -> tuple[str, str]:
        text = f"order {id_}, key {key}, again {UUIDS[0]}"
        return text, f"{text} now"

    order = of(Kind.VALUE, pair(UUIDS[0], "8f3a1c9d"), pair(UUIDS[0], "12345678"))
    asking, other = agreed_to(order), "0" + UUIDS[0][1:]

    assert covers(asking, order, pair(UUIDS[0], "7f3a1c0e"))
    assert not covers(asking, order, (pair(UUIDS[0], "1")[0], pair(UUIDS[0][:-1], "1")[1]))
    assert not covers(asking, order, (pair(UUIDS[0], "1")[0], pair(other, "1")[1]))
    apart = of(Kind.VALUE, pair(UUIDS[0], "8f3a1c9d"), pair("none-1", "12345678"))
    assert covers(agreed_to(apart), apart, pair("none-2", "1")), "where not all rounds have one"


def test_a_shorter_list_is_bound_to_what_is_missing() -> None:
    def spare(name: str, number: int, id_: str) -> tuple[str, str]:
        return f'1 items: [{{"id": {number}, "of": "{id_}", "name": "{name}"}}]', "none"

    rows = replace(of(Kind.LENGTH, spare("quay", 7, UUIDS[0])), pointer="/rows", change="shorter")
    asking = agreed_to(rows)

    assert covers(asking, rows, spare("quay", 12, UUIDS[1]))
    assert not covers(asking, rows, spare("mill", 7, UUIDS[0]))
    earlier = replace(ENTRY, signature=rows.signature, values=(("1 items", "none"),))
    assert covers(acceptance(earlier), rows, spare("mill", 7, UUIDS[0])), "as it was written"
    names = replace(rows, values=(spare("a", 1, UUIDS[0]), spare("b", 1, UUIDS[0])))
    assert seen(names) == SeenValues((("1 items", "none"),)), "what varies is counted"
    many = [SeenValues((spare(f"n-{chr(97 + n)}", 1, ""),)) for n in range(25)]
    assert merged(many) == SeenValues((("1 items", "none"),))


def test_a_time_that_became_text_is_bound_to_the_form_of_the_text() -> None:
    now = ("2030-01-15T08:15:30Z", "15 Jan 2030 08:15")
    at = replace(of(Kind.FORMAT, now), pointer="/at", change="timestamp s Z → text")
    asking = agreed_to(at)

    assert covers(asking, at, ("2030-05-02T18:15:30Z", "2 May 2030 18:15"))
    assert not covers(asking, at, ("2030-05-02T18:15:30Z", "unknown"))
    assert not covers(asking, at, ("2030-05-02T18:15:30Z", "2030-05-:15:30Z"))
    words = replace(at, values=(now, ("2030-01-15T08:15:31Z", "just now")))
    free = binding_of(kind="format", change=at.change, explanation="", seen=seen(words))
    assert free is None, "any text would pass"
    earlier = replace(ENTRY, signature=at.signature, change=FORMATS, values=())
    assert covers(acceptance(earlier), at, (now[0], "unknown")), "as it was written"


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
