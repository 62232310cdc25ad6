"""gate.html: one file with everything in it, whatever the backends sent."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings

from pytest_cutover.codes import CODES
from pytest_cutover.gate.order import ordered
from pytest_cutover.report.measured import Distribution, Histogram, Interval
from pytest_cutover.report.model import BothSides, Latency, Report
from pytest_cutover.report.renderers.html.page import PAGE_BYTES, render
from pytest_cutover.report.renderers.html.text_diff import mark
from tests.unit.report.io.test_json import HOSTILE
from tests.unit.report.renderers.test_markdown import NASTY
from tests.unit.report.renderers.test_terminal import ACTIVE
from tests.unit.report.reports import ALL, FULL, GO, HEALTH, NO_GO, PARTIAL, WEIGHT
from tests.unit.report.scale import filled, large


class Outline(HTMLParser):
    """The elements and attribute names of a page, and the text a person reads."""

    VOID = frozenset({"meta", "br", "input", "path", "line", "rect", "polyline"})

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(page)
        assert self.open == [], "every element is closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(f"{tag} {' '.join(name for name, _ in attrs)}")
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "script" not in self.open and "style" not in self.open:
            self.text += data


def words(report: Report) -> str:
    """What the page says, whitespace as one space."""
    return " ".join(Outline(render(report, CODES)).text.split())


def test_an_answer_that_begins_as_the_action_does_is_said_once() -> None:
    page = words(replace(GO, action=None, not_judged=NO_GO.not_judged))
    assert "speaks against the switch · 1 thing could not be judged" in page


@pytest.mark.parametrize("report", [*ALL.values(), FULL], ids=lambda report: report.verdict)
def test_the_question_and_the_answer_stand_first(report: Report) -> None:
    shown = words(report)

    answer = shown.index(f"from express to fastapi? {report.verdict} ")
    assert answer < 150


def test_the_top_says_what_blocks_it_what_would_change_it_and_what_to_run() -> None:
    top = words(NO_GO).partition("Gates Answer")[0]

    for expected in (
        "NO-GO do not switch · the traffic stays on express 2 of 4 gates failed, 1 inconclusive",
        '✗ fail CUT101 differences POST /api/lots /weight_kg 500.5 → "500.5" 12× in 2 tests',
        "✗ fail CUT202 p50 GET /api/health +63 % [58, 69] limit +50 %",
        "? inconclusive CUT203 p99 POST /api/login n=120, at least 432 needed limit 300 ms",
        'pytest "tests/characterization/test_lots.py::test_create_lot[candidate]"',
        "Repair 1 finding in the candidate, or accept each",
        "container builds: needs the staging environment",
    ):
        assert expected in top


def test_each_family_has_its_section_and_an_absent_one_has_none() -> None:
    full, partial = render(FULL), render(PARTIAL)

    for name in ("checklist", "gates", "findings", "latency", "coverage", "accepted", "rules"):
        assert f'<section id="{name}"' in full
    for name in ("checklist", "latency", "load", "resources", "accepted", "rules", "stale"):
        assert f'<section id="{name}"' not in partial
    assert "No difference was found." in partial


def test_a_finding_shows_both_sides_with_the_change_marked_and_both_commands() -> None:
    page = render(NO_GO)

    assert '<pre class="b"><mark>500.5</mark></pre>' in page
    assert '<pre class="d"><mark>"500.5"</mark></pre>' in page
    assert (
        'class="b" tabindex="0">{\n  "lot_code": "LOT-1",\n  "weight_kg": <mark>500.5</mark>\n}'
        in page
    )
    assert "curl -X POST http://127.0.0.1:3000/api/lots" in page
    assert "curl -X POST http://127.0.0.1:8000/api/lots" in page


def test_the_exchanges_of_a_test_stand_in_order_with_both_sides_and_what_was_cut() -> None:
    page = render(FULL)
    said = words(FULL)

    one = page[page.index('id="e-1"') :]
    assert one.index("<code>POST /api/login") < one.index("<code>POST /api/lots")
    assert '<pre class="b">{"weight_kg": <mark>500.5</mark>}</pre>' in one
    assert '<pre class="d">{"weight_kg": <mark>"500.5"</mark>}</pre>' in one
    assert '<pre class="a">{"status": 200}</pre>' in one, "what both answered stands once"
    assert "3 more exchanges of this test not shown." in said
    assert "2 more tests showed the same, or too much to keep" in said
    assert '<a href="#e-1">What both sides said in this test</a>' in page


def test_exchanges_leave_room_for_the_findings_and_say_what_is_not_here() -> None:
    report = large()

    page = render(report)

    shown = page.count('<details class="e"')
    assert 0 < shown < len(report.exchanges)
    assert f"The exchanges of {len(report.exchanges) - shown} tests are in gate.json alone" in page
    assert page.count('<details class="f"') == len(report.findings)
    assert len(page.encode()) < PAGE_BYTES


def test_commands_are_copied_from_the_page_to_the_byte_and_rules_line_by_line() -> None:
    command = 'curl -d \'{"a":  1, "b": " ::error::x"}\'' + "x" * 2_000
    rule = '[[parity.rules]]\nendpoint = "*"\nignore = true'
    report = replace(
        NO_GO,
        gates=(replace(NO_GO.gates[0], next=command), *NO_GO.gates[1:]),
        findings=(replace(WEIGHT, reproduce=BothSides(command, f"{command}y")),),
    )
    report = ordered(report, CODES)
    report = replace(report, causes=(replace(report.causes[0], suggestion=rule),))

    class Commands(Outline):
        def __init__(self, page: str) -> None:
            self.found: list[str] = [""]
            super().__init__(page)

        def handle_data(self, data: str) -> None:
            if self.open[-1:] == ["pre"]:
                self.found[-1] += data

        def handle_endtag(self, tag: str) -> None:
            super().handle_endtag(tag)
            self.found.append("")

    found = Commands(render(report, CODES)).found
    assert found.count(command) == 3, "what is next, of the gate, and of the finding"
    assert f"{command}y" in found
    assert rule in found


def test_a_code_is_explained_where_its_gate_failed() -> None:
    assert "nobody has accepted it" in words(NO_GO)
    assert "pytest-cutover explain CUT101" in words(NO_GO)


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        ("500", "500.0", ("500", "500[.0]")),
        ("same", "same", ("same", "same")),
        ("", "added", ("", "[added]")),
        ("a\nb\nc", "a\nx\nc", ("a\n[b]\nc", "a\n[x]\nc")),
        ("a\nc", "a\nb\nc", ("a\nc", "a\n[b\n]c")),
        ("aa", "a", ("a[a]", "a")),
    ],
)
def test_the_part_that_differs_is_marked(one: str, two: str, expected: tuple[str, ...]) -> None:
    marked = mark(one, two)
    shown = tuple("".join(f"[{t}]" if on else t for t, on in side) for side in marked)

    assert tuple("".join(t for t, _ in side) for side in marked) == (one, two)
    assert shown == expected


def test_the_page_loads_nothing_and_says_so_to_the_browser() -> None:
    page = render(FULL)

    assert "default-src 'none'" in page
    assert not re.findall(r"<(?:link|img|iframe|object|embed|base)\b", page)
    assert not re.findall(r"""\b(?:src|style|on\w+|xlink:href)\s*=\s*["']""", page)
    assert set(re.findall(r'href="([^"]*)"', page)) == {
        link for link in re.findall(r'href="([^"]*)"', page) if link.startswith("#")
    }


def test_every_link_leads_somewhere() -> None:
    page = render(FULL)

    ids = re.findall(r'\bid="([^"]*)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]*)"', page)) <= set(ids)


@pytest.mark.parametrize("nasty", NASTY, ids=range(len(NASTY)))
def test_hostile_text_adds_no_element_and_no_attribute(nasty: str) -> None:
    plain = [tag for tag in Outline(render(filled("plain"))).elements if tag != "mark "]
    hostile = [tag for tag in Outline(render(filled(nasty))).elements if tag != "mark "]

    assert hostile == plain


@settings(max_examples=40, deadline=None)
@given(HOSTILE)
def test_nothing_a_backend_sends_is_invisible_or_acts(text: str) -> None:
    page = render(filled(text + "\u202e\x1b"))

    assert not [sign for sign in ACTIVE if sign in page]
    page.encode("utf-8")
    Outline(page)


def test_a_thousand_findings_and_a_hundred_endpoints_stay_below_a_megabyte() -> None:
    report = large()
    page = render(report)

    assert len(page.encode()) < 1_000_000
    assert page.count('<details class="f"') == 1_000
    assert page.count('<pre class="c b">') == 1_000, "each with its command"


@pytest.mark.parametrize("sign", ["<", "✗", "\x1b"])
def test_findings_of_hostile_size_are_cut_then_counted(sign: str) -> None:
    long = sign * 20_000
    finding = replace(
        WEIGHT, endpoint=long, pointer=long, baseline=long, candidate=long + "x", change=long
    )
    many = tuple(replace(finding, id=f"{number:08x}") for number in range(1_200))

    page = render(replace(NO_GO, findings=many))

    assert len(page.encode()) <= PAGE_BYTES + 1_000
    assert re.search(r"findings? (shown in short|not shown)", page)


def test_measurements_that_cannot_be_drawn_are_still_listed() -> None:
    odd = (
        replace(HEALTH, baseline=None, candidate=None, p50_ratio=None),
        replace(HEALTH, baseline=_flat(0.0), candidate=_flat(0.0)),
        replace(HEALTH, baseline=_flat(3.0), candidate=_flat(3.0), p50_ratio=Interval(1.0)),
        replace(HEALTH, candidate=_flat(None), p50_ratio=Interval(0.0, 0.0, 0.0)),
    )

    for row in odd:
        for limits in (row.limits, type(row.limits)()):
            page = render(replace(GO, latency=(_named(replace(row, limits=limits)),)))
            assert "GET /odd" in page
            assert "nan" not in page.partition("<svg")[2].partition("</svg>")[0]


def _named(row: Latency) -> Latency:
    return replace(row, endpoint="GET /odd")


def _flat(value: float | None) -> Distribution:
    spot = Interval(value, value, value)
    return Distribution(
        samples=1,
        p50_ms=spot,
        p95_ms=spot,
        p99_ms=spot,
        max_ms=value,
        histogram=Histogram((0.0, value or 0.0), (1,)),
    )
