"""A HAR file as a test: the recording replayed on both sides, compared as any other test is."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

import pytest

from pytest_cutover.compare.confirm.confirmation import Judged, Round, judge
from pytest_cutover.compare.diff.transcripts import Comparison
from pytest_cutover.compare.evidence.failure_message import failure_text
from pytest_cutover.compare.noise.model import UnsteadyBaseline
from pytest_cutover.core.evidence import TEST, TestEvidence
from pytest_cutover.core.exchange import Generated, Response, Transcript
from pytest_cutover.core.json_pointer import get
from pytest_cutover.fuzz.run.executor import Asker, new_value
from pytest_cutover.fuzz.run.plan import READING
from pytest_cutover.replay.importers.har import (
    RecordedStep,
    Recording,
    recording,
    sent_headers,
    substituted,
)
from pytest_cutover.replay.importers.har_stream import HarError, entries

if TYPE_CHECKING:
    from pytest_cutover.fuzz.plugin import FuzzPlugin
    from pytest_cutover.fuzz.run.running import FuzzSession

_MOST_PLACES: Final = 8
_ROUNDS: Final = 2


class HarFile(pytest.File):
    """A file of recorded traffic."""

    room: FuzzPlugin

    def collect(self) -> Iterator[pytest.Item]:
        """The one item of the file: what its entries give out flows through all of it."""
        item: HarItem = HarItem.from_parent(self, name="replay")
        item.room = self.room
        yield item


class HarItem(pytest.Item):
    """The replay of one recording."""

    room: FuzzPlugin

    def runtest(self) -> None:
        """Replay on both sides, twice where something differs, and fail with what is left."""
        self._tell(requests=0)
        found = self._recording()
        session = self.room.opened(self.session)
        if session.problem:
            self.room.leave_out(self.nodeid)
            self._tell(requests=0, blocked=session.problem)
            pytest.skip(session.problem)
        replay = _Replay(self.nodeid, found.steps, session)
        judged, first = replay.judged()
        observed = session.teller.observed(judged, self.nodeid, first)
        evidence = self._tell(
            requests=sum(len(one.exchanges) for one in (first.baseline, first.candidate)),
            compared="live",
            differences=observed,
            inconclusive=judged.inconclusive,
            endpoints=tuple(dict.fromkeys(step.endpoint for step in found.steps)),
        )
        if judged.inconclusive or any(one.accepted is None for one in observed):
            pytest.fail(self.room.scrub(failure_text(evidence, rounds=_ROUNDS)), pytrace=False)

    def _recording(self) -> Recording:
        """What is to be replayed; skips, saying why, where that is nothing or not allowed."""
        try:
            found = recording(entries(self.path), self.room.observe)
        except (HarError, ValueError) as error:
            pytest.skip(f"{self.path.name} was not replayed: {error}. Export it again.")
        if not found.steps:
            reasons = ", ".join(f"{count} {why}" for why, count in found.left_out.items())
            pytest.skip(f"{self.path.name} has nothing to replay: {reasons or 'no entry'}")
        writes = sorted({step.request.method for step in found.steps} - READING)
        if writes and not self.room.may_write:
            pytest.skip(
                f"{self.path.name} was not replayed: it holds {', '.join(writes)}, and this target "
                "does not allow writes (writes = true, or --cutover-writes)"
            )
        return found

    def _tell(self, *, requests: int, **said: object) -> TestEvidence:
        """Put the evidence where reports take it from, in place of what was there."""
        evidence = TestEvidence(
            nodeid=self.nodeid,
            test=self.nodeid,
            side="both",
            marker="characterization",
            requests=requests,
        )
        evidence = replace(evidence, **said)  # type: ignore[arg-type]
        TEST.attach(self.user_properties, evidence)
        return evidence

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """The file."""
        return self.path, None, f"{self.path.name} replay"


class _Replay:
    """The steps of one recording on both sides."""

    def __init__(self, test: str, steps: tuple[RecordedStep, ...], session: FuzzSession) -> None:
        self._test = test
        self._steps = steps
        self._session = session
        self._new: list[str] = []

    def judged(self) -> tuple[Judged, Round]:
        """What the rounds say together, and the first of them."""
        self._learn_new()
        first = self._round()
        try:
            one = self._beside(first, first)(first.baseline, first.candidate)
            if not one.differences and not one.inconclusive:
                return Judged(()), first
            second = self._round()
            return judge((first, second), self._beside(first, second)), first
        except UnsteadyBaseline as error:
            return Judged((), inconclusive=str(error)), first

    def _beside(self, first: Round, second: Round) -> Callable[..., Comparison]:
        return self._session.rulebook.beside((first.baseline, second.baseline))

    def _round(self) -> Round:
        return Round(self._ask(self._session.baseline), self._ask(self._session.candidate))

    def _ask(self, asker: Asker) -> Transcript:
        live: dict[str, str] = {}
        generated: list[Generated] = []
        for number, sample in enumerate(self._new):
            live[sample], code = new_value(sample, len(sample) if len(sample) >= 12 else None)
            generated.append(Generated(f"new {number + 1}", code))
        asker.begin(generated)
        for step in self._steps:
            request = step.request
            body = request.body.decode("utf-8", "surrogateescape")
            headers = sent_headers(request, live)
            answer = asker.send(
                self._endpoint(step),
                substituted(request.target, live, encoded=True),
                [(name, substituted(value, live)) for name, value in headers],
                substituted(body, live).encode("utf-8", "surrogateescape") if body else None,
            )
            if answer is None:
                break
            live |= _given(step, answer)
        return replace(asker.transcript(), test=self._test)

    def _endpoint(self, step: RecordedStep) -> str:
        """The endpoint without the codes that are new in every replay."""
        segments = step.endpoint.split("/")
        return "/".join("{}" if unquote(part) in self._new else part for part in segments)

    def _learn_new(self) -> None:
        """Values of a write that the baseline takes only once: a replay sends new ones."""
        if not any(step.request.method not in READING for step in self._steps):
            return
        self._ask(self._session.baseline)
        for _ in range(_MOST_PLACES):
            refused = self._refused(self._ask(self._session.baseline))
            if refused is None:
                return
            for sample in _samples(self._steps[refused]):
                if sample in self._new:
                    continue
                self._new.append(sample)
                again = self._refused(self._ask(self._session.baseline))
                if again is None or again > refused:
                    break
                self._new.remove(sample)
            else:
                return

    def _refused(self, transcript: Transcript) -> int | None:
        """The first write that was taken when it was recorded, and is not now."""
        for index, (step, exchange) in enumerate(
            zip(self._steps, transcript.exchanges, strict=False)
        ):
            status = exchange.response.status if exchange.response else 0
            taken = 200 <= step.status < 300
            if taken and status >= 400 and step.request.method not in READING:
                return index
        return None


def _samples(step: RecordedStep) -> list[str]:
    try:
        tree = json.loads(step.request.body)
    except (ValueError, RecursionError):
        return []
    texts = [(name, value) for name, value in tree.items()] if isinstance(tree, dict) else []
    found = [(name, value) for name, value in texts if isinstance(value, str) and len(value) > 3]
    found.sort(key=lambda pair: not any(word in pair[0] for word in ("code", "name", "id")))
    return [value for _, value in found][:_MOST_PLACES]


def _given(step: RecordedStep, answer: Response) -> dict[str, str]:
    """What the replaying backend gave out in the places of the recorded values."""
    try:
        tree = json.loads(answer.body) if answer.body else None
    except (ValueError, RecursionError):
        tree = None
    found = {}
    for recorded, pointer in step.gives.items():
        value = (
            answer.header(pointer.removeprefix("/headers/"))
            if pointer.startswith("/headers/")
            else get(tree, pointer)
        )
        if isinstance(value, str | int) and not isinstance(value, bool):
            found[recorded] = str(value)
    return found
