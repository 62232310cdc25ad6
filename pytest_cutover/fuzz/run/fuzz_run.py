"""What the items of a fuzz run share in one process: both sides, generators, the budget."""

from __future__ import annotations

import os
import shlex
from typing import TYPE_CHECKING, Final

import pytest

from pytest_cutover.backends.lifecycle import BothBackends
from pytest_cutover.backends.session import Session
from pytest_cutover.fuzz.run.plan import FuzzPlan, why_not

if TYPE_CHECKING:
    from pytest_cutover.fuzz.generate.cases import CaseGenerator
    from pytest_cutover.fuzz.generate.operations import FuzzDocument, FuzzOperation
    from pytest_cutover.fuzz.run.entering import Entering
    from pytest_cutover.fuzz.run.explaining import Members
    from pytest_cutover.fuzz.run.running import Budget, FuzzSession
    from pytest_cutover.fuzz.run.sequences import Sequences


# Where nobody said how long: a document of hundreds of operations takes its time.
_SECONDS: Final = 120.0
_SECONDS_EACH: Final = 1.5


class FuzzRun:
    """Made with the run; what is slow to import is imported when the first item asks for it.

    `weight` is that of all items that share the seconds of the run; `shown` are the kept files
    that an item of this process has shown.
    """

    def __init__(
        self, config: pytest.Config, run: Session, backends: BothBackends, plan: FuzzPlan | None
    ) -> None:
        self.plan = plan
        self.weight = 1.0
        self.shown: set[str] = set()
        self._config, self._run, self._backends = config, run, backends
        self._session: FuzzSession | None = None
        self._generators: dict[str, CaseGenerator] = {}
        self._members: dict[str, Members] = {}
        self._entering: Entering | None = None
        self._sequences: Sequences | None = None
        self._budget: Budget | None = None
        self.document: FuzzDocument | None = None

    def opened(self, session: pytest.Session) -> FuzzSession:
        """Both sides; opened by the first item that needs them."""
        if self._session is None:
            from pytest_cutover.compare.confirm.both_sides import BothSides
            from pytest_cutover.fuzz.run.running import FuzzSession

            sides = BothSides(self._config, self._run, self._backends, session, name="fuzz")
            self._session = FuzzSession(sides, self._run)
        return self._session

    def share(self, weight: float = 1.0) -> float:
        """Return the seconds that the next item may take, which weighs as so many operations."""
        if self._budget is None:
            from pytest_cutover.fuzz.run.running import Budget

            assert self.plan is not None
            workers = max(1, self._run.plan.workers if self._run.plan.is_worker else 1)
            seconds = self.plan.seconds or max(_SECONDS, _SECONDS_EACH * self.weight)
            self._budget = Budget(seconds, self.weight / workers)
        return self._budget.share(weight)

    def generator(self, operation: FuzzOperation) -> CaseGenerator:
        """Return the cases of an operation; what it takes to find them is done once."""
        if operation.endpoint not in self._generators:
            from pytest_cutover.fuzz.generate.cases import CaseGenerator

            seed = self.plan.seed if self.plan else 0
            self._generators[operation.endpoint] = CaseGenerator(operation, seed=seed)
        return self._generators[operation.endpoint]

    def entering(self, session: FuzzSession) -> Entering:
        """Return what lets requests of the document in."""
        if self._entering is None:
            from pytest_cutover.fuzz.run.entering import Entering

            assert self.document is not None
            self._entering = Entering(self.document, self, session.pair)
            self._entering.find_out_whose_data()
        return self._entering

    def sequences(self, session: FuzzSession) -> Sequences:
        """Return who follows whom in the document; learned once."""
        if self._sequences is None:
            from pytest_cutover.fuzz.run.sequences import Sequences

            assert self.document is not None
            self._sequences = Sequences(self.document, self, session)
        return self._sequences

    def members(self, endpoint: str) -> Members:
        """Return what the document says of the members of an operation."""
        from pytest_cutover.fuzz.run.explaining import Members

        if endpoint not in self._members:
            known = self.document.by_endpoint(endpoint) if self.document else None
            self._members[endpoint] = (
                Members(known.constraints(), known.answers, known.shared_member)
                if known
                else Members()
            )
        return self._members[endpoint]

    def why_not(self, method: str) -> str:
        """Why requests of this method are not sent; empty where they are."""
        return why_not(method, self._run.plan, self.plan)

    def leave_out(self, nodeid: str) -> None:
        """Note an item that could not run because a side does not answer."""
        if nodeid not in self._run.not_run:
            self._run.not_run.append(nodeid)

    def scrub(self, text: str) -> str:
        """Return the text without secrets."""
        return self._run.secrets.scrub(text)

    def again(self, path: str) -> str:
        """Return the command that replays a kept case."""
        shown = os.path.relpath(path, self._config.invocation_params.dir)
        return f"{self._run.plan.command.whole()} {shlex.quote(shown)}"

    def close(self) -> None:
        """Close what was opened."""
        if self._session is not None:
            self._session.close()
