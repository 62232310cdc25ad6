"""The steps of one recording on both sides, each with its own ids, until they are judged."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Final
from urllib.parse import unquote

from pytest_cutover.backends.http.transport import READING_METHODS
from pytest_cutover.compare.confirm.both_sides import BothSides, SideClient
from pytest_cutover.compare.confirm.confirmation import Judged, Round, judge
from pytest_cutover.compare.diff.transcripts import Comparison
from pytest_cutover.compare.noise.model import UnsteadyBaseline
from pytest_cutover.core.exchange import Generated, Response, Side, Transcript
from pytest_cutover.core.new_value import new_value
from pytest_cutover.replay.given_out import values_at
from pytest_cutover.replay.recording import (
    RecordedStep,
    sent_headers,
    sent_target,
    substituted,
)

_MOST_PLACES: Final = 8
# Without an answer, in a row: nobody is there.
_GIVEN_UP: Final = 3


class Replay:
    """The steps of one recording on both sides."""

    def __init__(self, test: str, steps: tuple[RecordedStep, ...], sides: BothSides) -> None:
        self._test = test
        self._steps = steps
        self._sides = sides
        self._new: list[str] = []
        self._answers: dict[Side, list[Response | None]] = {}

    def judged(self) -> tuple[Judged, Round]:
        """Return what the rounds say together, and the first of them."""
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

    def refused(self) -> list[tuple[RecordedStep, str]]:
        """Return the steps that were a success when they were recorded, and now are none.

        Each with what the baseline answers now. Being sent on, or shown a page in place of data, is
        no success where it was one: a session that is over often ends so.
        """
        answers = self._answers.get(Side.BASELINE, [])
        padded = [*answers, *[None] * (len(self._steps) - len(answers))]
        return [
            (step, now)
            for step, answer in zip(self._steps, padded, strict=True)
            if (now := _no_longer(step, answer))
        ]

    def _beside(self, first: Round, second: Round) -> Callable[..., Comparison]:
        return self._sides.rulebook.beside((first.baseline, second.baseline))

    def _round(self) -> Round:
        return Round(self._ask(self._sides.baseline), self._ask(self._sides.candidate))

    def _ask(self, client: SideClient) -> Transcript:
        live: dict[str, str] = {}
        generated: list[Generated] = []
        for number, sample in enumerate(self._new):
            live[sample], code = new_value(sample, len(sample) if len(sample) >= 12 else None)
            generated.append(Generated(f"new {number + 1}", code))
        client.begin(generated)
        answers: list[Response | None] = []
        for step in self._steps:
            request = step.request
            body = request.body.decode("utf-8", "surrogateescape")
            headers = sent_headers(request, live)
            answer = client.send(
                self._endpoint(step),
                substituted(sent_target(request.target, live), live, encoded=True),
                [(name, substituted(value, live)) for name, value in headers],
                substituted(body, live).encode("utf-8", "surrogateescape") if body else None,
            )
            answers.append(replace(answer, body=b"") if answer else None)
            if answer is not None:
                live |= values_at(step.gives, answer)
            elif answers[-_GIVEN_UP:] == [None] * _GIVEN_UP:
                break
        self._answers[client.side] = answers
        return replace(client.transcript(), test=self._test)

    def _endpoint(self, step: RecordedStep) -> str:
        """Return the endpoint without the codes that are new in every replay."""
        segments = step.endpoint.split("/")
        return "/".join("{}" if unquote(part) in self._new else part for part in segments)

    def _learn_new(self) -> None:
        """Return values of a write that the baseline takes only once: a replay sends new ones.

        Both sides are asked equally often: what each gives out stays in step.
        """
        if not any(step.request.method not in READING_METHODS for step in self._steps):
            return
        self._round()
        for _ in range(_MOST_PLACES):
            refused = self._first_refused()
            if refused is None:
                return
            for sample in _samples(self._steps[refused]):
                if sample in self._new:
                    continue
                self._new.append(sample)
                again = self._first_refused()
                if again is None or again > refused:
                    break
                self._new.remove(sample)
            else:
                return

    def _first_refused(self) -> int | None:
        """Return the first write that was taken when it was recorded, and is not now."""
        self._round()
        for index, (step, answer) in enumerate(
            zip(self._steps, self._answers[Side.BASELINE], strict=False)
        ):
            writes = step.request.method not in READING_METHODS
            if writes and 200 <= step.status < 300 and answer and answer.status >= 400:
                return index
        return None


def _no_longer(step: RecordedStep, answer: Response | None) -> str:
    """Return what is said now where a success was recorded; empty where it still is one."""
    if answer is None:
        return "no answer"
    success = 200 <= step.status < 300
    if success and step.json and "html" in (answer.header("content-type") or "").lower():
        return f"{answer.status}, with a page where JSON was recorded"
    most = 300 if success else 400
    refused = 200 <= step.status < 400 and not 200 <= answer.status < most
    return str(answer.status) if refused else ""


def _samples(step: RecordedStep) -> list[str]:
    try:
        tree = json.loads(step.request.body)
    except (ValueError, RecursionError):
        return []
    texts = [(name, value) for name, value in tree.items()] if isinstance(tree, dict) else []
    found = [(name, value) for name, value in texts if isinstance(value, str) and len(value) > 3]
    found.sort(key=lambda pair: not any(word in pair[0] for word in ("code", "name", "id")))
    return [value for _, value in found][:_MOST_PLACES]
