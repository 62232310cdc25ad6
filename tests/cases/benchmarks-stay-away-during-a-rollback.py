"""Traffic moves back, and somebody asks the rollback's checklist. The suite has a benchmark too, which must neither put
load on two systems in trouble nor keep the answer for minutes."""

EXPECT = ["go"]
ARGS = ["--cutover-phase=rollback"]
DROPPED = [
    "health",
    "traffic",
    "error-rate",
    "stakeholders",
    "reason",
    "logs",
    "post-mortem",
    "remediation",
]
CUTOVER = """
[targets.t]
require = ["parity", "performance", "checklist"]
load = true
[targets.t.baseline]
url = "{BASELINE}"
[targets.t.candidate]
url = "{CANDIDATE}"
[performance.endpoints."GET /rows"]
p99_ms = 500
[checklist.items."ours.back"]
phase = "rollback"
title = "we are back"
evidence = "tests"
""" + "".join(
    f'[checklist.items."rolled-back.{i}"]\ndrop = true\nreason = "not here"\n' for i in DROPPED
)


def answer(side, request):
    return 200, {}, {"rows": [1, 2, 3]}


TESTS = """
@C("GET /rows")
def test_rows(backend):
    backend.get("/rows")

@pytest.mark.perf("GET /rows")
def test_fast_enough(paired_benchmark):
    pytest.fail("a benchmark ran during a rollback")

@pytest.mark.checklist("ours.back")
def test_back(baseline):
    assert baseline.get("/rows").status_code == 200
"""
