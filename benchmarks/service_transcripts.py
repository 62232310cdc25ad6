"""Transcripts of the eleven stateful services: what a pair of equal backends says in two rounds.

Each suite is run in this process against the service in a thread: recorded twice, then in turn on
both sides, four rounds of each test, on one database or on two. No gate takes part: what is kept is
what the gate would be given.
"""

from __future__ import annotations

import importlib
import inspect
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, redirect_stdout
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from benchmarks.reference_transcripts import Recorded, Suite
from pytest_cutover.backends.http.client import Backend, open_backend
from pytest_cutover.backends.http.recorder import Recorder
from pytest_cutover.backends.http.transport import Bounds, Permissions, SideTransport
from pytest_cutover.backends.redaction.secrets import Secrets
from pytest_cutover.compare.confirm.confirmation import Round
from pytest_cutover.compare.confirm.polls import recorded_without_polls, without_polls
from pytest_cutover.compare.diff.ids.correspondence import Correspondence
from pytest_cutover.compare.diff.profiles import NO_PROFILES
from pytest_cutover.compare.golden.text import dump, load
from pytest_cutover.compare.noise.model import UnsteadyBaseline, learn
from pytest_cutover.compare.noise.rules import NO_RULES
from pytest_cutover.core.exchange import Side, Transcript
from tests.services.runs import SERVICES, SUITES, WITHOUT
from tests.services.serving import Instance, Service

# What is run, in order: of a recording whole suites, then each test in turn.
RECORDINGS = ("first", "again")
MOST_ROUNDS = 4
ROUNDS = tuple(
    f"{side}-{number + 1}" for number in range(MOST_ROUNDS) for side in ("baseline", "candidate")
)


@dataclass
class _Recording:
    """A pytest plugin that gives a suite its `backend`, and keeps what was said."""

    service: Service
    shared: bool
    folder: Path
    kept: dict[tuple[str, str], Transcript] = field(default_factory=dict)
    secrets: Secrets = field(default_factory=Secrets)
    closing: ExitStack = field(default_factory=ExitStack)
    instances: dict[Side, Instance] = field(default_factory=dict)
    started_s: float = field(default_factory=time.time)
    logins: dict[Side, Backend] = field(default_factory=dict)
    live: bool = False

    def pytest_configure(self, config: pytest.Config) -> None:
        for marker in ("characterization", "negative", "crossover"):
            config.addinivalue_line("markers", f"{marker}(*endpoints, scenario): compared")
        self._start("recorded")

    def _start(self, data: str) -> None:
        """Launch both sides on fresh data."""
        self.logins.clear()
        for side in Side:
            name = f"{data}.db" if self.shared else f"{data}-{side}.db"
            self.instances[side] = self.service.start(self.folder / name)
            self.instances[side].pace = 0.2
            self.closing.callback(self.instances[side].close)

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        if "backend" in metafunc.fixturenames:
            metafunc.parametrize("variant", (*RECORDINGS, *ROUNDS))

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        of_tests: dict[str, int] = {}

        def order(item: pytest.Item) -> tuple[int, int, int]:
            variant = _variant(item)
            test = of_tests.setdefault(_test(item), len(of_tests))
            if variant in RECORDINGS:
                return RECORDINGS.index(variant), test, 0
            return len(RECORDINGS), test, ROUNDS.index(variant)

        items[:] = sorted((one for one in items if _variant(one)), key=order)

    @pytest.fixture
    def backend(self, request: pytest.FixtureRequest, variant: str) -> Iterator[Backend]:
        if variant in ROUNDS and not self.live:
            self.live = True
            self._start("live")
        side = Side.CANDIDATE if variant.startswith("candidate") else Side.BASELINE
        if side not in self.logins:
            self.logins[side] = self._logged_in(request, side)
        recorder = Recorder(
            _test(request.node), side, session_started_s=self.started_s,
            observe=self.secrets.observe,
        )  # fmt: skip
        with self._opened(side, recorder) as client:
            client.headers.update(self.logins[side].headers)
            client.cookies.update(self.logins[side].cookies)
            yield client
        made = recorder.transcript(self.secrets.spellings(), self.secrets.credentials())
        self.kept[_test(request.node), variant] = made

    def _opened(self, side: Side, recorder: Recorder) -> Backend:
        instance = self.instances[side]
        transport = SideTransport(
            side, instance.url, permissions=Permissions(True, None), bounds=Bounds()
        )
        self.closing.callback(transport.close)
        return open_backend(transport, recorder, endpoint_of=self._endpoint)

    def _endpoint(self, method: str, path: str) -> str:
        for route in self.service.routes:
            if route.pattern.fullmatch(path):
                return f"{method} {route.template}"
        return f"{method} {path}"

    def _logged_in(self, request: pytest.FixtureRequest, side: Side) -> Backend:
        visitor = self._opened(side, Recorder("login", side, session_started_s=self.started_s,
                                              observe=self.secrets.observe))  # fmt: skip
        manager = request.session._fixturemanager
        login = manager.getfixturedefs("cutover_login", request.node)
        if login:
            names = inspect.signature(login[-1].func).parameters
            login[-1].func(**dict.fromkeys(names, visitor))
        return visitor


def _variant(item: pytest.Item) -> str:
    spec = getattr(item, "callspec", None)
    return str(spec.params.get("variant", "")) if spec else ""


def _test(item: pytest.Item) -> str:
    """The test's id without which run of it this is."""
    rest = item.nodeid.partition("[")[2].rstrip("]")
    own = rest.replace(_variant(item), "").strip("-")
    return item.nodeid.partition("[")[0] + (f"[{own}]" if own else "")


def _kept(name: str, *, shared: bool) -> dict[tuple[str, str], Transcript]:
    service: Service = importlib.import_module(f"tests.services.{name}").SERVICE
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made, name)
        folder.mkdir()
        for file in (SUITES / name).glob("*.py"):
            if "crossover" not in file.name:
                shutil.copy(file, folder)
        (folder / "pytest.ini").write_text("[pytest]\n")
        plugin, screen = _Recording(service, shared, folder), StringIO()
        known = set(sys.modules)
        with plugin.closing, redirect_stdout(screen):
            status = pytest.main(
                ["-q", "-p", "no:cacheprovider", "-p", "no:cutover", "-p", "no:xdist", *WITHOUT,
                 "--tb=short", f"--rootdir={folder}", f"-c={folder}/pytest.ini", str(folder)],
                plugins=[plugin],
            )  # fmt: skip
        for module in {one for one in sys.modules if one.startswith("test_")} - known:
            del sys.modules[module]
        sys.modules.pop("conftest", None)
        if status != pytest.ExitCode.OK:
            print(f"{name}: {screen.getvalue()[-3000:]}")
        return plugin.kept


def recorded(name: str, *, shared: bool) -> list[Recorded]:
    """The tests of one service whose sides are equal to the gate; what is left out is printed."""
    kept = _kept(name, shared=shared)
    found, known = [], Correspondence()
    for test in dict.fromkeys(test for test, _ in kept):
        runs = [kept.get((test, variant)) for variant in (*RECORDINGS, *ROUNDS)]
        if None in runs:
            continue
        first, again, *live = [run for run in runs if run is not None]
        pairs = [Round(*live[at : at + 2]) for at in range(0, len(live), 2)]
        rounds, _, _ = without_polls(pairs)
        sizes = {len(side.exchanges) for one in rounds for side in (one.baseline, one.candidate)}
        try:
            golden = load(dump(learn(*recorded_without_polls(first, again))))
        except UnsteadyBaseline as error:
            print(f"left out, {name} {test}: {error}")
            continue
        case = Recorded(golden, rounds[0].baseline, rounds[0].candidate, True,
                        tuple(rounds[1:]), known, shared)  # fmt: skip
        said = case.said(NO_RULES, NO_PROFILES)
        # A gate hears every round that it asks for: rows that nobody heard of are of no test.
        known = case.said(NO_RULES, NO_PROFILES, in_full=True).values
        if said.differences or said.open or len(sizes) > 1:
            why = [f"{one.kind} {one.endpoint} {one.pointer}" for one in said.differences[:2]]
            print(f"left out, {name} {test}, {'one database' if shared else 'two'}:"
                  f" {why or said.open or f'{sizes} requests'}")  # fmt: skip
            continue
        found.append(case)
    return found


def services(names: Sequence[str] = SERVICES) -> Suite:
    """All tests of the services, on one database and on two."""
    tests: list[Any] = []
    for shared in (True, False):
        for name in names:
            tests += recorded(name, shared=shared)
    return Suite(tuple(tests), NO_RULES, NO_PROFILES)
