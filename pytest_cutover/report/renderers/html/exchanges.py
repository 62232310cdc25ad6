"""What both sides said, on the page: test by test, in the order of its requests, within a room."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from pytest_cutover.core.sanitize import block
from pytest_cutover.report.model import ExchangePair, Report, TestExchanges
from pytest_cutover.report.renderers.html.rows import marked, text_of
from pytest_cutover.report.summary import plural
from pytest_cutover.report.truncation import both_clipped

#: Bytes of the page that exchanges may take; findings with their commands come before them.
ROOM: Final = 250_000
_LONG = 4_000


@dataclass(frozen=True, slots=True)
class PairRow:
    """One exchange; the second text of a pair is None where both sides said the same."""

    endpoint: str
    differs: bool
    request: tuple[Markup, Markup | None]
    response: tuple[Markup, Markup | None]


@dataclass(frozen=True, slots=True)
class TestRow:
    """One test; `place` is its id on the page, `left_out` what is not shown of it."""

    __test__ = False  # not a test class, whatever its name says to pytest

    place: str
    said: TestExchanges
    pairs: tuple[PairRow, ...]
    left_out: str


@dataclass(frozen=True, slots=True)
class ShownExchanges:
    """The tests as HTML, where each stands on the page, and what was left out."""

    html: Markup
    places: dict[str, str]
    left_out: str


def shown(report: Report, render: Callable[..., str], room: int) -> ShownExchanges:
    """Return the tests of a report that fit into `room` bytes, in the order of the report."""
    room = min(room, ROOM)
    texts: list[str] = []
    places: dict[str, str] = {}
    for number, one in enumerate(report.exchanges, start=1):
        row = _row(one, f"e-{number}")
        text = render(e=row)
        size = len(text.encode("utf-8")) + 1
        if size > room:
            continue
        room -= size
        texts.append(text)
        places[one.test] = row.place
    elsewhere = len(report.exchanges) - len(texts)
    return ShownExchanges(
        Markup("\n".join(texts)), places, _left_out(elsewhere, report.exchanges_left_out)
    )


def _left_out(elsewhere: int, nowhere: int) -> str:
    parts = []
    if elsewhere:
        tests = plural(elsewhere, "test")
        parts.append(f"The exchanges of {tests} are in gate.json alone: this page stays below 1 MB")
    if nowhere:
        parts.append(
            f"{plural(nowhere, 'more test')} showed the same, or too much to keep: run one of them"
            " alone to see what was said"
        )
    return ". ".join(f"{one[0].upper()}{one[1:]}" for one in parts) + "." if parts else ""


def _row(one: TestExchanges, place: str) -> TestRow:
    more = plural(one.left_out, "more exchange")
    return TestRow(
        place=place,
        said=one,
        pairs=tuple(map(_pair, one.pairs)),
        left_out=f"{more} of this test not shown." if one.left_out else "",
    )


def _pair(one: ExchangePair) -> PairRow:
    asked, answered = both_clipped(one.request, _LONG), both_clipped(one.response, _LONG)
    request: tuple[Markup, Markup | None] = text_of(block(asked.baseline)), None
    if asked.candidate:
        request = marked(asked.baseline, asked.candidate)
    response: tuple[Markup, Markup | None] = text_of(block(answered.baseline)), None
    if answered.candidate != answered.baseline or one.differs:
        response = marked(answered.baseline, answered.candidate)
    return PairRow(one.endpoint, one.differs, request, response)
