"""A probe with a unique id: found in the log, counted by Prometheus, within a deadline."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.harness.project import Project
from tests.harness.run import Run
from tests.harness.stub_server import Answer, Seen
from tests.integration.checklist.fake_prometheus import FakePrometheus, data, number
from tests.integration.checklist.test_checks import check, row

QUERIES = """
counter = "COUNT"
up = "UP"
[checklist.monitoring]
prometheus = "{url}"
interval = "50ms"
"""
PROBE = 'path = "/health?probe={id}"\ndeadline = "300ms"\n'


def logging(project: Project, where: str, prometheus: FakePrometheus | None = None) -> Run:
    """One run of the check; with a Prometheus, the counter and the target are looked at too."""
    queries = QUERIES.format(url=prometheus.server.url) if prometheus else ""
    return check(project, "logging", f"[checklist.logging]\n{PROBE}{where}\n{queries}")


@pytest.fixture
def log(project: Project) -> Path:
    """What the candidate writes its requests into; another run was here before."""
    file = project.path / "app.log"
    file.write_text("cutover-0123456789abcdef of an earlier run\n")

    def answer(seen: Seen) -> Answer:
        with file.open("a") as log:
            log.write(f"{seen.headers['x-request-id']} {seen.path}\n")
        return Answer(200)

    project.candidate["GET /health"] = answer
    return file


@pytest.fixture
def counting(project: Project, prometheus: FakePrometheus) -> FakePrometheus:
    prometheus.said = {"COUNT": lambda _now: len(project.candidate.requests), "UP": 1}
    return prometheus


def probes(project: Project) -> list[Seen]:
    return [one for one in project.candidate.requests if one.path.startswith("/health?")]


def test_the_probe_is_seen_in_the_log_and_moves_the_counter(
    project: Project, log: Path, counting: FakePrometheus
) -> None:
    found = logging(project, 'file = "app.log"', counting)

    assert found.verdict == "GO"
    assert row(found)["evidence"] == "logging: the probe was seen in 3 places"
    (probe,) = probes(project)
    assert probe.path == f"/health?probe={probe.headers['x-request-id']}"
    assert re.fullmatch("cutover-[0-9a-f]{16}", probe.headers["x-request-id"])


def test_a_log_that_began_anew_is_read_from_its_beginning(project: Project, log: Path) -> None:
    log.write_text("x" * 10_000)

    def rotated(seen: Seen) -> Answer:
        log.write_text(seen.headers["x-request-id"])
        return Answer(200)

    project.candidate["GET /health"] = rotated

    assert logging(project, 'file = "app.log"').verdict == "GO"


def test_the_log_may_be_what_a_command_prints(project: Project, log: Path) -> None:
    assert logging(project, 'command = { command = ["cat", "app.log"] }').verdict == "GO"


def test_a_probe_that_nobody_logged_is_missed(project: Project, log: Path) -> None:
    project.candidate["GET /health"] = Answer(200)
    found = logging(project, 'file = "app.log"')

    assert found.verdict == "NO-GO"
    gate = found.gate("checklist.ours.check")
    assert (gate["observed"], gate["limit"]) == ("not in the log", "within 0.3 s")


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ('file = "no/such.log"', "no/such.log cannot be read: FileNotFoundError"),
        ('command = { command = ["sh", "-c", "echo no unit; exit 3"] }', "ended with status 3"),
        ('command = { command = ["no-such-program"] }', "could not be started"),
        ("", "nothing to look at"),
    ],
)
def test_a_log_that_cannot_be_read_decides_nothing(
    project: Project, log: Path, where: str, said: str
) -> None:
    found = logging(project, where)

    assert found.verdict == "INCONCLUSIVE"
    assert said in row(found)["evidence"]


def test_a_command_that_hangs_is_stopped_with_its_children(project: Project, log: Path) -> None:
    hangs = 'command = { command = ["sh", "-c", "sleep 4711 & echo $! > child; sleep 4711"] }'
    found = logging(project, hangs)

    assert found.verdict == "INCONCLUSIVE"
    assert "was still running after 1 s" in row(found)["evidence"]
    child = int((project.path / "child").read_text())
    assert not psutil.pid_exists(child) or psutil.Process(child).status() == "zombie"


@pytest.mark.parametrize(
    ("said", "verdict", "why"),
    [
        ({"COUNT": 7}, "NO-GO", "the counter did not move"),
        ({"UP": 0}, "NO-GO", "the scrape target is not up"),
        ({"UP": data("vector", [])}, "NO-GO", "the scrape target is not up"),
        ({"COUNT": number("NaN")}, "INCONCLUSIVE", "the counter cannot be read"),
        ({"UP": Answer(503, "later")}, "INCONCLUSIVE", "up cannot be asked"),
    ],
)
def test_a_probe_that_is_not_counted(
    project: Project,
    log: Path,
    counting: FakePrometheus,
    said: dict[str, Any],
    verdict: str,
    why: str,
) -> None:
    counting.said |= said
    found = logging(project, 'file = "app.log"', counting)

    assert found.verdict == verdict
    assert why in row(found)["evidence"]


def test_a_prometheus_that_comes_back_later_has_counted_nothing_yet(
    project: Project, log: Path, counting: FakePrometheus
) -> None:
    asked = iter([Answer(503, "not yet")])
    counting.said["COUNT"] = lambda _now: next(asked, 1_000_000)
    found = logging(project, 'file = "app.log"', counting)

    assert found.verdict == "INCONCLUSIVE"
    assert "the counter cannot be read" in row(found)["evidence"]


@pytest.mark.parametrize(
    ("key", "answer", "said"),
    [
        (
            "COUNT",
            Answer(400, {"status": "error", "errorType": "bad_data", "error": "parse error"}),
            "checklist.logging.counter: parse error",
        ),
        ("UP", data("matrix", []), "checklist.logging.up: the query gives a matrix"),
        (
            "UP",
            data("vector", [{"metric": {}, "value": [0, "1"]}] * 2),
            "checklist.logging.up: the query gives 2 series",
        ),
    ],
)
def test_a_query_that_waiting_does_not_mend_is_a_usage_error(
    project: Project, log: Path, counting: FakePrometheus, key: str, answer: Answer, said: str
) -> None:
    counting.said[key] = answer
    found = logging(project, 'file = "app.log"', counting)

    assert found.status == 4
    assert said in found.errors
    assert probes(project) == []


COMMANDS = """
[checklist.monitoring]
interval = "50ms"
[checklist.monitoring.commands]
requests = { command = ["echo", "1"] }
errors = { command = ["echo", "0"] }
"""
LINES = """counter = { command = ["sh", "-c", "grep -c probe= app.log || true"] }
up = { command = ["echo", "1"] }
"""


@pytest.mark.parametrize(
    ("more", "verdict", "said"),
    [
        (LINES, "GO", "the probe was seen in 3 places"),
        ("", "GO", "the probe was seen in 1 place; no counter is named, and none was asked"),
        ('counter = { command = ["echo", "7"] }', "NO-GO", "the counter did not move"),
        ('up = { command = ["echo", "0"] }', "NO-GO", "the scrape target is not up"),
        ('counter = { command = ["sh", "-c", "exit 9"] }', "INCONCLUSIVE", "the counter cannot"),
        ('up = { command = ["sh", "-c", "exit 9"] }', "INCONCLUSIVE", "up cannot be asked"),
    ],
)
def test_the_counter_may_be_what_a_command_prints(
    project: Project, log: Path, more: str, verdict: str, said: str
) -> None:
    file = '[checklist.logging]\nfile = "app.log"\n'
    found = check(project, "logging", f"{file}{PROBE}{COMMANDS}{more}")

    assert found.verdict == verdict
    assert said in row(found)["evidence"]


def test_a_query_is_a_mistake_where_commands_give_the_numbers(project: Project, log: Path) -> None:
    tables = f'[checklist.logging]\nfile = "app.log"\ncounter = "sum(x)"\n{PROBE}{COMMANDS}'
    found = check(project, "logging", tables)

    assert found.status == 4
    assert "checklist.logging.counter: PromQL is asked" in found.errors
    assert "[checklist.monitoring.commands] counter" in found.errors
