"""One process' part of a fuzz run: both sides opened once, and what an item does with them.

Imported when the first item runs. An item compares its cases, shrinks what is new, keeps the cases
as files and tells the controller.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Final

import pytest

from pytest_cutover.backends.client import Recorder, open_backend
from pytest_cutover.backends.exchange import Side
from pytest_cutover.backends.login import Credentials
from pytest_cutover.backends.state import SessionState
from pytest_cutover.fuzz.ask import Asker
from pytest_cutover.fuzz.case import Case
from pytest_cutover.fuzz.examine import Classes, Examiner, Found, Key, Rulebook
from pytest_cutover.fuzz.kept import FOLDER, Kept, keep
from pytest_cutover.fuzz.payload import Shown, Told
from pytest_cutover.fuzz.shrink import shrink
from pytest_cutover.gate.evidence import Observed
from pytest_cutover.parity.accepted import Accepted, load_accepted
from pytest_cutover.parity.findings import finding_id
from pytest_cutover.parity.observe import Examples, Observer
from pytest_cutover.parity.rounds import Judged, Round
from pytest_cutover.parity.settings import profiles_of, rules_of

_FOR_COMPARING: Final = 0.7
_GENEROUS: Final = 2
BUDGET: Final = "budget"
SCENARIO: Final = "fuzz"


class Budget:
    """The seconds of a run, shared out: what one item leaves over is there for the others."""

    def __init__(self, seconds: float, items: int) -> None:
        self._seconds = seconds
        self._items = max(items, 1)
        self._ends = 0.0

    def share(self) -> float:
        """How long the next item may take, in seconds."""
        now = time.monotonic()
        self._ends = self._ends or now + self._seconds
        left = max(0.0, self._ends - now)
        # Most items need less than their share: one that needs more may take it.
        share = min(left, _GENEROUS * left / self._items)
        self._items = max(1, self._items - 1)
        return share


@dataclass(slots=True)
class Settled:
    """What this process knows already: findings with their smallest case."""

    findings: dict[Key, Found] = field(default_factory=dict)


class Session:
    """Both sides, ready to be asked, and everything that turns a difference into evidence."""

    def __init__(self, config: pytest.Config, state: SessionState, session: pytest.Session) -> None:
        self._state = state
        self.settled = Settled()
        self._requests = 0
        self._closing = ExitStack()
        plugin: Any = config.pluginmanager.get_plugin("cutover-backends")
        plugin.start(config)
        self.problem = next(iter(state.problems.values()), "").partition("\n")[0]
        self._request = _Request(config, session)
        self._login: Callable[..., Credentials] = plugin._credentials
        self._today = datetime.now(UTC).date()
        self._observer = Observer(
            scrub=state.secrets.scrub, urls=state.urls, examples=Examples(state.spool_dir)
        )

    def close(self) -> None:
        """Close both clients; the connections are the session's."""
        self._closing.close()

    @cached_property
    def baseline(self) -> Asker:
        """The backend in service."""
        return self._asker(Side.BASELINE)

    @cached_property
    def candidate(self) -> Asker:
        """The backend that is to replace it."""
        return self._asker(Side.CANDIDATE)

    @cached_property
    def rulebook(self) -> Rulebook:
        """How this target's transcripts are compared."""
        target = self._state.target
        return Rulebook(
            rules=rules_of(self._state.config),
            profiles=profiles_of(target),
            shared_state=target.shared_state,
        )

    @cached_property
    def _accepted(self) -> Accepted:
        return load_accepted(self._state.config.accepted_path)

    def _asker(self, side: Side) -> Asker:
        state = self._state
        recorder = Recorder(
            "fuzz", side, session_started_s=state.started_s, observe=state.secrets.observe
        )
        credentials = self._login(self._request, side)
        box: list[Asker] = []
        backend = open_backend(
            state.transport(side),
            recorder,
            endpoint_of=lambda _method, _path: box[0].endpoint,
            headers=credentials.headers,
            auth=credentials.auth,
        )
        self._closing.enter_context(backend)
        box.append(Asker(backend, recorder, state.secrets, cookies=dict(credentials.cookies)))
        return box[0]

    # -- one item ---------------------------------------------------------------------------------

    def examiner(self, classes: Classes) -> Examiner:
        """An examiner of both sides."""
        return Examiner(
            self.baseline.ask, self.candidate.ask, rulebook=self.rulebook, classes=classes
        )

    def compare(self, examiner: Examiner, cases: Iterable[Case], *, until: float) -> str:
        """Examine cases; ``budget`` where the time is over before they are."""
        for case in cases:
            if time.monotonic() > until:
                return BUDGET
            examiner.examine(case)
        return ""

    def shrink(self, examiner: Examiner, *, until: float) -> None:
        """Replace the case of each finding by the smallest that shows it."""
        for key, found in list(examiner.findings.items()):
            known = self.settled.findings.get(key)
            if known is not None and known.case.size <= found.case.size:
                _take(found, known)
                continue
            if time.monotonic() < until:
                self._shrink_one(examiner, found, until)
            self.settled.findings[key] = found
        examiner.merge()

    def _shrink_one(self, examiner: Examiner, found: Found, until: float) -> None:
        def shows(case: Case) -> bool:
            if time.monotonic() > until:
                return False
            again = examiner.shows(case, found.key)
            if again is None:
                return False
            _take(found, again)
            return True

        _, found.steps = shrink(found.case, shows)
        found.shrunk = True

    def shown(self, found: Found, nodeid: str) -> Shown:
        """A finding as evidence, its case kept as a file."""
        key = found.key
        test = _test_id(found.difference.endpoint, key.request)

        def covering(signature: str) -> str | None:
            entry = self._accepted.covering(signature, test, SCENARIO, self._today)
            return entry.key if entry else None

        (observed,) = self._observer.observe(
            (found.difference,),
            frozenset({key.signature}) if found.unstable else frozenset(),
            nodeid=nodeid,
            covering=covering,
            baseline=found.baseline,
            candidate=found.candidate,
        )
        return Shown(
            observed=replace(observed, test=test),
            request=key.request,
            test=test,
            occurrences=found.occurrences,
            kept=self._kept(found, observed),
            calls=len(found.case.calls),
        )

    def observed(self, judged: Judged, test: str, first: Round) -> tuple[Observed, ...]:
        """The differences of a replayed recording as evidence, accepted as a test's are."""

        def covering(signature: str) -> str | None:
            entry = self._accepted.covering(signature, test, None, self._today)
            return entry.key if entry else None

        return self._observer.observe(
            judged.differences,
            judged.unstable,
            nodeid=test,
            covering=covering,
            baseline=first.baseline,
            candidate=first.candidate,
        )

    def _kept(self, found: Found, observed: Observed) -> str:
        kept = Kept(identity(found.key), observed.signature, found.key.request, found.case)
        path = keep(self._state.report_dir / FOLDER, kept)
        return str(path) if path else ""

    def told(
        self,
        item: str,
        endpoint: str,
        kind: str,
        *,
        examiner: Examiner,
        wanted: int,
        began: float,
        shrinking_s: float,
        stopped: str,
    ) -> Told:
        """What an item did, for the controller."""
        tally = examiner.tally
        reason = max(tally.reasons, key=lambda why: tally.reasons[why], default="")
        return Told(
            nodeid=item,
            endpoint=endpoint,
            kind=kind,
            wanted=wanted,
            compared=tally.compared - tally.unsteady,
            unsteady=tally.unsteady,
            asked_again=tally.asked_again,
            requests=self._requests_since(),
            seconds=round(time.monotonic() - began, 3),
            shrinking_s=round(shrinking_s, 3),
            stopped=stopped,
            reason=self._state.secrets.scrub(reason)[:400],
            findings=tuple(self.shown(found, item) for found in examiner.findings.values()),
        )

    def _requests_since(self) -> int:
        """The requests to both sides since this was last asked."""
        total = self.baseline.requests + self.candidate.requests
        since, self._requests = total - self._requests, total
        return since

    def limits(self, share: float) -> tuple[float, float]:
        """Until when to compare, and until when to shrink."""
        now = time.monotonic()
        return now + _FOR_COMPARING * share, now + share


def identity(key: Key) -> str:
    """The id of a finding: the same in every run, another than a test's finding has."""
    return finding_id("\0".join(("fuzz", key.signature, key.request)))


def _test_id(endpoint: str, request: str) -> str:
    """What accepted differences take for the test: the endpoint, and the class where it matters."""
    return f"fuzz::{endpoint}[{request}]" if request else f"fuzz::{endpoint}"


def _take(found: Found, other: Found) -> None:
    found.case, found.difference = other.case, other.difference
    found.baseline, found.candidate = other.baseline, other.candidate


class _Request:
    """What a login needs of pytest's request: a generated case is no function, and has none."""

    def __init__(self, config: pytest.Config, session: pytest.Session) -> None:
        self.config = config
        self.session = session
        self.node = session

    def getfixturevalue(self, name: str) -> Any:
        """Refuse: there is no test whose fixtures could be asked for."""
        raise LookupError(
            f"cutover_login uses the fixture {name}, which generated cases do not have; log in "
            "in the hook pytest_cutover_login(backend) of conftest.py"
        )


__all__ = ["BUDGET", "Budget", "Session", "identity"]
