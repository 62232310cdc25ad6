"""Evidence of differences that were found outside a test function, accepted as a test's are."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from pytest_cutover.backends.session import Session
from pytest_cutover.compare.diff.difference import Difference
from pytest_cutover.compare.evidence.differences import Examples, Observer
from pytest_cutover.compare.evidence.reviewed_values import Acceptance
from pytest_cutover.config.accepted import load_accepted
from pytest_cutover.config.datetimes import utc_today
from pytest_cutover.core.evidence import DifferenceEvidence
from pytest_cutover.core.exchange import Transcript


class AcceptingObserver:
    """Turns differences into evidence, asking the accepted ones of the target."""

    def __init__(self, run: Session) -> None:
        self._plan = run.plan
        self._today = utc_today()
        self._observer = Observer(
            scrub=run.secrets.scrub, urls=run.urls, examples=Examples(run.plan.spool_dir)
        )

    @cached_property
    def _acceptance(self) -> Acceptance:
        entries = load_accepted(self._plan.config.accepted_path_for(self._plan.target))
        return Acceptance(entries, self._today, self._observer.scrub)

    def observed(
        self,
        differences: Iterable[Difference],
        unstable: frozenset[str],
        *,
        nodeid: str,
        test: str,
        scenario: str | None,
        baseline: Transcript,
        candidate: Transcript,
    ) -> tuple[tuple[DifferenceEvidence, ...], int]:
        """Return one piece for each signature, and how many were left out.

        `test` and `scenario` are what the scope of an accepted difference is matched with.
        """

        def covering(difference: Difference) -> str | None:
            return self._acceptance.key_for(difference, test, scenario)

        return self._observer.observe(
            differences,
            unstable,
            nodeid=nodeid,
            covering=covering,
            seen=self._acceptance.seen,
            explain=self._acceptance.explain,
            baseline=baseline,
            candidate=candidate,
        )
