"""Turns what a fuzz item found into evidence: what is accepted, what is kept, what is told."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Final

from pytest_cutover.backends.session import Session
from pytest_cutover.compare.diff.difference import Kind
from pytest_cutover.compare.evidence.accepting import AcceptingObserver
from pytest_cutover.compare.evidence.signatures import finding_id
from pytest_cutover.core.evidence import DifferenceEvidence
from pytest_cutover.fuzz.generate.logins import ORIGIN as LOGIN
from pytest_cutover.fuzz.generate.payload import Shown, Told, identity_parts
from pytest_cutover.fuzz.run.corpus import FOLDER, Kept, keep
from pytest_cutover.fuzz.run.explaining import OF_METHOD, OF_REQUESTS, rounded, settled
from pytest_cutover.fuzz.run.triage import EVERY, Examiner, Found, Key

SCENARIO: Final = "fuzz"
_MOST_PLACES: Final = 6
_WHOLE: Final = frozenset(("object", "array"))


class EvidenceBuilder:
    """What the items of one process have to say, without anybody's secrets."""

    def __init__(self, session: Session) -> None:
        self._plan, self._session = session.plan, session
        self._observer = AcceptingObserver(session)
        # Of all items of this process.
        self._alike: set[str] = set()

    def shown(self, found: Found, nodeid: str) -> Shown:
        """Return a finding as evidence, its case kept as a file."""
        key = found.key
        test = _test_id(found.difference.endpoint, key.request)
        values = tuple(found.values) or found.difference.values
        is_whole = not _WHOLE.isdisjoint(found.difference.change.split(" → "))
        if found.difference.kind is Kind.STATUS or is_whole:
            values = ()  # of the answer to this one request: the next run makes others

        (observed,), _ = self._observer.observed(
            (replace(found.difference, values=values),),
            frozenset({key.signature}) if found.unstable else frozenset(),
            nodeid=nodeid,
            test=test,
            scenario=SCENARIO,
            baseline=found.baseline,
            candidate=found.candidate,
        )
        return Shown(
            observed=replace(
                observed,
                test=test,
                explanation=self._explanation(found, observed),
            ),
            request=key.request,
            member=key.member,
            test=test,
            occurrences=found.occurrences,
            kept=self._kept(found, observed),
            calls=len(found.case.calls),
        )

    def _explanation(self, found: Found, observed: DifferenceEvidence) -> str:
        """Return what the request proves, then what the answer does, then what a write stored."""
        own = self._session.secrets.scrub(
            settled(tuple(found.explanations), found.case, shrunk=found.shrunk)
        )
        recognizer, _, what = observed.explanation.partition(": ")
        everywhere = recognizer == "error status" and what.partition(" ")[0] not in self._alike
        if own.partition(":")[0] in OF_REQUESTS or (own.startswith(OF_METHOD) and not everywhere):
            return own
        values = tuple(found.values) or found.difference.values
        return observed.explanation or rounded(values, observed.pointer) or own

    def _kept(self, found: Found, observed: DifferenceEvidence) -> str:
        if found.case.origin == LOGIN:
            return ""  # no file has a password
        kept = Kept(_identity(found.key), observed.signature, found.key.request, found.case)
        path = keep(self._plan.report_dir / FOLDER, kept)
        return str(path) if path else ""

    def told(
        self,
        item: str,
        endpoint: str,
        kind: str,
        *,
        requests: int,
        cpu_s: Mapping[str, float],
        examiner: Examiner,
        wanted: int,
        began: float,
        shrinking_s: float,
        stopped: str,
        left_out: int = 0,
        limited: Collection[str] = (),
    ) -> Told:
        """Return what an item did, for the controller."""
        tally = examiner.tally
        self._alike |= tally.alike
        reason = max(tally.reasons, key=lambda why: tally.reasons[why], default="")
        return Told(
            nodeid=item,
            endpoint=endpoint,
            kind=kind,
            wanted=wanted,
            compared=tally.compared - tally.unsteady,
            unsteady=tally.unsteady,
            asked_again=tally.asked_again,
            followed=tally.followed,
            requests=requests,
            cpu_s={part: round(seconds, 4) for part, seconds in cpu_s.items()},
            seconds=round(time.monotonic() - began, 3),
            shrinking_s=round(shrinking_s, 3),
            stopped=stopped,
            left_out=left_out,
            reason=self._session.secrets.scrub(reason)[:400],
            operations=dict(tally.operations),
            alike=tuple(sorted(tally.alike)),
            unknown_ids=tuple(tally.unknown_ids)[:_MOST_PLACES],
            limited=tuple(limited)[:_MOST_PLACES],
            findings=tuple(self.shown(found, item) for found in examiner.findings.values()),
        )


def _identity(key: Key) -> str:
    """Return the id of a finding: the same in every run, another than a test's finding has."""
    return finding_id("\0".join(identity_parts(key.signature, key.request, key.member)))


def _test_id(endpoint: str, request: str) -> str:
    """Return what accepted differences take for the test: the endpoint, and the class where it
    matters.
    """
    name = "protocol" if endpoint == EVERY else endpoint
    return f"fuzz::{name}[{request}]" if request else f"fuzz::{name}"
