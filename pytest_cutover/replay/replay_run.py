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
from pytest_cutover.replay.importers.entry import origin_of


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
        named = self._run.plan.config.replay.origins
        return frozenset([*(origin_of(url) for url in self._urls), *named])

    @property
    def bases(self) -> frozenset[str]:
        """The paths that the URLs of the two sides end with."""
        return frozenset(urlsplit(url).path.rstrip("/") for url in self._urls)

    @property
    def _urls(self) -> list[str]:
        target = self._run.plan.target
        urls = [target.baseline.url, target.candidate.url, *self._run.urls.values()]
        return [url for url in urls if url]

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
