"""What the items of a fuzz run share in one process: both sides, generators, the budget."""

from __future__ import annotations

import os
import shlex
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest

from pytest_cutover.backends.lifecycle import BothBackends
from pytest_cutover.backends.session import Session
from pytest_cutover.fuzz.run.plan import FuzzPlan, why_not

if TYPE_CHECKING:
    from pytest_cutover.core.exchange import Transcript
    from pytest_cutover.fuzz.generate.case import Binding, Call, Case
    from pytest_cutover.fuzz.generate.cases import CaseGenerator
    from pytest_cutover.fuzz.generate.operations import FuzzDocument, FuzzOperation
    from pytest_cutover.fuzz.generate.references import Prefix
    from pytest_cutover.fuzz.run.running import Budget, FuzzSession
    from pytest_cutover.fuzz.run.sequences import Sequences


_MOST_TRIES: Final = 6
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
        self._bindings: dict[str, tuple[Binding, ...]] = {}
        self._prefixes: dict[str, Prefix] = {}
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
                generator, ask = self.generator(operation), session.pair.learned
                bases = generator.bases()
                found = fresh_places(bases, ask, operation.body_schema)
                generator.entered = largest_taken(bases, found, ask, operation.body_schema)
            self._bindings[operation.endpoint] = found
        return self._bindings[operation.endpoint]

    def sequences(self, session: FuzzSession) -> Sequences:
        """Return who follows whom in the document; learned once."""
        if self._sequences is None:
            from pytest_cutover.fuzz.run.sequences import Sequences

            assert self.document is not None
            self._sequences = Sequences(self.document, self, session)
        return self._sequences

    def prefix(self, session: FuzzSession, operation: FuzzOperation) -> Prefix:
        """Return what is sent before the requests of an operation that lets none in by itself."""
        if operation.endpoint not in self._prefixes:
            self._prefixes[operation.endpoint] = self._learned_prefix(session, operation)
        return self._prefixes[operation.endpoint]

    def _learned_prefix(self, session: FuzzSession, operation: FuzzOperation) -> Prefix:
        from pytest_cutover.fuzz.generate.references import Prefix
        from pytest_cutover.fuzz.generate.unique_fields import fresh_places, largest_taken

        self.fresh(session, operation)
        generator = self.generator(operation)
        refers = operation.offered and operation.json_body is not None and operation.method != "GET"
        if not refers or generator.entered is not None:
            return Prefix()
        found = self.sequences(session).prefix(operation)

        def ask(case: Case) -> Transcript:
            transcript = session.pair.learned(found.before(case))
            return replace(transcript, exchanges=transcript.exchanges[-1:])

        if found.calls:
            bases, schema = generator.bases(), operation.body_schema
            fresh = fresh_places(bases, ask, schema)
            generator.entered = largest_taken(bases, fresh, ask, schema)
            self._bindings[operation.endpoint] = fresh
        return found if generator.entered is not None else Prefix()

    def valid_call(self, session: FuzzSession, operation: FuzzOperation) -> Call | None:
        """Return a request that the baseline takes, if one was found, else one that is valid."""
        from pytest_cutover.fuzz.generate.case import Case
        from pytest_cutover.fuzz.generate.unique_fields import bound, is_taken

        prefix = self.prefix(session, operation)
        bindings, generator = self.fresh(session, operation), self.generator(operation)
        bases = generator.bases()
        if generator.entered is not None:
            bases = [replace(bases[0], body=dict(generator.entered.body)), *bases]
        calls = [bound(Case((call,)), bindings).calls[0] for call in bases[:_MOST_TRIES]]
        if prefix.calls:
            return calls[0]
        taken = (call for call in calls if is_taken(session.pair.learned, call))
        return next(taken, calls[0] if calls else None)

    def why_not(self, method: str) -> str:
        """Why requests of this method are not sent; empty where they are."""
        return why_not(method, self._run.plan, self.plan)

    def leave_out(self, nodeid: str) -> None:
        """Note an item that could not run because a side does not answer."""
        if nodeid not in self._run.not_run:
            self._run.not_run.append(nodeid)

    def scrub(self, text: str) -> str:
        """The text without secrets."""
        return self._run.secrets.scrub(text)

    def again(self, path: str) -> str:
        """The command that replays a kept case."""
        shown = os.path.relpath(path, self._config.invocation_params.dir)
        return f"{self._run.plan.command.whole()} {shlex.quote(shown)}"

    def close(self) -> None:
        """Close what was opened."""
        if self._session is not None:
            self._session.close()
