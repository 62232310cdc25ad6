"""Prepared reports that the tests of this room show: one for each verdict."""

from __future__ import annotations

from dataclasses import replace

from pytest_cutover.report.measured import Distribution, Histogram, Interval
from pytest_cutover.report.model import (
    Accepted,
    BackendInfo,
    BothSides,
    ChecklistItem,
    Counts,
    Coverage,
    ExchangePair,
    Finding,
    Gate,
    GateVerdict,
    Latency,
    LatencyLimits,
    NotJudged,
    Report,
    RuleReport,
    StaleGolden,
    TestExchanges,
    Verdict,
)

LOTS = "tests/characterization/test_lots.py::test_create_lot[candidate]"

ACCEPTED = Accepted(
    signature="POST /api/lots status 400 → 422",
    scope=("tests/characterization/test_lots.py::test_unknown_field*",),
    reason="FastAPI answers 422 to what its models refuse",
    approver="mira@flowviz.example",
    expires="2030-12-03",
    days_left=9,
    matched=14,
)

WEIGHT = Finding(
    id="1a2b3c4d",
    code="CUT101",
    signature="POST /api/lots type /weight_kg number → string",
    endpoint="POST /api/lots",
    kind="type",
    pointer="/weight_kg",
    change="number → string",
    baseline="500.5",
    candidate='"500.5"',
    occurrences=12,
    nodeids=(LOTS, "tests/characterization/test_lots.py::test_full_lot[candidate]"),
    reproduce=BothSides(
        'curl -X POST http://127.0.0.1:3000/api/lots -d \'{"lot_code": "LOT-1"}\'',
        'curl -X POST http://127.0.0.1:8000/api/lots -d \'{"lot_code": "LOT-1"}\'',
    ),
    context=BothSides(
        '{\n  "lot_code": "LOT-1",\n  "weight_kg": 500.5\n}',
        '{\n  "lot_code": "LOT-1",\n  "weight_kg": "500.5"\n}',
    ),
)

ENVELOPE = Finding(
    id="99aabbcc",
    code="CUT101",
    signature="POST /api/lots status 400 → 422",
    endpoint="POST /api/lots",
    kind="status",
    pointer="",
    change="400 → 422",
    baseline="400",
    candidate="422",
    occurrences=14,
    nodeids=("tests/characterization/test_lots.py::test_unknown_field[candidate]",),
    accepted=ACCEPTED,
)


def gate(code: str, title: str, verdict: GateVerdict = GateVerdict.PASS, **more: str) -> Gate:
    """A gate with an id made of its title."""
    return Gate(id=f"gates.{title}", code=code, title=title, verdict=verdict, **more)  # type: ignore[arg-type]


DIFFERENCES = gate("CUT101", "differences", limit="0 unaccepted", observed="0")
COVERAGE = gate("CUT301", "evidence", limit="1 test", observed="96 tests")
P50 = gate("CUT202", "p50", place="GET /api/health", limit="+50 %", observed="+3 % [1, 5]")
P99 = gate("CUT203", "p99", place="POST /api/login", limit="300 ms", observed="118 ms")


def _interval(estimate: float) -> Interval:
    return Interval(estimate, estimate * 0.9, estimate * 1.1)


def _distribution(p50: float) -> Distribution:
    return Distribution(
        samples=1200,
        p50_ms=_interval(p50),
        p95_ms=_interval(p50 * 2),
        p99_ms=_interval(p50 * 4),
        max_ms=p50 * 6,
        histogram=Histogram((1.0, 2.0, 3.0, 5.0, 8.0, 13.0, 21.0), (10, 600, 400, 150, 30, 10)),
    )


HEALTH = Latency(
    endpoint="GET /api/health",
    verdict=GateVerdict.FAIL,
    baseline=_distribution(1.9),
    candidate=_distribution(3.1),
    p50_ratio=Interval(1.63, 1.58, 1.69),
    noise=Interval(1.0, 0.985, 1.016),
    limits=LatencyLimits(p50_ms=5, p95_ms=20, p99_ms=50, max_ms=100, p50_ratio=1.5),
)

GO = Report(
    verdict=Verdict.GO,
    target="staging",
    phase="pre-cutover",
    started="2030-11-24T09:00:00Z",
    finished="2030-11-24T09:01:35Z",
    baseline=BackendInfo("express", "http://127.0.0.1:3000"),
    candidate=BackendInfo("fastapi", "http://127.0.0.1:8000"),
    gates=(DIFFERENCES, COVERAGE, P50, P99),
    findings=(ENVELOPE,),
    latency=(replace(HEALTH, verdict=GateVerdict.PASS, p50_ratio=Interval(1.03, 1.01, 1.05)),),
    coverage=(
        Coverage(endpoint="POST /api/lots", status="201", documented=True, tests=30),
        Coverage(endpoint="POST /api/lots", status="409", documented=True, tests=2),
        Coverage(endpoint="GET /api/health", status="200", documented=True, tests=3),
    ),
    accepted=(ACCEPTED,),
    tests=Counts(both_sides=96, passed=96),
    environment={"python": "3.12.4", "commit": "88bebe1"},
)

NO_GO = replace(
    GO,
    verdict=Verdict.NO_GO,
    gates=(
        replace(
            DIFFERENCES,
            verdict=GateVerdict.FAIL,
            observed="1",
            nodeids=WEIGHT.nodeids,
            next=f'pytest "{LOTS}"',
        ),
        replace(P50, verdict=GateVerdict.FAIL, observed="+63 % [58, 69]"),
        replace(
            P99, verdict=GateVerdict.INCONCLUSIVE, observed="n=120", message="at least 432 needed"
        ),
        COVERAGE,
    ),
    findings=(ENVELOPE, WEIGHT),
    latency=(HEALTH,),
    tests=Counts(both_sides=96, passed=94, failed=2),
    not_judged=(NotJudged(title="container builds", reason="needs the staging environment"),),
)

INCONCLUSIVE = replace(
    GO,
    verdict=Verdict.INCONCLUSIVE,
    gates=(
        DIFFERENCES,
        replace(
            gate("CUT301", "goldens", GateVerdict.INCONCLUSIVE),
            limit="0 stale",
            observed="2 stale",
            next="pytest --snapshot-update",
        ),
    ),
    stale_goldens=(StaleGolden(nodeid=LOTS, message="/created_at: milliseconds → seconds"),),
    tests=Counts(both_sides=96, passed=96, stale=2, skipped=3),
)

PARTIAL = replace(
    GO,
    verdict=Verdict.PARTIAL,
    gates=(DIFFERENCES,),
    findings=(),
    latency=(),
    accepted=(),
    tests=Counts(both_sides=1, passed=1, deselected=95, unrecorded=1),
)

EXCHANGES = TestExchanges(
    test="tests/characterization/test_lots.py::test_create_lot",
    verdict=GateVerdict.FAIL,
    why='/weight_kg 500.5 → "500.5" at POST /api/lots',
    pairs=(
        ExchangePair(
            endpoint="POST /api/login",
            request=BothSides('{"method": "POST"}', ""),
            response=BothSides('{"status": 200}', '{"status": 200}'),
        ),
        ExchangePair(
            endpoint="POST /api/lots",
            request=BothSides('{"json": {"lot_code": "LOT-1"}}', '{"json": {"lot_code": "LOT-2"}}'),
            response=BothSides('{"weight_kg": 500.5}', '{"weight_kg": "500.5"}'),
            differs=True,
        ),
    ),
    left_out=3,
)
FULL = replace(
    NO_GO,
    exchanges=(EXCHANGES,),
    exchanges_left_out=2,
    checklist=(
        ChecklistItem(
            id="rollback.script",
            title="rollback script tested in staging",
            phase="pre-cutover",
            group="rollback",
            verdict=GateVerdict.INCONCLUSIVE,
            next="pytest-cutover sign-off rollback.script",
        ),
        ChecklistItem(
            id="parity.tests",
            title="all characterization tests pass",
            phase="pre-cutover",
            group="parity",
            verdict=GateVerdict.PASS,
            evidence="96 tests on both backends",
        ),
    ),
    rules=(RuleReport(endpoint="POST /api/lots", pointer="/id", rule="volatile", matched=30),),
    stale_goldens=INCONCLUSIVE.stale_goldens,
)
ALL = {report.verdict: report for report in (GO, NO_GO, INCONCLUSIVE, PARTIAL)}
