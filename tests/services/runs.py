"""Runs of a service's suite: with the plugin, as a user does, and without it.

`run` is one run of pytest in a folder of its own: both sides launched by it or by URL, on one
database or on two, in one process or four workers, and one of the faults on the candidate or none.
`project` keeps servers and folder over several runs, for data that stays.
"""

from __future__ import annotations

import ast
import contextlib
import importlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pytest_cutover.backends.process.launch import free_port
from tests.services.serving import Fault, Service

SERVICES = (
    "feed",
    "shop",
    "todo",
    "bank",
    "jobs",
    "search",
    "stats",
    "users",
    "docs",
    "clock",
    "rate_limited",
)
Mode = Literal["launched", "url"]
Databases = Literal["one", "two"]
ROOT = Path(__file__).parents[2]
SUITES = Path(__file__).with_name("suites")
CROSSOVER = "test_crossover.py"
# They tell their instance and when it started: by URL a target names a second process of each side,
# as the documentation asks for.
TELL_THEIR_PROCESS = ("stats", "clock")
# Both are installed here for what they send; loading them is most of a short run.
WITHOUT = ("-p", "no:schemathesis", "-p", "no:locust", "-p", "no:hypothesispytest")
_FOREIGN = ("CI", "GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY", "GITHUB_SHA", "PYTEST_ADDOPTS")


@dataclass(frozen=True, slots=True)
class Run:
    """What a user has after a run; `seconds` is how long it took."""

    status: int
    gate: dict[str, Any]
    output: str
    seconds: float

    @property
    def verdict(self) -> str:
        verdict: str = self.gate.get("verdict", "none")
        return verdict

    @property
    def reasons(self) -> list[str]:
        """Each gate that did not pass, then each finding: what somebody looks at first."""
        gates = [
            f"{g['code']} {g['id']}: {g.get('observed', '')} {g.get('message', '')}".strip()
            for g in self.gate.get("gates", [])
            if g["verdict"] != "pass"
        ]
        return gates + self.open_findings

    def findings_at(self, endpoint: str) -> list[dict[str, Any]]:
        """The findings that nobody accepted at an endpoint, ``METHOD /path/{template}``.

        Parameters in it may be named otherwise, or stand there as they were sent.
        """
        segments = re.sub(r"\\{\w+\\}", "[^/ ]+", re.escape(endpoint))
        return [
            f
            for f in self.gate.get("findings", [])
            if not f.get("accepted") and re.fullmatch(segments, f["endpoint"])
        ]

    @property
    def open_findings(self) -> list[str]:
        """Each finding that nobody accepted, in one line."""
        return [
            f"{f['endpoint']} {f['kind']} {f.get('pointer', '')} {f.get('change', '')}".strip()
            for f in self.gate.get("findings", [])
            if not f.get("accepted")
        ]


def service(name: str) -> Service:
    """The service of that name."""
    module = importlib.import_module(f"tests.services.{name}")
    made: Service = module.SERVICE
    return made


def faults(name: str) -> list[Fault]:
    """The faults of a service, in the order in which it declares them."""
    return list(service(name).faults.values())


class Project:
    """A user's project beside a service: a folder with the suite, a target, and its servers."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def forget(self) -> None:
        """Take the data away, for launched servers that are to begin anew."""
        for file in (self.folder / "data").iterdir():
            file.unlink()

    def run(self, *arguments: str, workers: int = 0, timeout: float = 600) -> Run:
        """Run pytest here, once, with the gate asked for."""
        report = self.folder / ".cutover"
        shutil.rmtree(report, ignore_errors=True)
        words = ["-n", str(workers)] if workers else []
        argv = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *WITHOUT]
        argv += ["--cutover-target=t", *words, *arguments]
        environment = _environment()
        began = time.monotonic()
        ran = subprocess.run(
            argv, cwd=self.folder, env=environment, capture_output=True, timeout=timeout
        )
        took = time.monotonic() - began
        written = report / "gate.json"
        gate = json.loads(written.read_text("utf-8")) if written.exists() else {}
        output = (ran.stdout + ran.stderr).decode(errors="replace")
        if ran.returncode not in (0, 1) or "INTERNALERROR" in output:
            raise RuntimeError(f"pytest ended with status {ran.returncode}:\n{output}")
        return Run(ran.returncode, gate, output, took)


def run(
    name: str,
    *,
    mode: Mode = "launched",
    databases: Databases = "one",
    workers: int = 0,
    fault: str | None = None,
    asserting: bool = True,
) -> Run:
    """Run the suite of a service once, against itself; the candidate has `fault`.

    - `mode`: "launched" by the run, or by "url", servers that were there before.
    - `databases`: "one" that both sides use, or "two".
    - `workers`: of pytest-xdist; 0 is one process.
    - `asserting`: False takes the suite's own assertions away: only comparing finds a fault.
    """
    with project(name, mode=mode, databases=databases, fault=fault, asserting=asserting) as made:
        return made.run(workers=workers)


@contextlib.contextmanager
def project(
    name: str,
    *,
    mode: Mode = "launched",
    databases: Databases = "one",
    fault: str | None = None,
    asserting: bool = True,
) -> Iterator[Project]:
    """A project in a temporary folder; by URL its servers and their data live as long as it."""
    with (
        tempfile.TemporaryDirectory(prefix=f"service-{name}-") as made,
        contextlib.ExitStack() as stack,
    ):
        folder = Path(made)
        for file in sorted((SUITES / name).glob("*.py")):
            # Who has two databases does not ask one side for what the other wrote.
            if databases == "one" or file.name != CROSSOVER:
                text = file.read_text("utf-8")
                (folder / file.name).write_text(text if asserting else _unasserted(text), "utf-8")
        (folder / "pytest.ini").write_text("[pytest]\n")
        data = folder / "data"
        data.mkdir()
        one = str(data / "data.db")
        lines = ["[targets.t]", f"shared_state = {'true' if databases == 'one' else 'false'}"]
        if mode == "url":
            lines += ["writes = true", "max_requests_per_second = 500"]
        for side in ("baseline", "candidate"):
            words = ["--database", one if databases == "one" else str(data / f"{side}.db")]
            if fault is not None and side == "candidate":
                words += ["--fault", fault]
            lines += ["", f"[targets.t.{side}]"]
            command = ["-m", f"tests.services.{name}", *words]
            if mode == "url":
                lines.append(f'url = "{stack.enter_context(_served(command))}"')
                if name in TELL_THEIR_PROCESS:
                    time.sleep(1.1)  # a start in whole seconds is another one for a second process
                    lines.append(f'twin_url = "{stack.enter_context(_served(command))}"')
            else:
                argv = ["{python}", *command, "--port", "{port}"]
                lines += [f"command = {json.dumps(argv)}", f"cwd = {json.dumps(str(ROOT))}"]
            lines.append('ready = "/health"' if mode == "launched" else "")
        (folder / "cutover.toml").write_text("\n".join(lines) + "\n")
        yield Project(folder)


class _WithoutAssertions(ast.NodeTransformer):
    def visit_Assert(self, node: ast.Assert) -> ast.Expr:
        # What it asks is still asked: many assertions send a request.
        return ast.copy_location(ast.Expr(node.test), node)


def _unasserted(text: str) -> str:
    return ast.unparse(_WithoutAssertions().visit(ast.parse(text)))


@contextlib.contextmanager
def _served(command: Sequence[str]) -> Iterator[str]:
    """A server that somebody else started: its URL."""
    port = free_port()
    argv = [sys.executable, *command, "--port", str(port)]
    process = subprocess.Popen(argv, cwd=ROOT, env=_environment(), start_new_session=True)
    url = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 30
        while True:
            if process.poll() is not None:
                raise RuntimeError(f"{' '.join(command)} ended with status {process.returncode}")
            try:
                with urllib.request.urlopen(f"{url}/health", timeout=5):
                    break
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
        yield url
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def plain(name: str, *, only: Sequence[str] | None = None) -> dict[str, list[list[str]]]:
    """Run the suite with a plain client, without the plugin: what was answered.

    Twice without a fault ("None" and "again") and once with each fault: exchanges as (test,
    request, everything that was answered, with names in place of times and random values).
    Raises RuntimeError where the suite does not pass without a fault.
    """
    chosen = [fault.name for fault in faults(name)] if only is None else list(only)
    with tempfile.TemporaryDirectory(prefix=f"plain-{name}-") as made:
        folder = Path(made)
        files = sorted((SUITES / name).glob("*.py"), key=lambda file: file.name == CROSSOVER)
        for file in files:
            shutil.copy(file, folder)
        (folder / "pytest.ini").write_text("[pytest]\n")
        argv = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *WITHOUT]
        argv += ["-p", "no:cutover", "-p", "no:xdist", "-p", "tests.services.plain", "--tb=short"]
        argv += [f"--service={name}", "--record=record.json", f"--faults={','.join(chosen)}"]
        # What somebody sees who has two databases, and so no crossover tests, comes first.
        argv += [file.name for file in files if file.name.startswith("test_")]
        ran = subprocess.run(argv, cwd=folder, env=_environment(), capture_output=True, timeout=600)
        output = (ran.stdout + ran.stderr).decode(errors="replace")
        failed = [
            line
            for line in output.splitlines()
            if line.startswith(("FAILED", "ERROR"))
            and ("[None]" in line or "[again]" in line or "None-" in line or "-None" in line)
        ]
        if ran.returncode not in (0, 1) or failed:
            raise RuntimeError(f"{name} without a fault: {failed}\n{output}")
        record: dict[str, list[list[str]]] = json.loads((folder / "record.json").read_text())
        return record


def _environment() -> dict[str, str]:
    known = {k: v for k, v in os.environ.items() if k not in _FOREIGN}
    return known | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": ""}
