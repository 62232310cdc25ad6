"""The items of a fuzz run: operations, sequences, the protocol, the login, and kept cases."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from pytest_cutover.backends.waiting import told_when_long
from pytest_cutover.core.errors import FileError
from pytest_cutover.core.evidence import TEST, TestEvidence
from pytest_cutover.fuzz.generate.payload import OPERATION, PROTOCOL, TOLD, Told
from pytest_cutover.fuzz.run import corpus
from pytest_cutover.fuzz.run.failure_message import failure_text

if TYPE_CHECKING:
    from pytest_cutover.fuzz.generate.case import Case
    from pytest_cutover.fuzz.generate.operations import FuzzDocument, FuzzOperation
    from pytest_cutover.fuzz.generate.protocol import Asked
    from pytest_cutover.fuzz.run.fuzz_run import FuzzRun
    from pytest_cutover.fuzz.run.running import FuzzSession
    from pytest_cutover.fuzz.run.triage import Examiner

_SEQUENCES: Final = "sequences"
_LISTS: Final = "lists"
_PROTOCOL: Final = "protocol"
_LOGIN: Final = "login"
_MOST_SECONDS: Final = 60.0
_READ_AGAIN: Final = 6


@dataclass(frozen=True, slots=True)
class _Share:
    """One item's part of the time: when it began, and until when it compares and shrinks."""

    began: float
    compare_until: float
    shrink_until: float


class FuzzItem(pytest.Item):
    """Something to generate or replay. Subclasses say what, in `run`."""

    room: FuzzRun
    weight: float = 0.0

    def runtest(self) -> None:
        """Compare, shrink, tell; fail with every finding that nobody accepted."""
        session = self.room.opened(self.session)
        if session.problem:
            self.room.leave_out(self.nodeid)
            pytest.skip(session.problem)
        session.begin()
        try:
            with told_when_long(self.config, lambda: f"{self.name}: {session.doing()}"):
                if self.room.document is not None:
                    # Whose data they are is known before anything is compared.
                    self.room.entering(session)
                told = self.run(session)
        except Exception as error:
            TOLD.attach(self.user_properties, _broken_off(self.nodeid, error))
            raise
        self._tell(told)
        text = failure_text(told, self.room.again, self.room.shown)
        self.room.shown |= {one.kept for one in told.findings}
        if text:
            pytest.fail(self.room.scrub(text), pytrace=False)

    def run(self, session: FuzzSession) -> Told:
        """Return what this item has to do."""
        raise NotImplementedError

    def reportinfo(self) -> tuple[Path | str, int | None, str]:
        """Where pytest says that this is: in no file of the suite."""
        return self.path, None, self.name

    def _compared(
        self,
        session: FuzzSession,
        share: _Share,
        examiner: Examiner,
        cases: Iterable[Case],
        *,
        kind: str,
        wanted: Callable[[str], int],
        endpoint: str = "",
        left_out: int = 0,
        nothing: str = "",
    ) -> Told:
        """Compare cases and shrink what they show, in a share of the time, and return what came.

        `wanted` is how many there should have been, given why they ended early. `nothing` says
        what it is if there was none.
        """
        stopped = session.compare(examiner, cases, until=share.compare_until)
        now = time.monotonic()
        session.shrink(examiner, until=share.shrink_until)
        if not examiner.tally.compared:
            stopped = stopped or nothing
        return session.told(
            self.nodeid,
            endpoint,
            kind,
            examiner=examiner,
            wanted=wanted(stopped),
            left_out=left_out,
            began=share.began,
            shrinking_s=time.monotonic() - now,
            stopped=stopped,
        )

    def _share(self, session: FuzzSession, began: float | None = None) -> _Share:
        """Return this item's part of the time that is left; it `began` now, or before."""
        now = time.monotonic() if began is None else began
        return _Share(now, *session.limits(self.room.share(self.weight)))

    def _tell(self, told: Told) -> None:
        evidence = TestEvidence(
            nodeid=self.nodeid,
            test=self.nodeid,
            side="both",
            marker="fuzz",
            endpoints=(told.endpoint,) if told.endpoint else (),
            scenario="fuzz",
            requests=told.requests,
            compared="live" if told.compared else "",
            differences=tuple(one.observed for one in told.findings),
            alike=told.alike,
        )
        TEST.attach(self.user_properties, evidence)
        TOLD.attach(self.user_properties, told)


def _broken_off(nodeid: str, error: Exception) -> Told:
    """Return what an item tells that could not be made or judged: what it missed is not known."""
    why = f"it broke off with {type(error).__name__}, an error of pytest-cutover: report it"
    return Told(nodeid=nodeid, endpoint="", kind="broken off", wanted=1, compared=0, stopped=why)


class OperationItem(FuzzItem):
    """One operation of the schema."""

    operation: FuzzOperation
    weight = 1.0

    @classmethod
    def of(cls, session: pytest.Session, room: FuzzRun, operation: FuzzOperation) -> OperationItem:
        """Return the item of an operation."""
        item: OperationItem = cls.from_parent(
            session, name=f"fuzz {operation.endpoint}", nodeid=f"fuzz::{operation.endpoint}"
        )
        item.room, item.operation = room, operation
        return item

    def run(self, session: FuzzSession) -> Told:
        """Compare the operation's cases."""
        from pytest_cutover.fuzz.run.triage import classes_of

        operation, plan = self.operation, self.room.plan
        assert plan is not None
        began = time.monotonic()
        if operation.broken:
            self._tell_broken(operation)
        entering = self.room.entering(session)
        entering.known(operation)  # what others give out is learned by the first who needs it
        share = self._share(session, began)
        examiner = session.examiner(
            classes_of({operation.endpoint: operation.classes}), members=self.room.members
        )
        cases = chain(
            entering.of_nobody(operation),
            entering.pages(operation),
            entering.all_before(operation, self.room.generator(operation).cases(plan.cases)),
            self._refused_by_one(examiner),
        )
        return self._compared(
            session,
            share,
            examiner,
            cases,
            kind=OPERATION if operation.offered else "other method",
            wanted=lambda stopped: plan.cases if stopped else examiner.tally.compared,
            endpoint=operation.endpoint,
            nothing="nothing could be generated",
        )

    def _refused_by_one(self, examiner: Examiner) -> Iterator[Case]:
        entered = self.room.generator(self.operation).entered
        if entered is not None:
            yield from examiner.refused.with_what_is_taken(entered.body)

    def _tell_broken(self, operation: FuzzOperation) -> None:
        assert self.room.plan is not None
        told = Told(
            nodeid=self.nodeid,
            endpoint=operation.endpoint,
            kind=OPERATION,
            wanted=self.room.plan.cases,
            compared=0,
            stopped="schema",
            reason=operation.broken,
        )
        TOLD.attach(self.user_properties, told)
        pytest.skip(f"the schema of {operation.endpoint} cannot be used: {operation.broken}")


class SequenceItem(FuzzItem):
    """Writes followed by what reads or uses what they made."""

    document: FuzzDocument

    @classmethod
    def of(cls, session: pytest.Session, room: FuzzRun, document: FuzzDocument) -> SequenceItem:
        """Return the item of a document."""
        item: SequenceItem = cls.from_parent(
            session, name=f"fuzz {_SEQUENCES}", nodeid=f"fuzz::{_SEQUENCES}"
        )
        item.room, item.document = room, document
        item.weight = max(2.0, len(document.operations) / 2)
        return item

    def run(self, session: FuzzSession) -> Told:
        """Compare the sequences that links tell."""
        from pytest_cutover.fuzz.run.triage import classes_of

        plan = self.room.plan
        assert plan is not None
        share = self._share(session)
        classes = {one.endpoint: one.classes for one in self.document.operations if not one.broken}
        examiner = session.examiner(classes_of(classes), members=self.room.members)
        sequences = self.room.sequences(session)
        per_link = max(2, min(10, plan.cases // 10))
        return self._compared(
            session,
            share,
            examiner,
            sequences.cases(per_link),
            kind="sequences",
            wanted=lambda stopped: examiner.tally.compared + (1 if stopped else 0),
        )


class ListsItem(FuzzItem):
    """Lists, read again once there is something in them.

    They were compared before anything was written, and many a backend begins with no rows.
    """

    operations: tuple[FuzzOperation, ...]

    @classmethod
    def of(
        cls, session: pytest.Session, room: FuzzRun, operations: Iterable[FuzzOperation]
    ) -> ListsItem:
        """Return the item of the operations that list something."""
        item: ListsItem = cls.from_parent(session, name=f"fuzz {_LISTS}", nodeid=f"fuzz::{_LISTS}")
        item.room, item.operations = room, tuple(operations)
        item.weight = max(1.0, len(item.operations) / 4)
        return item

    def run(self, session: FuzzSession) -> Told:
        """Compare the first cases of each once more."""
        from pytest_cutover.fuzz.run.triage import classes_of

        share = self._share(session)
        classes = {one.endpoint: one.classes for one in self.operations}
        examiner = session.examiner(classes_of(classes), members=self.room.members)
        entering = self.room.entering(session)
        cases = [
            entering.before(one, case)
            for one in self.operations
            for case in self.room.generator(one).cases(_READ_AGAIN)
        ]
        return self._compared(
            session, share, examiner, cases, kind=_LISTS, wanted=lambda _stopped: len(cases)
        )


class ProtocolItem(FuzzItem):
    """Valid requests of all operations, each with something odd about its protocol."""

    operations: tuple[FuzzOperation, ...]

    @classmethod
    def of(
        cls, session: pytest.Session, room: FuzzRun, operations: Iterable[FuzzOperation]
    ) -> ProtocolItem:
        """Return the item of a document's operations."""
        item: ProtocolItem = cls.from_parent(
            session, name=f"fuzz {_PROTOCOL}", nodeid=f"fuzz::{_PROTOCOL}"
        )
        item.room, item.operations = room, tuple(operations)
        item.weight = max(2.0, len(item.operations) / 2)
        return item

    def run(self, session: FuzzSession) -> Told:
        """Compare what only the protocol makes odd."""
        from pytest_cutover.fuzz.generate.protocol import most_of, protocol_cases

        assert self.room.plan is not None
        share = self._share(session)
        examiner = session.examiner(lambda _call: frozenset(), over_operations=True)
        asked = list(self._asked(session, until=share.compare_until))
        entering = self.room.entering(session)
        every = list(protocol_cases(asked))
        many = len(asked) + most_of(self.room.plan.cases, len(asked))
        cases = [entering.complete(case) for case in every[:many]]
        return self._compared(
            session,
            share,
            examiner,
            cases,
            kind=PROTOCOL,
            wanted=lambda _stopped: len(cases),
            left_out=len(every) - len(cases),
        )

    def _asked(self, session: FuzzSession, *, until: float) -> Iterator[Asked]:
        """Yield the operations with a request that the baseline takes, as far as the time goes."""
        from pytest_cutover.fuzz.generate.protocol import MOST_BAD_TOKENS, Asked, is_login

        methods: dict[str, set[str]] = {}
        for one in self.operations:
            method, _, template = one.endpoint.partition(" ")
            methods.setdefault(template, set()).add(method)
        entering = self.room.entering(session)
        seen: set[str] = set()
        bad_tokens = 0
        for one in self.operations:
            call = entering.valid_call(one) if time.monotonic() < until else None
            if call is None:
                continue
            bad = session.logged_in and not is_login(call.template) and bad_tokens < MOST_BAD_TOKENS
            bad_tokens += bad
            yield Asked(
                call=call,
                methods=frozenset(methods[call.template]),
                writes=not self.room.why_not("POST"),
                first_of_path=call.template not in seen,
                logged_in=session.logged_in,
                bad_token=bad,
                answers=one.answers,
            )
            seen.add(call.template)


class LoginItem(FuzzItem):
    """What the login of the project asked, once more: what it is answered is compared too."""

    operations: tuple[FuzzOperation, ...]

    @classmethod
    def of(
        cls, session: pytest.Session, room: FuzzRun, operations: Iterable[FuzzOperation]
    ) -> LoginItem:
        """Return the item of a document's operations; last, where a login ends the one before."""
        item: LoginItem = cls.from_parent(session, name=f"fuzz {_LOGIN}", nodeid=f"fuzz::{_LOGIN}")
        item.room, item.operations = room, tuple(operations)
        return item

    def run(self, session: FuzzSession) -> Told:
        """Compare what both sides answer to it."""
        from pytest_cutover.fuzz.generate.logins import login_cases

        began = time.monotonic()
        examiner = session.examiner(lambda _call: frozenset(), members=self.room.members)
        cases = list(login_cases(*session.logins, [one.endpoint for one in self.operations]))
        stopped = session.compare(examiner, cases, until=began + _MOST_SECONDS)
        return session.told(
            self.nodeid,
            "",
            _LOGIN,
            examiner=examiner,
            wanted=len(cases),
            began=began,
            shrinking_s=0.0,
            stopped=stopped,
        )

    def _tell(self, told: Told) -> None:
        if told.wanted:  # a login that asks nothing of the document is no evidence that is missing
            super()._tell(told)


class KeptFile(pytest.File):
    """A file with a kept case."""

    room: FuzzRun

    def collect(self) -> Iterator[pytest.Item]:
        """Yield the one item of the file."""
        try:
            case = corpus.read(self.path)
        except FileError as error:
            raise self.CollectError(str(error)) from None
        item: KeptItem = KeptItem.from_parent(self, name=case.case.label)
        item.room, item.kept = self.room, case
        yield item


class KeptItem(FuzzItem):
    """One kept case, asked as it is."""

    kept: corpus.Kept

    def run(self, session: FuzzSession) -> Told:
        """Ask the case again."""
        from pytest_cutover.fuzz.run.triage import INVALID, METHOD, UNKNOWN

        began = time.monotonic()
        case = self.kept.case
        methods = {call.method for call in case.calls}
        for method in sorted(methods):
            why = self.room.why_not(method)
            if why:
                pytest.skip(f"{case.label} was not sent: {why}")
        word = self.kept.request
        classes = frozenset({word} if word in (INVALID, METHOD, UNKNOWN) else ())
        odd = case.origin.startswith(PROTOCOL)
        examiner = session.examiner(lambda _call: classes, over_operations=odd)
        session.compare(examiner, islice([case], 1), until=began + _MOST_SECONDS)
        for key, found in examiner.findings.items():
            session.settled.findings.setdefault(key, found)
        return session.told(
            self.nodeid,
            case.calls[-1].endpoint,
            "kept",
            examiner=examiner,
            wanted=1,
            began=began,
            shrinking_s=0.0,
            stopped="",
        )
