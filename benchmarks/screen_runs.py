"""The six runs whose first screens `screens.py` looks at, each as its user starts it.

Each is a folder with a suite, the words that run it, and what stands on its first screen. Servers
are started beside it and ended with it.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from examples.warehouse.serve import HERE as WAREHOUSE  # noqa: E402
from examples.warehouse.serve import pair  # noqa: E402
from tests.harness.measured import SERVER  # noqa: E402
from tests.harness.stub_server import Answer, StubServer  # noqa: E402
from tests.integration.checklist.fake_prometheus import FakePrometheus  # noqa: E402

PYTEST = (sys.executable, "-m", "pytest", "-p", "no:schemathesis", "-p", "no:locust")

LOTS = """
import pytest

@pytest.mark.characterization("GET /lots/{number}")
@pytest.mark.parametrize("number", range(40))
def test_lot(backend, number):
    backend.get(f"/lots/{number}")
"""
DRIFTING = """
import pytest

@pytest.mark.characterization("GET /things-{number}")
@pytest.mark.parametrize("number", range(40))
def test_thing(backend, number):
    backend.get(f"/things-{number}")

@pytest.mark.characterization("GET /totals/{currency}")
@pytest.mark.parametrize("currency", ["eur", "usd", "chf"])
def test_total(backend, currency):
    backend.get(f"/totals/{currency}")
"""
MEASURED = """
import pytest

@pytest.mark.perf("GET /thing")
def test_thing(paired_benchmark):
    paired_benchmark(lambda backend: backend.get("/thing"))

@pytest.mark.perf("GET /other")
def test_other(paired_benchmark):
    paired_benchmark(lambda backend: backend.get("/other"))
"""


# Ends with who started it, however that ends.
_BUSY = "import os\nparent = os.getppid()\nwhile os.getppid() == parent: pass"


@dataclass(frozen=True, slots=True)
class Started:
    """A run that is ready: the words after pytest, and where."""

    words: tuple[str, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the first screen must hold: verdict and action, the worst cause, what to run next.

    `worst` are values, place, reach and confidence of the cause; `quiet` what is left with -q.
    """

    start: Callable[[Path], Iterator[Started]]
    decision: str
    worst: tuple[str, ...]
    quiet: tuple[str, ...] = ()
    next: str = ""


def _write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        (folder / name.replace("_toml", ".toml").replace("_py", ".py")).write_text(text, "utf-8")


def _between(one: StubServer, two: StubServer) -> Started:
    return Started((f"--cutover-baseline={one.url}", f"--cutover-candidate={two.url}"))


def _lots(*, off_by_one: bool) -> dict[str, Answer]:
    return {
        f"GET /lots/{number}": Answer(
            200, {"weight": 500.5 + number, "count": 8 if off_by_one and number == 23 else 7}
        )
        for number in range(40)
    }


def _suite_of_lots(folder: Path, *, off_by_one: bool) -> Iterator[Started]:
    _write(folder, test_lots_py=LOTS)
    with (
        StubServer(_lots(off_by_one=False)) as one,
        StubServer(_lots(off_by_one=off_by_one)) as two,
    ):
        yield _between(one, two)


def _go(folder: Path) -> Iterator[Started]:
    yield from _suite_of_lots(folder, off_by_one=False)


def _off_by_one(folder: Path) -> Iterator[Started]:
    yield from _suite_of_lots(folder, off_by_one=True)


def _things(*, drifted: bool) -> dict[str, Answer]:
    """Forty endpoints, each with a drift of its own, and the one that harms."""
    changes: tuple[Callable[[int], tuple[dict[str, object], dict[str, str]]], ...] = (
        lambda number: ({"size": number, "added": True}, {}),
        lambda number: ({"size": str(number)}, {}),
        lambda number: ({"size": float(number)}, {}),
        lambda _: ({}, {}),
        lambda number: ({"size": number}, {"X-Powered-By": "another"}),
    )
    answers = {}
    for number in range(40):
        body: dict[str, object] = {"size": number}
        headers: dict[str, str] = {}
        if drifted:
            body, headers = changes[number % len(changes)](number)
        answers[f"GET /things-{number}"] = Answer(200, body, headers)
    for currency in ("eur", "usd", "chf"):
        total = 5005 if drifted else 500.5
        answers[f"GET /totals/{currency}"] = Answer(200, {"total": total, "currency": currency})
    return answers


def _forty_drifts(folder: Path) -> Iterator[Started]:
    _write(folder, test_things_py=DRIFTING)
    with StubServer(_things(drifted=False)) as one, StubServer(_things(drifted=True)) as two:
        yield _between(one, two)


def _busy_machine(folder: Path) -> Iterator[Started]:
    """A measurement with little time, while each core has something else to do, twice."""
    behaviour = json.dumps({f"GET /{name}": {"delay_ms": 3} for name in ("thing", "other")})
    words = json.dumps(["{python}", str(SERVER), "{port}", behaviour])
    side = f'command = {words}\nready = "/ready"\n'
    limits = "p99_ms = 2000, max_ms = 20000"
    _write(
        folder,
        test_perf_py=MEASURED,
        cutover_toml=f"""
[targets.staging]
require = ["performance"]
[targets.staging.baseline]
{side}
[targets.staging.candidate]
{side}
[performance]
budget_s = 3
p50_regression = 20.0
error_rate = 0.5
[performance.endpoints]
"GET /thing" = {{ {limits} }}
"GET /other" = {{ {limits} }}
""",
    )
    with ExitStack() as stack:
        for _ in range(2 * (os.cpu_count() or 1)):
            process = stack.enter_context(subprocess.Popen([sys.executable, "-c", _BUSY]))
            stack.callback(process.kill)
        yield Started(("--cutover-target=staging",))


def _roll_back(folder: Path) -> Iterator[Started]:
    """A watch after the switch, with a Prometheus that tells of errors."""
    _write(folder, test_nothing_py="")
    (folder / "switch-back.sh").write_text("echo moved back\n", "utf-8")
    with ExitStack() as stack:
        one, two, numbers = (stack.enter_context(StubServer()) for _ in range(3))
        for side in (one, two):
            side["GET /thing"] = Answer(200, {"size": 3})
            side["GET /"] = Answer(200, "a" if side is one else "b")
        prometheus = FakePrometheus(numbers)
        prometheus.said |= {
            "R": lambda now: 1000 * now,
            "E": lambda now: 30 * now,
            "A": 0.1,
            "P GET /thing": 20,
        }
        _write(
            folder,
            cutover_toml=f"""
[targets.production]
time_scale = 0.05
switch = true
baseline = {{ url = "{one.url}" }}
candidate = {{ url = "{two.url}" }}
[checklist.switch]
url = "{two.url}"
fingerprint = {{ path = "/", baseline = "a", candidate = "b" }}
to_baseline = {{ command = ["sh", "switch-back.sh"] }}
to_candidate = {{ command = ["true"] }}
[checklist.monitoring]
prometheus = "{numbers.url}"
interval = "50ms"
window = "10m"
error_rate_for = "10s"
[checklist.monitoring.p99_ms]
"GET /thing" = 100
[checklist.monitoring.queries]
requests = "R"
errors = "E"
age_s = "A"
p99_ms = "P {{endpoint}}"
""",
        )
        yield Started(("--cutover-target=production", "--cutover-phase=monitoring"))


def _generated(folder: Path) -> Iterator[Started]:
    """Generated requests to the suppliers of the second pair, with one of its drifts."""
    shutil.copy(WAREHOUSE / "conftest.py", folder)
    document = json.loads((WAREHOUSE / "openapi.json").read_text("utf-8"))
    document["paths"] = {
        path: item for path, item in document["paths"].items() if "/suppliers" in path
    }
    (folder / "openapi.json").write_text(json.dumps(document), "utf-8")
    with pair(drifts="created-supplier-is-ok") as (baseline, candidate):
        yield Started(
            (
                f"--cutover-baseline={baseline}",
                f"--cutover-candidate={candidate}",
                "--cutover-schema=openapi.json",
                "--cutover-fuzz=10",
                "--cutover-writes",
            ),
        )


ASKED = {
    "go": Asked(_go, "GO · ready for the switch", ("11 gates passed", "40 requests")),
    "forty drifts": Asked(
        _forty_drifts,
        "NO-GO · do not switch",
        ("CUT101", "GET /totals/{currency}", "/total", "500.5 → 5005", "3× in 3 tests"),
        quiet=("CUT101", "500.5 → 5005", "3× in 3 tests"),
        next="pytest ",
    ),
    "one off by one": Asked(
        _off_by_one,
        "NO-GO · do not switch",
        ("CUT101", "GET /lots/{number}", "/count", "7 → 8", "1× in 1 test"),
        quiet=("CUT101", "7 → 8", "1× in 1 test"),
        next="pytest ",
    ),
    "busy machine": Asked(
        _busy_machine,
        "INCONCLUSIVE · do not switch yet",
        ("CUT212", "busy machine", "processes waited for a core", "run again"),
        quiet=("CUT212",),
        next="pytest ",
    ),
    "roll back": Asked(
        _roll_back,
        "NO-GO · roll back now",
        ("CUT408", "monitoring.error-rate", " % of ", "limit below 0.1 %"),
        next="sh switch-back.sh",
    ),
    "generated": Asked(
        _generated,
        "NO-GO · do not switch",
        ("CUT110", "POST /api/v1/suppliers", "201 → 200", "in 1 test"),
        quiet=("CUT110", "201 → 200"),
        next="pytest ",
    ),
}


@contextmanager
def started(name: str, folder: Path) -> Iterator[Started]:
    """Make a run ready in an empty folder, and end its servers with it."""
    yield from ASKED[name].start(folder)
