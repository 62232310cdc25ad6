"""What a write drew for a row on both sides is no difference where a later test shows the row."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from pytest_cutover.compare.confirm.confirmation import Round
from pytest_cutover.compare.confirm.written_before import WrittenBefore
from pytest_cutover.compare.diff.difference import Difference, Kind
from pytest_cutover.core.exchange import Transcript
from tests.unit.compare.building import exchange, transcript


def _written(
    numbers: Sequence[tuple[int | str, int | str]], *, method: str = "POST", status: int = 201
) -> list[Round]:
    def said(number: int | str) -> Transcript:
        row = {"row": {"seat": number}}
        return transcript(exchange(row, method=method, target="/seats", status=status))

    return [Round(said(ours), said(theirs)) for ours, theirs in numbers]


def _is_known(known: WrittenBefore, ours: int | str, theirs: int | str, name: str = "seat") -> bool:
    shown = Round(*(transcript(exchange({"rows": [{name: one}]})) for one in (ours, theirs)))
    where = f"/rows/0/{name}"
    endpoint = shown.baseline.exchanges[0].endpoint
    one = Difference(0, endpoint, Kind.VALUE, where, "integer → integer", str(ours), str(theirs))
    return known.says_no_more(one, shown)


@pytest.mark.parametrize(("pairs"), [[(412, 977), (35, 8)], [("red", "blue"), ("pink", "red")]])
def test_what_a_write_drew_is_known_in_later_tests(pairs: list[tuple[int, int]]) -> None:
    known = WrittenBefore().heard(_written(pairs), ())
    assert all(_is_known(known, *pair) for pair in pairs)
    crossed = list(zip(*pairs, strict=True))
    assert not any(_is_known(known, *pair) for pair in (*crossed, pairs[0][::-1], (1, 2)))
    assert not _is_known(known, *pairs[0], name="row")  # short ones are known by their name


@pytest.mark.parametrize(
    "rounds",
    [
        _written([(412, 977)]),
        _written([(412, 977), (412, 977)]),
        _written([(412, 977), (35, 8)], method="GET"),
        _written([(412, 977), (35, 8)], status=409),
    ],
    ids=["one round", "always the same", "no write", "refused"],
)
def test_nothing_is_known_of_what_was_not_drawn_by_a_write(rounds: list[Round]) -> None:
    assert not _is_known(WrittenBefore().heard(rounds, ()), 412, 977)


def test_a_write_that_one_side_sent_alone_says_nothing() -> None:
    first, second = _written([(412, 977), (35, 8)])
    none = transcript()
    for rounds in ([Round(first.baseline, none), second], [first, Round(second.baseline, none)]):
        assert not _is_known(WrittenBefore().heard(rounds, ()), 412, 977)


def test_what_differs_in_the_write_itself_differs_in_a_later_test() -> None:
    rounds = _written([(412, 977), (35, 8)])
    endpoint = rounds[0].baseline.exchanges[0].endpoint
    told = Difference(0, endpoint, Kind.VALUE, "/row/seat", "integer → integer", "412", "977")
    assert not _is_known(WrittenBefore().heard(rounds, [told]), 412, 977)


def test_what_a_write_said_in_xml_is_known_in_a_line_of_a_table() -> None:
    numbers = [("R462089853", "R968047599"), ("R104958332", "R770081524")]

    def said(body: str, kind: str, method: str = "GET") -> Transcript:
        headers = (("Content-Type", kind),)
        return transcript(exchange(body=body.encode(), headers=headers, method=method))

    def order(number: str) -> Transcript:
        return said(f"<order><number>{number}</number></order>", "application/xml", "POST")

    known = WrittenBefore().heard([Round(order(a), order(b)) for a, b in numbers], ())
    for pair, is_known in ((numbers[0], True), ((numbers[0][0], numbers[1][1]), False)):
        shown = Round(*(said(f"no,n\r\n7,{one}\r\n", "text/csv") for one in pair))
        endpoint = shown.baseline.exchanges[0].endpoint
        one = Difference(0, endpoint, Kind.VALUE, "/rows/1/1", "text → text", *pair)
        assert known.says_no_more(one, shown) is is_known
