"""Polling loops: successive identical GETs of which the last answer counts. Pure.

How often a test asks until a job is done depends on the job. Where the number differs between sides
or rounds, only the last answer is compared; the answers before it must have a status and a form
that the baseline gave in some round.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from pytest_cutover.compare.confirm.confirmation import Round
from pytest_cutover.compare.confirm.on_the_way import Said
from pytest_cutover.compare.diff.difference import Difference, Kind
from pytest_cutover.core.exchange import Exchange, Transcript
from pytest_cutover.normalize.normalized import (
    Golden,
    NormalizedExchange,
    normalize,
)


@dataclass(frozen=True, slots=True)
class Stray:
    """An answer on the candidate's way that the baseline gave in no round; in how many it came."""

    difference: Difference
    rounds: int


@dataclass(frozen=True, slots=True)
class _Run:
    """Identical requests in a row: what was asked, and where they begin and end."""

    method: str
    endpoint: str
    start: int
    end: int

    @property
    def size(self) -> int:
        return self.end - self.start


def without_polls(
    rounds: Sequence[Round], golden: Golden | None = None
) -> tuple[list[Round], Golden | None, list[Stray]]:
    """Return the rounds and their golden with the last answer of each polling loop, and answers
    nobody knows.

    Where the sides or rounds did not ask the same things in the same order, nothing is left out.
    """
    sides = [side for one in rounds for side in (one.baseline, one.candidate)]
    runs = [_runs_of(side) for side in sides]
    known = _runs_of_golden(golden) if golden is not None else None
    polls = _polls([*runs, known]) if known is not None else ()
    if golden is not None and known is not None and polls:
        golden = _last_of_golden(golden, known, polls)
    polls = polls or _polls(runs)
    if not polls:
        return list(rounds), golden, []
    kept = [_last_of(side, own, polls) for side, own in zip(sides, runs, strict=True)]
    strays = _strays(rounds, runs, polls)
    return [Round(kept[2 * i], kept[2 * i + 1]) for i in range(len(rounds))], golden, strays


def beside_twins(
    rounds: Sequence[Round], golden: Golden | None, heard: Sequence[Transcript]
) -> tuple[list[Round], list[Transcript], dict[int, int]]:
    """Return the rounds and what further processes answered, with the last answer of each polling
    loop that took another number of turns in any of them; and where an exchange of the rounds
    alone, as `without_polls` leaves them, stands then.
    """
    sides = [side for one in rounds for side in (one.baseline, one.candidate)]
    runs, twins = [_runs_of(side) for side in sides], [_runs_of(one) for one in heard]
    known = [] if golden is None else [_runs_of_golden(golden)]
    before = _polls([*runs, *known]) or _polls(runs)
    polls = tuple(sorted({*before, *_polls([*runs, *twins])}))
    kept = [_last_of(side, own, polls) for side, own in zip(sides, runs, strict=True)]
    if all(len(own) == len(runs[0]) for own in twins):
        heard = [_last_of(one, own, polls) for one, own in zip(heard, twins, strict=True)]
    places = range(len(sides[0].exchanges))
    gone = [_on_the_way(runs[0], some) for some in (before, polls)]
    was, now = ([at for at in places if at not in some] for some in gone)
    moved = {index: now.index(at) for index, at in enumerate(was) if at not in gone[1]}
    return [Round(kept[2 * i], kept[2 * i + 1]) for i in range(len(rounds))], [*heard], moved


def recorded_without_polls(first: Transcript, again: Transcript) -> tuple[Transcript, Transcript]:
    """Return two recordings with the last answer of each polling loop."""
    (one,), _, _ = without_polls([Round(first, again)])
    return one.baseline, one.candidate


def as_recorded(golden: Golden, observed: Transcript) -> tuple[Golden, Transcript]:
    """Return a golden and a transcript with the last answer of each loop that differs in number."""
    runs, known = _runs_of(observed), _runs_of_golden(golden)
    polls = _polls([runs, known])
    if not polls:
        return golden, observed
    return _last_of_golden(golden, known, polls), _last_of(observed, runs, polls)


def _runs_of(transcript: Transcript) -> list[_Run]:
    def asked(exchange: Exchange) -> Hashable:
        request = exchange.request
        return request.method, request.target, request.body, exchange.endpoint

    return _grouped((one.request.method, one.endpoint, asked(one)) for one in transcript.exchanges)


def _runs_of_golden(golden: Golden) -> list[_Run]:
    def asked(one: NormalizedExchange) -> Hashable:
        return one.request.method, repr(one.request.target), repr(one.request.body.tree)

    return _grouped((one.request.method, one.endpoint, asked(one)) for one in golden.exchanges)


def _grouped(asked: Iterable[tuple[str, str, Hashable]]) -> list[_Run]:
    found = []
    start = 0
    for (method, endpoint, _), group in groupby(asked):
        size = sum(1 for _ in group)
        found.append(_Run(method, endpoint, start, start + size))
        start += size
    return found


def _polls(sides: Sequence[Sequence[_Run]]) -> tuple[int, ...]:
    """Return the places of the runs whose size differs, where all sides have the same runs."""
    shapes = {tuple((run.method, run.endpoint) for run in side) for side in sides}
    if len(shapes) != 1:
        return ()
    return tuple(
        place
        for place, runs in enumerate(zip(*sides, strict=True))
        if runs[0].method == "GET" and len({run.size for run in runs}) > 1
    )


def _last_of(side: Transcript, runs: Sequence[_Run], polls: Sequence[int]) -> Transcript:
    gone = _on_the_way(runs, polls)
    kept = tuple(one for index, one in enumerate(side.exchanges) if index not in gone)
    return replace(side, exchanges=kept)


def _last_of_golden(golden: Golden, runs: Sequence[_Run], polls: Sequence[int]) -> Golden:
    gone = _on_the_way(runs, polls)
    kept = tuple(one for index, one in enumerate(golden.exchanges) if index not in gone)
    return replace(golden, exchanges=kept)


def _on_the_way(runs: Sequence[_Run], polls: Sequence[int]) -> frozenset[int]:
    """Return the places of the answers before the last one of each loop."""
    return frozenset(
        index for poll in polls for index in range(runs[poll].start, runs[poll].end - 1)
    )


def _strays(
    rounds: Sequence[Round], runs: Sequence[Sequence[_Run]], polls: Sequence[int]
) -> list[Stray]:
    """Return answers on the candidate's way that the baseline gave in no round."""
    found: dict[str, Difference] = {}
    came: dict[str, set[int]] = {}
    for poll in polls:
        known: set[Hashable] = set()
        said = Said()
        for place, one in enumerate(rounds):
            answers = _between(one.baseline, runs[2 * place][poll], last=True)
            known |= set(map(_answer, answers))
            said.hear(answers)
        for place, one in enumerate(rounds):
            run = runs[2 * place + 1][poll]
            for each in _between(one.candidate, run):
                for stray in _told(each, run, known, said):
                    found.setdefault(stray.signature, stray)
                    came.setdefault(stray.signature, set()).add(place)
    return [Stray(one, len(came[signature])) for signature, one in found.items()]


def _told(
    answer: NormalizedExchange, run: _Run, known: set[Hashable], said: Said
) -> Iterator[Difference]:
    """Yield what an answer on the way shows that no answer of the baseline did."""
    if _answer(answer) not in known:
        status = answer.response.status if answer.response else 0
        change = "polled → an answer that the baseline never gave"
        yield Difference(run.start, run.endpoint, Kind.VALUE, "", change, None, str(status))
        return
    for one in said.departures(answer):
        yield Difference(
            run.start, run.endpoint, one.kind, one.pointer, one.change, one.baseline, one.candidate
        )


def _between(side: Transcript, run: _Run, *, last: bool = False) -> tuple[NormalizedExchange, ...]:
    end = run.end if last else run.end - 1
    return normalize(replace(side, exchanges=side.exchanges[run.start : end]))


def _answer(one: NormalizedExchange) -> Hashable:
    """Return what form an answer has: how far a job is when it is asked is not the same twice."""
    if one.response is None:
        return None
    return one.response.status, str(one.response.body.kind), _shape(one.response.body.tree)


def _shape(value: object) -> Hashable:
    if isinstance(value, dict):
        return frozenset((key, _shape(item)) for key, item in value.items())
    if isinstance(value, list):
        return tuple(_shape(item) for item in value)
    return "scalar"
