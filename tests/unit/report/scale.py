"""Reports that are too large or too hostile: for the size, speed and safety of the pages."""

from __future__ import annotations

import random
from dataclasses import replace

from pytest_cutover.report.measured import Interval, Series
from pytest_cutover.report.model import (
    BothSides,
    Counts,
    Coverage,
    EvidenceChange,
    ExchangePair,
    Finding,
    GateVerdict,
    Latency,
    Report,
    TestExchanges,
    UnderReview,
)
from tests.unit.report.reports import ACCEPTED, EXCHANGES, FULL, HEALTH, LOTS, NO_GO, WEIGHT

KINDS = ("status", "header-missing", "missing", "added", "type", "format", "value", "order")


def large(*, findings: int = 1_000, endpoints: int = 100, tests: int = 10_000) -> Report:
    """A report of that size; the same in every run."""
    dice = random.Random(7)
    names = [f"GET /api/v1/resource-{number}/{{id}}" for number in range(endpoints)]
    return replace(
        FULL,
        findings=tuple(_finding(number, dice, names) for number in range(findings)),
        latency=tuple(_latency(name, dice) for name in names),
        exchanges=tuple(_exchanges(number, names) for number in range(60)),
        coverage=tuple(
            Coverage(endpoint=name, status=status, documented=True, tests=dice.randrange(9))
            for name in names
            for status in ("200", "400", "401", "404", "422")
        ),
        tests=Counts(both_sides=tests, passed=tests - findings, failed=findings),
        resources=tuple(
            Series(
                name="memory",
                side=side,
                unit="MiB",
                times_s=tuple(float(t) for t in range(100)),
                values=tuple(80 + grow * t + dice.random() for t in range(100)),
            )
            for side, grow in (("baseline", 0.01), ("candidate", 0.1))
        ),
    )


def _finding(number: int, dice: random.Random, names: list[str]) -> Finding:
    kind, endpoint = dice.choice(KINDS), dice.choice(names)
    url = endpoint.removeprefix("GET ").replace("{id}", "00000000-0000-4000-8000-000000000000")
    curl = "curl -H 'Authorization: Bearer $CUTOVER_TOKEN' http://127.0.0.1:"
    value = "abc def " * dice.randrange(1, 6)
    return replace(
        WEIGHT,
        id=f"{number:08x}",
        signature=f"{endpoint} {kind} /items/*/field_{number}",
        endpoint=endpoint,
        kind=kind,
        pointer=f"/items/*/field_{number}",
        change="string → null" if kind == "type" else "changed",
        baseline=f'"{value}"',
        candidate=f'"{value.upper()}"',
        occurrences=dice.randrange(1, 40),
        nodeids=(f"tests/characterization/test_{number}.py::test_it[candidate]", LOTS),
        unstable=dice.random() < 0.05,
        accepted=ACCEPTED if dice.random() < 0.1 else None,
        reproduce=BothSides(f"{curl}3000{url}", f"{curl}8000{url}"),
        context=BothSides(
            f'{{\n  "a": 1,\n  "b": "{value}"\n}}', f'{{\n  "a": 1,\n  "b": null{value}\n}}'
        ),
    )


def _exchanges(number: int, names: list[str]) -> TestExchanges:
    body = "".join(f'  "member_{place}": "value {place} of {number}",\n' for place in range(80))
    pair = replace(
        EXCHANGES.pairs[1],
        endpoint=names[number % len(names)],
        response=BothSides(f"{{\n{body}}}", f"{{\n{body.upper()}}}"),
    )
    return replace(EXCHANGES, test=f"tests/test_{number}.py::test_it", pairs=(pair,) * 6)


def _latency(endpoint: str, dice: random.Random) -> Latency:
    ratio = 0.8 + dice.random() * 0.9
    return replace(
        HEALTH,
        endpoint=endpoint,
        verdict=GateVerdict.FAIL if ratio > 1.5 else GateVerdict.PASS,
        p50_ratio=Interval(ratio, ratio * 0.96, ratio * 1.05),
    )


def filled(text: str) -> Report:
    """A report with the text in every place that a backend or a user can fill."""
    finding = replace(
        WEIGHT,
        signature=text,
        endpoint=text,
        kind=text,
        pointer=text or "x",
        change=text,
        baseline=text,
        candidate="x" + text,
        nodeids=(text,),
        reproduce=BothSides(text or "x", text or "x"),
        context=BothSides(text, text + "x"),
    )
    gate = replace(
        NO_GO.gates[0],
        title=text,
        place=text or "x",
        limit=text or "x",
        observed=text or "x",
        message=text or "x",
        next=text or "x",
        nodeids=(text,),
    )
    entry = replace(NO_GO.accepted[0], signature=text, reason=text, approver=text, scope=(text,))
    return replace(
        FULL,
        target=text,
        gates=(gate, NO_GO.gates[1]),
        findings=(finding,),
        accepted=(entry,),
        notes=(text,),
        exchanges=(
            replace(
                EXCHANGES,
                test=text,
                why=text or "x",
                pairs=(
                    ExchangePair(
                        endpoint=text,
                        request=BothSides(text, text),
                        response=BothSides(text, "x" + text),
                        differs=True,
                    ),
                ),
            ),
        ),
        latency=(replace(HEALTH, endpoint=text, message=text or "x"),),
        coverage=(replace(FULL.coverage[0], endpoint=text, status=text),),
        rules=(replace(FULL.rules[0], endpoint=text, pointer=text, rule=text, reason=text),),
        checklist=(replace(FULL.checklist[0], title=text, evidence=text or "x"),),
        environment={"x": text},
        under_review=UnderReview(
            accepted=(EvidenceChange(what=text or "x", name=text, detail=text or "x"),),
            goldens=(EvidenceChange(what=text or "x", name=text),),
        ),
    )
