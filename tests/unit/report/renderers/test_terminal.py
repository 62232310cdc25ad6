"""The last screen, as a user sees it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_cutover.core.sanitize import columns
from pytest_cutover.report.model import AccountRow, Action, Gate, GateVerdict, Report, Verdict
from pytest_cutover.report.renderers.terminal import markup, render, rows, text
from tests.unit.report import screens
from tests.unit.report.io.test_json import HOSTILE
from tests.unit.report.reports import (
    ACCEPTED,
    ALL,
    DIFFERENCES,
    FULL,
    GO,
    INCONCLUSIVE,
    NO_GO,
    PARTIAL,
    WEIGHT,
)

#: What no screen may hold: controls, direction marks, invisible characters, half characters.
ACTIVE = [chr(code) for code in (*range(10), *range(11, 32), *range(127, 160))] + list(
    "\u200b\u200e\u200f\u202a\u202e\u2066\u2069\u2028\u2029\ufeff\ud800"
)


@pytest.mark.parametrize(
    ("report", "expected"),
    [
        (GO, screens.GO_SCREEN),
        (NO_GO, screens.NO_GO_SCREEN),
        (INCONCLUSIVE, screens.INCONCLUSIVE_SCREEN),
        (PARTIAL, screens.PARTIAL_SCREEN),
    ],
    ids=["GO", "NO-GO", "INCONCLUSIVE", "PARTIAL"],
)
def test_each_verdict_has_its_screen(report: Report, expected: str) -> None:
    assert text(render(report, width=80)) == expected


def test_verbose_shows_every_gate_and_both_values_of_every_finding() -> None:
    assert text(render(NO_GO, verbosity=1)) == screens.NO_GO_VERBOSE


def test_quiet_is_the_verdict_one_blocker_and_the_next_command() -> None:
    assert text(render(NO_GO, verbosity=-1)) == screens.NO_GO_QUIET


def test_a_stream_that_cannot_print_our_signs_gets_ascii() -> None:
    shown = text(render(NO_GO, encoding="ascii"))

    assert shown == screens.NO_GO_ASCII
    assert shown.isascii()


def test_a_windows_code_page_is_served_too() -> None:
    text(render(FULL, encoding="cp1252")).encode("cp1252")
    text(render(FULL, encoding="no-such-codec")).encode("ascii")


def test_without_colour_no_segment_has_a_style() -> None:
    assert {style for line in render(NO_GO, color=False) for _, style in line} == {""}


def test_the_verdict_is_red_and_styles_are_what_the_terminal_writer_takes() -> None:
    heading = render(NO_GO)[0][0]

    assert heading[1] == "red bold"
    assert markup(heading[1]) == {"red": True, "bold": True}


@pytest.mark.parametrize("report", [*ALL.values(), FULL], ids=lambda report: report.verdict)
@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_no_line_is_wider_than_the_terminal_but_what_is_to_be_copied(
    report: Report, width: int
) -> None:
    for line in text(render(report, width=width)).splitlines():
        assert columns(line) <= width or line.startswith(" next: ")


MANY = replace(
    NO_GO,
    action=Action(command="", name="hold"),
    findings=tuple(
        replace(WEIGHT, id=f"{n:08x}", pointer=f"/{n}/{'deep/' * 20}", baseline="x" * 300)
        for n in range(40)
    ),
    notes=tuple(f"note {n}: {'word ' * 40}" for n in range(9)),
    account=(AccountRow(endpoint="GET /x", exact=812, constrained=9, waived=1),),
    requests=96,
)


@pytest.mark.parametrize("report", [*ALL.values(), FULL, MANY], ids=lambda one: one.verdict)
@pytest.mark.parametrize(("width", "height"), [(80, 24), (120, 40), (80, 14), (40, 30), (200, 24)])
def test_the_screen_fits_the_terminal_and_the_verdict_stands_on_both_ends(
    report: Report, width: int, height: int
) -> None:
    lines = render(report, width=width, height=height)

    assert rows(lines, width) < height
    shown = text(lines).splitlines()
    assert f" cutover: {report.verdict} · " in shown[0]
    assert shown[-1].startswith(f"cutover: {report.verdict} · ")
    if report.verdict is Verdict.NO_GO:
        assert "CUT101" in "".join(shown[3:6])
        assert [line for line in shown if line.startswith(" next: ")]


def test_what_a_small_screen_leaves_out_is_counted() -> None:
    shown = text(render(MANY, height=24))
    listed = shown.count("✗ ") + shown.count("? ")

    assert f"{42 - listed} more blockers" in shown
    assert "96 requests: 812 places exact, 9 constrained, 1 waived, 0 open" in shown


def test_without_a_height_every_note_is_whole() -> None:
    assert text(render(MANY)).count("note ") == 9


def test_two_texts_that_differ_late_are_shown_where_they_differ() -> None:
    late = replace(
        WEIGHT, kind="value", baseline=f'"{"a" * 200}one"', candidate=f'"{"a" * 200}two"'
    )

    shown = text(render(replace(NO_GO, findings=(late,))))

    assert re.search('…a+one" → …a+two"', shown)


def test_many_blockers_are_counted() -> None:
    findings = tuple(
        replace(WEIGHT, id=f"{number:08x}", pointer=f"/{number}") for number in range(14)
    )

    shown = text(render(replace(NO_GO, findings=findings)))

    assert shown.count("✗ CUT101") == 8
    assert "✗ CUT202" in shown, "many findings must not hide another gate"
    assert "6 more blockers: -v, or .cutover/gate.html" in shown
    assert text(render(replace(NO_GO, findings=findings), verbosity=1)).count("✗ CUT101") == 14


def test_a_failed_gate_without_a_place_names_its_first_test_without_widening_the_others() -> None:
    nodeid = "tests/characterization/test_lots_of_the_second_kind.py::test_create[candidate]"
    assertions = replace(
        DIFFERENCES, id="a", code="CUT109", title="assertions", nodeids=(nodeid,), observed="1"
    )
    failed = replace(assertions, verdict=GateVerdict.FAIL)

    shown = text(render(replace(NO_GO, gates=(*NO_GO.gates[:2], failed))))

    assert ' ✗ CUT101 POST /api/lots   /weight_kg  500.5 → "500.5"   12× in 2 tests\n' in shown
    assert (
        " ✗ CUT109 assertions    test_lots_of_the_second_kind.py::test_create[candidate]" in shown
    )


def test_a_bare_number_says_nothing_beside_a_sentence() -> None:
    silent = replace(
        DIFFERENCES,
        code="CUT302",
        title="candidate unreachable",
        verdict=GateVerdict.INCONCLUSIVE,
        observed="1",
        limit="",
        message="it does not answer\n  its log stands below",
    )

    shown = text(render(replace(NO_GO, verdict=Verdict.INCONCLUSIVE, gates=(silent,))))

    assert " ? CUT302 candidate unreachable   it does not answer\n" in shown


def test_a_value_that_changed_within_its_type_is_shown_itself() -> None:
    name = replace(
        WEIGHT,
        kind="value",
        pointer="/service",
        change="text → text",
        baseline='"a"',
        candidate='"b\x1b"',
    )

    shown = text(render(replace(NO_GO, findings=(name,))))

    assert '/service  "a" → "b\\x1b"   12×' in shown


def test_no_gate_at_all_is_said_so() -> None:
    empty = replace(GO, verdict=Verdict.INCONCLUSIVE, gates=(), accepted=(), tests=type(GO.tests)())

    assert "no gate was judged" in text(render(empty))
    assert " - 0 tests on both backends" in text(render(empty))


def test_a_gate_that_failed_without_findings_shows_observed_and_limit() -> None:
    gate = replace(DIFFERENCES, verdict=GateVerdict.FAIL, observed="3 of 9", message="not shown")

    shown = text(render(replace(GO, verdict=Verdict.NO_GO, gates=(gate,), findings=())))

    assert " ✗ CUT101 differences   3 of 9   limit 0 unaccepted\n" in shown
    assert " next: pytest-cutover explain CUT101\n" in shown


def test_the_action_given_is_the_next_command() -> None:
    shown = text(render(replace(GO, action=Action(command="pytest-cutover promote"))))

    assert " next: pytest-cutover promote\n" in shown


def test_what_was_accepted_is_told_by_decisions() -> None:
    members = tuple(replace(ACCEPTED, place=place) for place in ("1.1", "1.2", "1.3", "2"))

    assert "4 accepted differences in 2 decisions" in text(render(replace(GO, accepted=members)))


def test_an_expired_entry_is_announced() -> None:
    report = replace(GO, accepted=(replace(ACCEPTED, days_left=-1), ACCEPTED))

    assert "2 accepted differences (1 expired)" in text(render(report))


def test_a_node_id_with_shell_signs_is_quoted() -> None:
    gate = Gate(
        id="x", code="CUT101", title="tests", verdict=GateVerdict.FAIL, nodeids=("a.py::t[$(id)]",)
    )

    assert "next: pytest 'a.py::t[$(id)]'" in text(render(replace(GO, gates=(gate,))))


def test_no_line_is_a_workflow_command_of_github() -> None:
    gate = replace(DIFFERENCES, verdict=GateVerdict.FAIL, observed="::add-mask::x" + "x" * 60)
    finding = replace(WEIGHT, nodeids=("##[error]x", "::stop-commands::x"))
    report = replace(NO_GO, gates=(NO_GO.gates[0], gate), findings=(finding,))

    lines = text(render(report, verbosity=1)).splitlines()

    assert not [line for line in lines if line.lstrip().startswith(("::", "##["))]


@settings(max_examples=60, deadline=None)
@given(HOSTILE, HOSTILE, st.sampled_from([-1, 0, 1]))
def test_nothing_a_backend_sends_acts_on_the_terminal(one: str, two: str, verbosity: int) -> None:
    one += "\x1b[2J\u202e\r"
    finding = replace(
        WEIGHT, endpoint=one, pointer=two, change=one, baseline=two, candidate=one, nodeids=(two,)
    )
    gate = replace(NO_GO.gates[0], title=one, place=two, observed=one, message=two, next=one)
    report = replace(NO_GO, findings=(finding,), gates=(gate,), notes=(one,))

    lines = render(report, verbosity=verbosity)

    shown = "".join(part for line in lines for part, _ in line)
    assert not [sign for sign in [*ACTIVE, "\n"] if sign in shown]
