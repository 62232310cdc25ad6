"""Sixty findings of eight causes are reviewed with few keys, and no harm slips through."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pytest_cutover.codes import CODES
from pytest_cutover.compare.verdict.gates import GateInputs, contribution
from pytest_cutover.config.accepted import AcceptedDifferences, load_accepted
from pytest_cutover.config.datetimes import utc_today
from pytest_cutover.config.transformation import ValuePair
from pytest_cutover.core.evidence import DifferenceEvidence, TestEvidence
from pytest_cutover.core.run_evidence import RunEvidence
from pytest_cutover.core.seen_values import SeenValues
from pytest_cutover.gate.order import ordered
from pytest_cutover.gate.verdict import decide
from pytest_cutover.report.io.gate_json import dumps, read_report
from pytest_cutover.report.model import Finding
from tests.unit.cli.at_a_tty import AtATty
from tests.unit.cli.last_run import PATH, WEIGHT

KEYS = "[q]uit: "
MOST_KEYS = 150


def finding(number: int, kind: str, pointer: str, change: str, explanation: str) -> Finding:
    """One of sixty, at an endpoint and in a test of its own."""
    endpoint = f"GET /{number}"
    scaled = explanation.startswith("scaled")
    return replace(
        WEIGHT,
        id=f"{number:08x}",
        endpoint=endpoint,
        kind=kind,
        pointer=pointer,
        change=change,
        signature=f"{endpoint} | {kind} | {pointer} | {change}",
        nodeids=(f"tests/test_all.py::test_{number}[candidate]",),
        nodeids_total=1,
        values=SeenValues((("1250", "125000"),), transformations=("×100",)) if scaled else None,
        explanation=explanation,
        context=None,
    )


CAUSES = [
    ("value", "/total", "integer → integer", "scaled: total ×100"),
    ("missing", "/error", "string → absent", "renamed: error → detail"),
    ("added", "/detail", "absent → string", "renamed: error → detail"),
    ("missing", "/createdAt", "string → absent", "naming: camelCase → snake_case"),
    ("type", "", "array → object", "wrapped in: items"),
    ("status", "", "400 → 422", "error status: 400 → 422, {error} → {detail}"),
    ("wire", "", "HTTP/1.1 → HTTP/1.0", "protocol: HTTP/1.1 → HTTP/1.0"),
    ("header-missing", "/headers/x-served-by", "string → absent", "header: x-served-by is missing"),
    ("missing", "/code", "string → absent", "error format: {code} → {code, status, title}"),
]
WRONG_PRICE = replace(
    finding(58, "value", "/total", "integer → integer", ""),
    values=SeenValues((("1250", "9999"),)),
)
VALID_REFUSED = finding(59, "status", "", "201 → 422", "")
FINDINGS = [finding(number, *CAUSES[number % len(CAUSES)]) for number in range(58)]
FINDINGS += [WRONG_PRICE, VALID_REFUSED]


@pytest.fixture
def sixty(project: Path) -> Path:
    """A project whose last run found them."""
    path = project / ".cutover" / "gate.json"
    report = ordered(replace(read_report(path), findings=tuple(FINDINGS)), CODES)
    assert len(report.causes) == 8 + 2
    path.write_text(dumps(report), encoding="utf-8")
    return project


def next_run(known: AcceptedDifferences) -> tuple[str, list[str]]:
    """The verdict of a run that shows the same again, and what is pending then."""
    today = utc_today()
    tests = []
    for one in FINDINGS:
        test = one.nodeids[0].removesuffix("[candidate]")
        pairs = tuple(ValuePair(*pair) for pair in (one.values.pairs if one.values else ()))
        entry = known.covering(one.signature, test, None, today, pairs, one.explanation)
        difference = DifferenceEvidence(
            signature=one.signature,
            endpoint=one.endpoint,
            kind=one.kind,
            pointer=one.pointer,
            change=one.change,
            baseline=one.baseline,
            candidate=one.candidate,
            accepted=entry.key if entry else None,
            values=one.values,
            explanation=one.explanation,
        )
        tests += [
            TestEvidence(
                nodeid=f"{test}[{side}]",
                test=test,
                side=side,
                marker="characterization",
                requests=1,
                compared="live",
                differences=(difference,) if side == "candidate" else (),
            )
            for side in ("baseline", "candidate")
        ]
    evidence = RunEvidence(tests=tuple(tests), outcomes={})
    told = contribution(evidence, GateInputs(accepted=known, today=today))
    pending = [one.signature for one in told.findings if one.accepted is None]
    return decide(told.gates, narrowed=False), sorted(pending)


def test_eight_causes_are_accepted_and_two_twins_stay(sixty: Path) -> None:
    tty = AtATty(sixty, "review", "--approver", "Mira")
    pressed = 0
    for _ in range(10):
        shown = tty.until(KEYS)
        is_harm = WRONG_PRICE.signature.split(" | ")[0] in shown or "201 → 422" in shown
        tty.press("s" if is_harm else "a")
        pressed += 1
        if not is_harm:
            tty.answer("reason, why", "agreed\n" if pressed == 1 else "\n")
            tty.answer("until, a date", "\n")
            pressed += 2
    question = tty.answer("[u]ndo: ", "y")
    pressed += 1

    assert tty.ended() == 0
    assert "58 accepted differences in 8 decisions" in question
    assert pressed <= MOST_KEYS
    known = load_accepted(sixty / PATH)
    assert len({one.number for one in known.entries}) == 8
    expected = sorted([WRONG_PRICE.signature, VALID_REFUSED.signature])
    assert ("NO-GO", expected) == next_run(known)


def test_help_filter_and_the_last_reason(sixty: Path) -> None:
    tty = AtATty(sixty, "review", "--approver", "Mira")
    tty.answer(KEYS, "?")
    tty.until("quit. What was accepted is written only if you confirm it")
    tty.answer(KEYS, "/")
    tty.answer("show only what names", "naming\n")
    tty.until("naming: camelCase → snake_case")
    tty.answer(KEYS, "a")
    tty.answer("reason, why", "our convention\n")
    tty.answer("until, a date", "30\n")
    tty.until("nothing else names naming: all are shown again")
    tty.answer(KEYS, "/")
    tty.answer("show only what names", "x-served-by\n")
    tty.until('pointer = "/headers/x-served-by"')
    tty.answer(KEYS, "a")
    tty.answer("reason, why this difference is meant (Enter: our convention): ", "\n")
    tty.answer("until, a date", "\n")
    tty.answer(KEYS, "q")
    tty.answer("[u]ndo: ", "y")

    assert tty.ended() == 0
    entries = load_accepted(sixty / PATH).entries
    assert {one.reason for one in entries} == {"our convention"}
    assert len({one.expires for one in entries}) == 1
    assert {one.number for one in entries} == {1, 2}
