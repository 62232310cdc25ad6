"""What the last run found, in the tests of the commands that read it."""

from __future__ import annotations

from dataclasses import replace

from pytest_cutover.report.model import BothSides, Finding

WEIGHT = Finding(
    id="1a2b3c4d",
    code="CUT101",
    signature="POST /api/lots | type | /weight_kg | number → string",
    endpoint="POST /api/lots",
    kind="type",
    pointer="/weight_kg",
    change="number → string",
    baseline="500.5",
    candidate='"500.5"\x1b[31m',
    occurrences=12,
    nodeids=(
        "tests/test_lots.py::test_lot[candidate]",
        "tests/test_lots.py::test_full[a-candidate]",
    ),
    context=BothSides('{\n  "weight_kg": 500.5\n}', '{\n  "weight_kg": "500.5"\n}'),
)
STATUS = replace(
    WEIGHT,
    id="99aabbcc",
    signature="POST /api/lots | status |  | 400 → 422",
    kind="status",
    pointer="",
    change="400 → 422",
    nodeids=("tests/test_lots.py::test_unknown[candidate]",),
    context=None,
)
PATH = "cutover-accepted.toml"
