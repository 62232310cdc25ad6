"""Fuzzing inside pytest: collects the items, shares what they need, and hands over the evidence.

Items are collected, so that a run without any test file is a run: `-k`, xdist, JUnit and the exit
status work as they do for tests. Under xdist operations are spread over the workers; each sends
its own cases, which the seed and the operation alone decide.
"""

from __future__ import annotations

import os
import shlex
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pytest_cutover.backends.lifecycle import BothBackends
from pytest_cutover.backends.session import Session
from pytest_cutover.compare.evidence.differences import read_examples
from pytest_cutover.config.accepted import load_accepted
from pytest_cutover.core.errors import FileError
from pytest_cutover.core.evidence import RunEvidence
from pytest_cutover.fuzz import gates
from pytest_cutover.fuzz.generate.payload import TOLD
from pytest_cutover.fuzz.run import corpus
from pytest_cutover.fuzz.run.items import FuzzItem, KeptFile, OperationItem, SequenceItem
from pytest_cutover.fuzz.run.plan import FuzzPlan, plan_of, why_not
from pytest_cutover.gate.verdict import Contribution
from pytest_cutover.replay.har_item import HarFile

if TYPE_CHECKING:
    from pytest_cutover.core.exchange import Exchange
    from pytest_cutover.fuzz.generate.case import Binding
    from pytest_cutover.fuzz.generate.cases import CaseGenerator
    from pytest_cutover.fuzz.generate.operations import FuzzDocument, FuzzOperation
    from pytest_cutover.fuzz.run.running import FuzzSession


class FuzzPlugin:
    """The room's part of a run. Without a plan it only collects kept cases that are named."""

    def __init__(self, config: pytest.Config, session: Session, backends: BothBackends) -> None:
        self.plan: FuzzPlan | None = plan_of(config, session.plan)
        self._config = config
        self._run = session
        self._backends = backends
        self._session: FuzzSession | None = None
        self._generators: dict[str, CaseGenerator] = {}
        self._bindings: dict[str, tuple[Binding, ...]] = {}
        self._budget: Any = None
        self.shown: set[str] = set()
        self._items = 0
        self._left_out: dict[str, str] = {}
        self.document: FuzzDocument | None = self._document() if self.plan else None

    def _document(self) -> FuzzDocument:
        from pytest_cutover.fuzz.generate.operations import generatable
        from pytest_cutover.openapi.read import load_document

        assert self.plan is not None
        try:
            document = generatable(
                load_document(self.plan.schema, named_by=self.plan.named_by, root=self.plan.root)
            )
        except FileError as error:
            raise pytest.UsageError(str(error)) from None
        urls = [self._run.plan.target.baseline.url, self._run.plan.target.candidate.url]
        with_path = any(url and url.partition("://")[2].partition("/")[2] for url in urls)
        return document if with_path else document.under_servers()

    # -- collection -----------------------------------------------------------------------------

    def pytest_collect_file(
        self, file_path: Path, parent: pytest.Collector
    ) -> pytest.Collector | None:
        """A recording of the suite, or a kept case that was named on the command line."""
        if file_path.suffix.lower() == ".har" and not self._run.plan.recording:
            har: HarFile = HarFile.from_parent(parent, path=file_path)
            har.room = self
            return har
        if file_path.suffix != ".json" or file_path.parent != self._kept_folder:
            return None
        return self._kept_file(file_path, parent)

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(
        self, session: pytest.Session, items: list[pytest.Item]
    ) -> None:
        """Add an item for each operation, after the suite and with the kept cases first."""
        if self.document is None:
            return
        named = {item.path for item in items if isinstance(item, FuzzItem)}
        added: list[pytest.Item] = []
        for path in corpus.all_in(self._kept_folder):
            if path not in named:
                added += self._readable(self._kept_file(path, session))
        for operation in (*self.document.operations, *self._not_offered()):
            why = self.why_not(operation.method)
            if why:
                self._left_out[operation.endpoint] = why
            else:
                added.append(OperationItem.of(session, self, operation))
        if any(one.method in ("POST", "PUT") for one in self._sent_operations()):
            added.append(SequenceItem.of(session, self, self.document))
        items += added

    def _not_offered(self) -> list[FuzzOperation]:
        from pytest_cutover.fuzz.generate.undeclared_methods import not_offered

        assert self.document is not None
        assert self.plan is not None
        return list(not_offered(self.document, self.plan.methods))

    def _sent_operations(self) -> list[FuzzOperation]:
        operations = self.document.operations if self.document else ()
        return [one for one in operations if not one.broken and not self.why_not(one.method)]

    def _readable(self, collector: KeptFile) -> list[pytest.Item]:
        try:
            return list(collector.collect())
        except collector.CollectError:
            return []  # an old file: what it kept will be found again

    def _kept_file(self, path: Path, parent: pytest.Collector) -> KeptFile:
        collector: KeptFile = KeptFile.from_parent(parent, path=path)
        collector.room = self
        return collector

    @property
    def _kept_folder(self) -> Path:
        return self._run.plan.report_dir / corpus.FOLDER

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Count the items that share the seconds of the run."""
        self._items = sum(isinstance(item, OperationItem | SequenceItem) for item in session.items)

    # -- what items ask for ---------------------------------------------------------------------

    def opened(self, session: pytest.Session) -> FuzzSession:
        """Both sides; opened by the first item that needs them."""
        if self._session is None:
            from pytest_cutover.fuzz.run.running import FuzzSession

            self._session = FuzzSession(self._config, self._run, self._backends, session)
        return self._session

    def share(self) -> float:
        """The seconds that the next item may take."""
        if self._budget is None:
            from pytest_cutover.fuzz.run.running import Budget

            assert self.plan is not None
            workers = max(1, self._run.plan.workers if self._run.plan.is_worker else 1)
            self._budget = Budget(self.plan.seconds, -(-self._items // workers))
        seconds: float = self._budget.share()
        return seconds

    def generator(self, operation: FuzzOperation) -> CaseGenerator:
        """The cases of an operation; what it takes to find them is done once."""
        if operation.endpoint not in self._generators:
            from pytest_cutover.fuzz.generate.cases import CaseGenerator

            seed = self.plan.seed if self.plan else 0
            self._generators[operation.endpoint] = CaseGenerator(operation, seed=seed)
        return self._generators[operation.endpoint]

    def fresh(self, session: FuzzSession, operation: FuzzOperation) -> tuple[Binding, ...]:
        """What must be new in each request of an operation: learned once."""
        if operation.endpoint not in self._bindings:
            from pytest_cutover.fuzz.generate.unique_fields import fresh_places, largest_taken

            found: tuple[Binding, ...] = ()
            if operation.json_body is not None and operation.method != "GET":
                generator, ask = self.generator(operation), session.pair.baseline
                bases = generator.bases()
                found = fresh_places(bases, ask, operation.body_schema)
                generator.entered = largest_taken(bases, found, ask, operation.body_schema)
            self._bindings[operation.endpoint] = found
        return self._bindings[operation.endpoint]

    def why_not(self, method: str) -> str:
        """Why requests of this method are not sent; empty where they are."""
        return why_not(method, self._run.plan, self.plan)

    def leave_out(self, nodeid: str) -> None:
        """Note an item that could not run because a side does not answer."""
        if nodeid not in self._run.not_run:
            self._run.not_run.append(nodeid)

    @property
    def may_write(self) -> bool:
        """Whether recorded writes may be sent."""
        return self._run.plan.target.may_write

    def observe(self, exchange: Exchange) -> None:
        """Let the secrets of a recording be known before anything is written."""
        self._run.secrets.observe(exchange)

    def scrub(self, text: str) -> str:
        """The text without secrets."""
        return self._run.secrets.scrub(text)

    def again(self, path: str) -> str:
        """The command that replays a kept case."""
        shown = os.path.relpath(path, self._config.invocation_params.dir)
        return f"{self._run.plan.command.whole()} {shlex.quote(shown)}"

    # -- the end --------------------------------------------------------------------------------

    def pytest_cutover_judge(self, evidence: RunEvidence) -> Contribution | None:
        """The fuzz gates, and the findings."""
        told = evidence.received.of(TOLD)
        if not told and self.plan is None:
            return None
        left_out = dict(self._left_out)
        for operation in self.document.operations if self.document else ():
            why = self.why_not(operation.method)
            if why:
                left_out.setdefault(operation.endpoint, why)
        accepted = load_accepted(self._run.plan.config.accepted_path)
        return gates.contribution(
            told,
            accepted=gates.entries_of(accepted, told, datetime.now(UTC).date()),
            examples=read_examples(self._run.plan.spool_dir),
            left_out=left_out,
            seed=self.plan.seed if self.plan else 0,
            again=self.again,
        )

    def pytest_unconfigure(self) -> None:
        """Close what was opened."""
        if self._session is not None:
            self._session.close()
