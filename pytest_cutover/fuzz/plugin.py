"""Fuzzing inside pytest: collects the items, shares what they need, and hands over the evidence.

Items are collected, so that a run without any test file is a run: `-k`, xdist, JUnit and the exit
status work as they do for tests. Under xdist operations are spread over the workers; each sends
its own cases, which the seed and the operation alone decide.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from pytest_cutover.backends.http.transport import READING_METHODS
from pytest_cutover.backends.lifecycle import BothBackends
from pytest_cutover.backends.login import logs_in
from pytest_cutover.backends.session import Session
from pytest_cutover.compare.verdict.contribution import read_examples
from pytest_cutover.config.accepted import load_accepted
from pytest_cutover.core.errors import FileError
from pytest_cutover.core.run_evidence import RunEvidence
from pytest_cutover.fuzz import gates
from pytest_cutover.fuzz.generate.payload import TOLD
from pytest_cutover.fuzz.run import corpus
from pytest_cutover.fuzz.run.fuzz_run import FuzzRun
from pytest_cutover.fuzz.run.items import (
    FuzzItem,
    KeptFile,
    ListsItem,
    LoginItem,
    OperationItem,
    ProtocolItem,
    SequenceItem,
)
from pytest_cutover.fuzz.run.plan import plan_of
from pytest_cutover.gate.verdict import Contribution

if TYPE_CHECKING:
    from pytest_cutover.fuzz.generate.operations import FuzzDocument, FuzzOperation

_ENDLESS: Final = (
    "a stream of events has no end: compare its beginning in a test, with backend.stream"
)


class FuzzPlugin:
    """The room's part of a run. Without a plan it only collects kept cases that are named."""

    def __init__(self, config: pytest.Config, session: Session, backends: BothBackends) -> None:
        self._run = session
        self._plan = plan_of(config, session.plan)
        self._shared = FuzzRun(config, session, backends, self._plan)
        self._left_out: dict[str, str] = {}
        self._document: FuzzDocument | None = self._read() if self._plan else None
        self._shared.document = self._document

    def _read(self) -> FuzzDocument:
        from pytest_cutover.openapi.read import load_document

        try:
            from pytest_cutover.fuzz.generate.operations import generatable
        except ImportError as error:
            raise pytest.UsageError(
                f"schemathesis is installed and cannot be imported: {error}.\nGenerated requests "
                'are made by it. Install what goes together: pip install -U "pytest-cutover[fuzz]"'
            ) from None
        assert self._plan is not None
        try:
            document = generatable(
                load_document(self._plan.schema, named_by=self._plan.named_by, root=self._plan.root)
            )
        except FileError as error:
            raise pytest.UsageError(str(error)) from None
        urls = [self._run.plan.target.baseline.url, self._run.plan.target.candidate.url]
        with_path = any(url and url.partition("://")[2].partition("/")[2] for url in urls)
        document = document if with_path else document.under_servers()
        self._left_out |= {one.endpoint: _ENDLESS for one in document.operations if one.streams}
        return document.without_streams()

    # -- collection -----------------------------------------------------------------------------

    def collector_of(self, file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
        """Return what collects a kept case; None for any other file."""
        if file_path.suffix != ".json" or file_path.parent != self._kept_folder:
            return None
        return self._kept_file(file_path, parent)

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(
        self, session: pytest.Session, items: list[pytest.Item]
    ) -> None:
        """Add an item for each operation, after the suite and with the kept cases first."""
        if self._document is None:
            return
        named = {item.path for item in items if isinstance(item, FuzzItem)}
        added: list[pytest.Item] = []
        for path in corpus.all_in(self._kept_folder):
            if path not in named:
                added += self._readable(self._kept_file(path, session))
        operations = []
        for operation in (*self._document.operations, *self._not_offered()):
            why = self._shared.why_not(operation.method)
            if why:
                self._left_out[operation.endpoint] = why
            else:
                operations.append(OperationItem.of(session, self._shared, operation))
        # Reads come first, while the data of both sides are as they were, then what is valid.
        added += [one for one in operations if one.operation.method in READING_METHODS]
        if any(one.method in ("POST", "PUT") for one in self._sent_operations()):
            added.append(SequenceItem.of(session, self._shared, self._document))
        writing = [one for one in operations if one.operation.method not in READING_METHODS]
        added += writing
        usable = self._sent_operations()
        lists = [one for one in usable if one.method == "GET" and "{" not in one.endpoint]
        if writing and lists:
            added.append(ListsItem.of(session, self._shared, lists))
        if usable and not self._run.plan.target.production:
            added.append(ProtocolItem.of(session, self._shared, usable))
        if usable and logs_in(session):
            added.append(LoginItem.of(session, self._shared, usable))
        items += added

    def _not_offered(self) -> list[FuzzOperation]:
        from pytest_cutover.fuzz.generate.undeclared_methods import not_offered

        assert self._document is not None
        assert self._plan is not None
        return list(not_offered(self._document, self._plan.methods))

    def _sent_operations(self) -> list[FuzzOperation]:
        operations = self._document.operations if self._document else ()
        return [
            one for one in operations if not one.broken and not self._shared.why_not(one.method)
        ]

    def _readable(self, collector: KeptFile) -> list[pytest.Item]:
        try:
            return list(collector.collect())
        except collector.CollectError:
            return []  # an old file: what it kept will be found again

    def _kept_file(self, path: Path, parent: pytest.Collector) -> KeptFile:
        collector: KeptFile = KeptFile.from_parent(parent, path=path)
        collector.room = self._shared
        return collector

    @property
    def _kept_folder(self) -> Path:
        return self._run.plan.report_dir / corpus.FOLDER

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Weigh the items that share the seconds of the run."""
        self._shared.weight = sum(
            item.weight for item in session.items if isinstance(item, FuzzItem)
        )

    @property
    def _redirecting(self) -> frozenset[str]:
        """The operations whose answer may be a redirect, by the document."""
        operations = self._document.operations if self._document else ()
        return frozenset(one.endpoint for one in operations if one.redirects)

    # -- the end --------------------------------------------------------------------------------

    def pytest_cutover_judge(self, evidence: RunEvidence) -> Contribution | None:
        """Return the fuzz gates, and the findings."""
        told = evidence.received.of(TOLD)
        if not told and self._plan is None:
            return None
        left_out = dict(self._left_out)
        for operation in self._document.operations if self._document else ():
            why = self._shared.why_not(operation.method)
            if why:
                left_out.setdefault(operation.endpoint, why)
        accepted = load_accepted(self._run.plan.config.accepted_path_for(self._run.plan.target))
        return gates.contribution(
            told,
            accepted=gates.entries_of(accepted, told, datetime.now(UTC).date()),
            examples=read_examples(self._run.plan.spool_dir),
            left_out=left_out,
            redirecting=self._redirecting,
            entered_by_tests=gates.entered_shapes(evidence.tests),
            waived=lambda signature, test: (
                accepted.covering(signature, test, "fuzz", datetime.now(UTC).date()) is not None
            ),
            seed=self._plan.seed if self._plan else 0,
            again=self._shared.again,
        )

    def pytest_unconfigure(self) -> None:
        """Close what was opened."""
        self._shared.close()
