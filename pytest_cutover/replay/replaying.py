"""The steps of one recording on both sides, each with its own ids, until they are judged."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final
from urllib.parse import parse_qsl, unquote

from pytest_cutover.backends.http.transport import READING_METHODS
from pytest_cutover.compare.confirm.both_sides import BothSides, SideClient
from pytest_cutover.compare.confirm.confirmation import Judged, Round, judge
from pytest_cutover.compare.diff.transcripts import Comparison
from pytest_cutover.compare.noise.model import UnsteadyBaseline
from pytest_cutover.core.error_bodies import tells_errors
from pytest_cutover.core.exchange import Generated, Request, Response, Side, Transcript
from pytest_cutover.core.new_value import new_value
from pytest_cutover.replay.given_out import values_at
from pytest_cutover.replay.recording import RecordedStep
from pytest_cutover.replay.substituting import (
    Given,
    could_be_looser,
    is_form,
    sent_body,
    sent_headers,
    sent_target,
    words_of,
)

_MOST_PLACES: Final = 8
_UNIQUE: Final = ("code", "name", "id", "mail", "slug", "key", "number", "ref", "title", "phone")
_FIELD: Final = re.compile(r'name="([^"\r\n]+)"\r?\n\r?\n([^\r\n]{1,200})\r?\n')
# Stands for the body of an answer that tells of errors.
_ERRORS: Final = b"errors"
# Without an answer, in a row: nobody is there.
_GIVEN_UP: Final = 3


class Replay:
    """The steps of one recording on both sides; `not_served` counts pages that were left out."""

    def __init__(self, test: str, steps: tuple[RecordedStep, ...], sides: BothSides) -> None:
        self._test = test
        self._steps = steps
        self._sides = sides
        self._new: list[str] = []
        self._loose: set[int] = set()
        self._answers: dict[Side, list[Response | None]] = {}
        self.not_served = 0

    def judged(self) -> tuple[Judged, Round]:
        """Return what the rounds say together, and the first of them."""
        first = self._entered()
        try:
            one = self._beside(first, first)(first.baseline, first.candidate)
            if not one.differences and not one.inconclusive:
                return Judged((), rules_used=one.rules_used, account=one.account), first
            second = self._round()
            if self._first_refused() is not None:
                # What may be done once only was done: new values, if there are any, from here on.
                first = self._entered()
                second = self._round()
                if (refused := self._first_refused()) is not None:
                    step, answer = self._steps[refused], self._answers[Side.BASELINE][refused]
                    return Judged((), inconclusive=_once(one, step, answer)), first
            return judge((first, second), self._beside(first, second)), first
        except UnsteadyBaseline as error:
            return Judged((), inconclusive=str(error)), first

    def refused(self) -> list[tuple[RecordedStep, str]]:
        """Return the steps that were a success when they were recorded, and now are none.

        Each with what the baseline answers now. Being sent on, or shown a page in place of data, is
        no success where it was one: a session that is over often ends so. Of requests without a
        recorded answer it is those of which no other to the same endpoint is let in.
        """
        answers = self._answers.get(Side.BASELINE, [])
        padded = [*answers, *[None] * (len(self._steps) - len(answers))]
        pairs = list(zip(self._steps, padded, strict=True))
        let_in = {step.endpoint for step, answer in pairs if answer and answer.status < 400}
        return [
            (step, now)
            for step, answer in pairs
            if (now := _no_longer(step, answer) or _never_let_in(step, answer, let_in))
        ]

    def _beside(self, first: Round, second: Round) -> Callable[..., Comparison]:
        return self._sides.rulebook.beside((first.baseline, second.baseline))

    def _round(self) -> Round:
        return Round(self._ask(self._sides.baseline), self._ask(self._sides.candidate))

    def _ask(self, client: SideClient) -> Transcript:
        live: dict[str, Given] = {}
        generated: list[Generated] = []
        for number, sample in enumerate(self._new):
            value, code = new_value(sample, len(sample) if len(sample) >= 12 else None)
            live[sample] = Given(value, everywhere=True)
            generated.append(Generated(f"new {number + 1}", code))
        client.begin(generated)
        answers: list[Response | None] = []
        for index, step in enumerate(self._steps):
            request = step.request
            answer = client.send(
                self._endpoint(step),
                sent_target(request.target, live),
                sent_headers(request, live),
                sent_body(request, live, loose=index in self._loose) or None,
                login=step.login,
            )
            failed = answer is not None and tells_errors(answer)
            answers.append(answer)
            if answer is not None:
                live |= {
                    recorded: Given(value, words_of(step.gives[recorded], request.path))
                    for recorded, value in values_at(step.gives, answer).items()
                }
                answers[-1] = replace(answer, body=_ERRORS if failed else b"")
            elif answers[-_GIVEN_UP:] == [None] * _GIVEN_UP:
                break
        self._answers[client.side] = answers
        return replace(client.transcript(), test=self._test)

    def _endpoint(self, step: RecordedStep) -> str:
        """Return the endpoint without the codes that are new in every replay."""
        segments = step.endpoint.split("/")
        return "/".join("{}" if unquote(part) in self._new else part for part in segments)

    def _entered(self) -> Round:
        """Return a round in which the baseline took what it can be made to take.

        Values of a write that it takes only once are made new, and a number that may be the id of
        something is replaced beside a name that does not say so. Both sides are asked equally
        often: what each gives out stays in step.
        """
        shown = self._round()
        if served := self._without_pages():
            self._steps, self.not_served = served, len(self._steps) - len(served)
            shown = self._round()
        for _ in range(_MOST_PLACES):
            refused = self._first_refused()
            if refused is None:
                return shown
            if refused not in self._loose and self._is_loose(refused):
                self._loose.add(refused)
                shown = self._round()
                continue
            for sample in _samples(self._steps[refused]):
                if sample in self._new:
                    continue
                self._new.append(sample)
                shown = self._round()
                again = self._first_refused()
                if again is None or again > refused:
                    break
                self._new.remove(sample)
            else:
                return self._round()
        return shown

    def _is_loose(self, index: int) -> bool:
        given = {name: Given("") for step in self._steps[:index] for name in step.gives}
        return could_be_looser(self._steps[index].request, given)

    def _without_pages(self) -> tuple[RecordedStep, ...]:
        """Return the steps without pages that the baseline does not serve; none where it does.

        A page of the browser's may come from elsewhere than the API that is asked.
        """
        answers = self._answers[Side.BASELINE]
        served = tuple(
            step
            for step, answer in zip(self._steps, answers, strict=False)
            if not (_is_page(step) and answer and answer.status in (404, 405, 501))
        )
        return served if len(served) < min(len(self._steps), len(answers)) else ()

    def _first_refused(self) -> int | None:
        """Return the first write that was taken when it was recorded, and is not now."""
        for index, (step, answer) in enumerate(
            zip(self._steps, self._answers[Side.BASELINE], strict=False)
        ):
            writes = step.request.method not in READING_METHODS
            if writes and 200 <= step.status < 300 and answer and answer.status >= 400:
                return index
        return None


def _is_page(step: RecordedStep) -> bool:
    return step.html and step.request.method == "GET" and 200 <= step.status < 300


def _once(shown: Comparison, step: RecordedStep, answer: Response | None) -> str:
    """Say that a recording differs, and that it cannot be confirmed."""
    now = answer.status if answer else "without an answer"
    where = next(iter(shown.differences), None)
    told = f", at {where.endpoint} {where.pointer}".rstrip() if where else ""
    return (
        f"the sides differ{told}, and this could be asked once only: {step.endpoint} was "
        f"{step.status} and is {now} when it is replayed again. Put the data back and run again, "
        "or record what makes them too"
    )


def _no_longer(step: RecordedStep, answer: Response | None) -> str:
    """Return what is said now where a success was recorded; empty where it still is one."""
    if answer is None:
        return "no answer"
    success = 200 <= step.status < 300
    if success and step.json and "html" in (answer.header("content-type") or "").lower():
        return f"{answer.status}, with a page where JSON was recorded"
    if success and step.json and not step.failed and answer.body == _ERRORS:
        return f"{answer.status}, and tells of errors where none were recorded"
    most = 300 if success else 400
    refused = 200 <= step.status < 400 and not 200 <= answer.status < most
    return str(answer.status) if refused else ""


def _never_let_in(step: RecordedStep, answer: Response | None, let_in: set[str]) -> str:
    """Return what is said now to a request of which nobody knows what it should be."""
    if step.status or step.login or answer is None or step.endpoint in let_in:
        return ""
    return str(answer.status) if answer.status >= 400 else ""


def _samples(step: RecordedStep) -> list[str]:
    """Return texts of a body that may be taken once only, those first that sound like it."""
    found = [(name, value) for name, value in _texts(step.request) if len(value) > 3]
    found.sort(key=lambda pair: not any(word in pair[0].lower() for word in _UNIQUE))
    return list(dict.fromkeys(value for _, value in found))[:_MOST_PLACES]


def _texts(request: Request) -> list[tuple[str, str]]:
    body = request.body.decode("utf-8", "replace")
    try:
        pending: list[tuple[str, object]] = [("", json.loads(body))]
    except (ValueError, RecursionError):
        return parse_qsl(body) if is_form(request) else _FIELD.findall(body)
    found = []
    while pending:
        name, node = pending.pop(0)
        if isinstance(node, dict):
            pending += [(str(key), value) for key, value in node.items()]
        elif isinstance(node, list):
            pending += [(name, value) for value in node]
        elif isinstance(node, str):
            found.append((name, node))
    return found
