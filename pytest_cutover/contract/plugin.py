"""Contract and coverage in pytest: exchanges are held against the document where they were seen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from pytest_cutover.backends.http.recorder import Recorder
from pytest_cutover.backends.session import RECORDERS, Session
from pytest_cutover.config.model import ContractTable
from pytest_cutover.contract.coverage import coverage_contribution
from pytest_cutover.contract.evidence import (
    CONTRACT,
    MOST_VALUES,
    MOST_VIOLATIONS,
    ContractEvidence,
)
from pytest_cutover.contract.gates import contract_contribution
from pytest_cutover.contract.inputs import varied
from pytest_cutover.contract.validate import Contract, Violation
from pytest_cutover.core.exchange import Side
from pytest_cutover.core.run_evidence import RunEvidence
from pytest_cutover.gate.verdict import Contribution
from pytest_cutover.openapi.read import load_document
from pytest_cutover.report.model import NotJudged


class ContractPlugin:
    """Holds every exchange of a test against the document. Raises FileError when it is unfit."""

    def __init__(self, session: Session) -> None:
        plan = session.plan
        config = replace(plan.config, contract=plan.config.contract or ContractTable())
        self.document = load_document(str(config.contract_source), named_by="[contract] path")
        self._contract = Contract(self.document)
        session.endpoints.add(operation.endpoint for operation in self.document.operations)
        self._plan, self._session = plan, session

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> Iterator[None]:
        """Judge what a test saw, fixtures included."""
        try:
            return (yield)
        finally:
            self._attach(item)

    def _attach(self, item: pytest.Item) -> None:
        for variant, recorder in item.stash.get(RECORDERS, {}).items():
            side = self._session.side_of(variant)
            if recorder.exchanges:
                CONTRACT.attach(item.user_properties, self._of(item.nodeid, side, recorder))

    def _of(self, nodeid: str, side: Side, recorder: Recorder) -> ContractEvidence:
        seen: dict[tuple[str, int], None] = {}
        violations: dict[Violation, None] = {}
        inputs: dict[str, dict[str, dict[str, None]]] = defaultdict(lambda: defaultdict(dict))
        base = urlsplit(self._session.urls.get(side, "")).path
        for exchange in recorder.exchanges:
            operation = self._contract.operation(exchange, base=base)
            if operation is None or exchange.response is None:
                continue
            seen[str(operation.endpoint), exchange.response.status] = None
            for found in self._contract.violations(exchange, operation):
                violations[self._scrubbed(found)] = None
            for name, digest in varied(
                exchange.request,
                operation.endpoint.template,
                operation.inputs,
                self._plan.run_id,
            ):
                inputs[str(operation.endpoint)][name][digest] = None
        return ContractEvidence(
            nodeid=nodeid,
            side=str(side),
            seen=tuple(seen),
            violations=tuple(violations)[:MOST_VIOLATIONS],
            inputs={
                operation: {name: tuple(digests)[:MOST_VALUES] for name, digests in names.items()}
                for operation, names in inputs.items()
            },
        )

    def _scrubbed(self, found: Violation) -> Violation:
        scrub = self._session.secrets.scrub
        return Violation(found.endpoint, found.status, scrub(found.where), scrub(found.message))

    def pytest_cutover_judge(self, evidence: RunEvidence) -> Contribution | None:
        """Return the gates of the family `contract`, where the configuration has its table."""
        if self._plan.config.contract is None or not self._plan.phase.runs_the_suite:
            return None
        seen = evidence.received.of(CONTRACT)
        found = contract_contribution(self.document, seen, again=evidence.again)
        if self._plan.config.coverage is not None or evidence.narrowed:
            return found
        return replace(found, not_judged=(*found.not_judged, *self._never_asked(seen)))

    def _never_asked(self, seen: Iterable[ContractEvidence]) -> Iterable[NotJudged]:
        """Yield the operations that no test asked, where no coverage is demanded that would say
        so.
        """
        asked = {endpoint for one in seen for endpoint, _ in one.seen}
        every = [str(operation.endpoint) for operation in self.document.operations]
        silent = [endpoint for endpoint in every if endpoint not in asked]
        if silent:
            shown = ", ".join(silent[:3]) + (", …" if len(silent) > 3 else "")
            count = f"{len(silent)} of {len(every)} operations of the contract"
            yield NotJudged(title=count, reason=f"no test asked them: {shown}", code="CUT405")


class CoveragePlugin:
    """Judges the matrix over what the contract's plugin gathered."""

    def __init__(self, session: Session, contract: ContractPlugin) -> None:
        self._plan, self._session = session.plan, session
        self._contract = contract

    def pytest_cutover_judge(self, evidence: RunEvidence) -> Contribution | None:
        """Return the gates of the family `coverage`, which a part of a suite cannot fill."""
        table = self._plan.config.coverage
        if table is None or not self._plan.phase.runs_the_suite:
            return None
        found = coverage_contribution(
            self._contract.document, evidence.received.of(CONTRACT), evidence.tests, table
        )
        if evidence.narrowed:
            return Contribution(family="coverage", coverage=found.coverage)
        return found


def contract_rooms(session: Session) -> Iterable[tuple[str, object]]:
    """Yield the plugins that this configuration asks for, by name. Raises FileError."""
    plan = session.plan
    if plan.config.contract is None and plan.config.coverage is None:
        return
    contract = ContractPlugin(session)
    yield "contract", contract
    yield "coverage", CoveragePlugin(session, contract)
