"""The load generator: a locust of its own, or a master elsewhere; both hand in the same rows.

Called by ``load``. Never imports locust: gevent would patch the sockets of this process.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Protocol

from pytest_cutover.backends.process.supervised import LaunchError, SupervisedProcess

_HARNESS = Path(__file__).with_name("locust_harness.py")
_LOG_LINES = 12

Row = list[Any]


class GeneratorError(Exception):
    """There is no load, or no data of it; the message ends with the log's last lines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadPlan:
    """What a generator is told. ``sides`` names whose turn each slice of ``slice_s`` is.

    ``verify`` says for each side whether TLS certificates are verified, or with which CA file.
    """

    locustfile: str
    baseline: str
    candidate: str
    users: int
    slice_s: float
    sides: tuple[str, ...]
    headers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    verify: Mapping[str, bool | str] = field(default_factory=dict)
    cap_per_s: float | None = None


class LoadGenerator(Protocol):
    """A load under way, from so many processes."""

    processes: int

    def rows(self) -> list[Row]:
        """Return what has been handed in since the last time. Raises GeneratorError."""

    @property
    def done(self) -> bool:
        """Whether it came to its end; raises GeneratorError when it ended otherwise."""

    def stop(self) -> None:
        """End it."""


class OwnLocust:
    """A locust process of this run, with `processes` workers where more than one is asked for."""

    def __init__(self, plan: LoadPlan, directory: Path, *, processes: int) -> None:
        self.processes = processes
        self._directory = directory
        self._read: dict[Path, int] = {}
        cap = plan.cap_per_s / processes if plan.cap_per_s else None
        told = {**asdict(plan), "cap_per_s": cap, "directory": str(directory)}
        argv = [sys.executable, "-m", "locust", "-f", str(_HARNESS), "--headless"]
        argv += ["--users", str(2 * plan.users), "--spawn-rate", str(plan.users)]
        argv += ["--exit-code-on-error", "0", "--only-summary", "--loglevel", "WARNING"]
        if processes > 1:
            argv += ["--processes", str(processes)]
        env = {
            **{name: value for name, value in os.environ.items() if not _is_locusts(name)},
            "CUTOVER_LOAD": json.dumps(told),
            "PYTHONUNBUFFERED": "1",
        }
        log_path = directory / "locust.log"
        try:
            self._process = SupervisedProcess.start(
                argv, env=env, cwd=Path(plan.locustfile).parent, log_path=log_path, grace_s=3.0
            )
        except LaunchError as error:
            raise GeneratorError(f"locust could not be started: {error}") from error

    def rows(self) -> list[Row]:
        """Read what the files have more than last time, whole lines only."""
        found: list[Row] = []
        for path in sorted(self._directory.glob("*.jsonl")):
            with path.open("rb") as file:
                file.seek(self._read.get(path, 0))
                text = file.read()
            whole = text[: text.rfind(b"\n") + 1]
            self._read[path] = self._read.get(path, 0) + len(whole)
            found += [json.loads(line) for line in whole.splitlines()]
        return found

    @property
    def done(self) -> bool:
        """Whether the process ended well."""
        status = self._process.poll()
        if status:
            raise self.problem(f"locust ended with status {status}")
        return status == 0

    def problem(self, what: str) -> GeneratorError:
        """Return the error that says so, with the last lines of the log."""
        tail = self._process.log_tail(_LOG_LINES).strip()
        return GeneratorError(f"{what}. The last lines of its log:\n{tail or '(it is empty)'}")

    def stop(self) -> None:
        """End it with its workers."""
        self._process.stop()


class RemoteMaster:
    """A locust master that somebody else started, with its workers; spoken to by its web port."""

    def __init__(self, plan: LoadPlan, address: str) -> None:
        self._url = f"http://{address}"
        self._seen = 0
        self._done = False
        # The files of this machine are not on the workers': they verify as their locust does.
        told = self._ask("/cutover/start", {**asdict(plan), "locustfile": "", "verify": {}})
        self.processes = int(told["workers"])

    def rows(self) -> list[Row]:
        """Return what the workers have handed in since the last time."""
        answer = self._ask(f"/cutover/rows?from={self._seen}")
        rows: list[Row] = answer["rows"]
        self._seen += len(rows)
        self._done = bool(answer["done"])
        if not answer["workers"]:
            raise GeneratorError(f"the locust master at {self._url} lost its workers")
        return rows

    @property
    def done(self) -> bool:
        """Whether the master said so."""
        return self._done

    def problem(self, what: str) -> GeneratorError:
        """Return the error that says so; the log is the master's."""
        return GeneratorError(f"{what}. Its log is where the master at {self._url} runs")

    def stop(self) -> None:
        """End the load; the master and its workers stay."""
        with contextlib.suppress(GeneratorError):
            self._ask("/stop", raw=True)

    def _ask(self, path: str, body: Any = None, *, raw: bool = False) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._url + path, data=data)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=10) as response:
                text = response.read()
        except urllib.error.HTTPError as error:
            told = error.read().decode("utf-8", "replace")[:200]
            raise GeneratorError(
                f"the locust master at {self._url} answered {path} with {error.code}: {told}\n"
                "Expected a master and workers that run pytest_cutover's locust_harness.py"
            ) from error
        except OSError as error:
            raise GeneratorError(f"no locust master at {self._url}: {error}") from error
        return None if raw else json.loads(text)


def _is_locusts(name: str) -> bool:
    """Locust reads every option from LOCUST_…; this load is what the test says."""
    return name.startswith("LOCUST_") or name == "CUTOVER_LOCUSTFILE"
