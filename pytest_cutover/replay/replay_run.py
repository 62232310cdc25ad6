"""What the recordings of a run share in one process: both sides, and what tells of them."""

from __future__ import annotations

from functools import cached_property
from urllib.parse import urlsplit

import pytest

from pytest_cutover.backends.lifecycle import BothBackends
from pytest_cutover.backends.session import Session
from pytest_cutover.compare.confirm.both_sides import BothSides
from pytest_cutover.compare.evidence.accepting import AcceptingObserver
from pytest_cutover.core.exchange import Exchange


class ReplayRun:
    """Made when the first recording is collected."""

    def __init__(self, config: pytest.Config, run: Session, backends: BothBackends) -> None:
        self._config, self._run, self._backends = config, run, backends
        self._sides: BothSides | None = None

    def close(self) -> None:
        """Close what was opened."""
        if self._sides is not None:
            self._sides.close()

    def opened(self, session: pytest.Session) -> BothSides:
        """Return both sides; opened by the first recording."""
        if self._sides is None:
            self._sides = BothSides(self._config, self._run, self._backends, session, name="replay")
        return self._sides

    @cached_property
    def observer(self) -> AcceptingObserver:
        """What turns differences into evidence."""
        return AcceptingObserver(self._run)

    def leave_out(self, nodeid: str) -> None:
        """Note a recording that could not be replayed because a side does not answer."""
        if nodeid not in self._run.not_run:
            self._run.not_run.append(nodeid)

    @property
    def origins(self) -> frozenset[str]:
        """The origins that are surely the own ones: the target's, and those of `[replay]`."""
        target = self._run.plan.target
        urls = [target.baseline.url or "", target.candidate.url or "", *self._run.urls.values()]
        named = self._run.plan.config.replay.origins
        return frozenset([*(_origin(url) for url in urls if url), *named])

    @property
    def may_write(self) -> bool:
        """Whether recorded writes may be sent."""
        return self._run.plan.target.may_write

    def observe(self, exchange: Exchange) -> None:
        """Let the secrets of a recording be known before anything is written."""
        self._run.secrets.observe(exchange)

    def scrub(self, text: str) -> str:
        """Return the text without secrets."""
        return self._run.secrets.scrub(text)


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()
