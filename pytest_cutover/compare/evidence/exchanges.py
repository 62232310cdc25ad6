"""What both sides said in a test that differs or is undecided: for a reader, in order and bounded.

Exchanges are shown as a golden writes them, so that ids and times of a side do not look like
differences. Each process keeps the first few tests of each finding in the run's own folder; from
them the controller takes those that show the most (`verdict.exchanges_shown`).
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from pytest_cutover.compare.diff.alignment import Aligned, align
from pytest_cutover.compare.evidence.failure_message import one_difference, worst_first
from pytest_cutover.compare.golden.text import shown, shown_apart
from pytest_cutover.compare.noise.model import UnsteadyBaseline, learn
from pytest_cutover.core.atomic import staged
from pytest_cutover.core.evidence import TestEvidence
from pytest_cutover.core.exchange import Exchange, Transcript
from pytest_cutover.core.plain_json import ascii_json
from pytest_cutover.normalize.normalized import Golden, NormalizedExchange, normalize
from pytest_cutover.report.model import BothSides, ExchangePair, GateVerdict, TestExchanges
from pytest_cutover.report.truncation import both_clipped

#: Of one test: those before the last that differs, and what led there.
MOST_EXCHANGES: Final = 12
#: Tests that a report shows. A process keeps as many for each finding as a report shows in all:
#: which of them are shown must not depend on who ran them.
MOST_TESTS: Final = 60
#: Characters of one request and of one answer.
_REQUEST, _RESPONSE = 1_500, 4_000

_NOT_ASKED = ("(no such request on this side)", "(not asked)")
UNDECIDED = "undecided"
FOLDER = "exchanges"


@dataclass(frozen=True, slots=True)
class Said:
    """One side of a test as text: each exchange as its request and its answer."""

    exchanges: tuple[NormalizedExchange, ...]
    texts: tuple[tuple[str, str], ...]

    @classmethod
    def in_transcript(cls, transcript: Transcript) -> Said:
        """Return what was said, ids and times as symbols; what failed as it came."""
        whole = [index for index, one in enumerate(transcript.exchanges) if _is_whole(one)]
        texts = [_raw(one) for one in transcript.exchanges]
        kept = replace(transcript, exchanges=tuple(transcript.exchanges[i] for i in whole))
        with contextlib.suppress(UnsteadyBaseline):
            for index, seen in zip(whole, learn(kept, kept).exchanges, strict=True):
                texts[index] = shown_apart(seen)
        return cls(normalize(transcript), tuple(texts))

    @classmethod
    def in_golden(cls, golden: Golden) -> Said:
        """Return what a golden remembers."""
        return cls(golden.exchanges, tuple(map(shown_apart, golden.exchanges)))


def one_exchange(transcript: Transcript | None, index: int) -> str:
    """Return one exchange as a golden would hold it, so that it is the same in every run."""
    if transcript is None or index >= len(transcript.exchanges):
        return ""
    try:
        return shown(learn(transcript, transcript).exchanges[index])
    except (UnsteadyBaseline, IndexError):
        return _raw(transcript.exchanges[index])[1]


def _is_whole(one: Exchange) -> bool:
    return one.failure is None and one.response is not None


def _raw(one: Exchange) -> tuple[str, str]:
    request = _message(f"{one.request.method} {one.request.target}", (), one.request.body)
    parts = [one.failure.message] if one.failure else []
    if one.response is not None:
        answer = one.response
        parts.append(_message(str(answer.status), answer.headers, answer.body))
    return request, "\n".join(parts)


def _message(first: str, headers: Iterable[tuple[str, str]], body: bytes) -> str:
    lines = [first, *(f"{name}: {value}" for name, value in headers)]
    if body:
        lines += ["", body.decode("utf-8", "replace")]
    return "\n".join(lines)


# -- one test -------------------------------------------------------------------------------------


def side_by_side(
    evidence: TestEvidence, baseline: Said, candidate: Said, differing: Collection[int]
) -> TestExchanges:
    """Return a test with its exchanges, those up to the last that differs first.

    `differing` are the places of the baseline's exchanges at which something was found.
    """
    pairs = align(baseline.exchanges, candidate.exchanges)
    differs = [None in pair or pair[0] in differing for pair in pairs]
    chosen = _chosen(differs)
    return TestExchanges(
        test=evidence.test,
        verdict=verdict_of(evidence),
        why=why_of(evidence),
        pairs=tuple(_pair(pairs[at], baseline, candidate, differs=differs[at]) for at in chosen),
        left_out=len(pairs) - len(chosen),
    )


def _chosen(differs: Sequence[bool]) -> list[int]:
    """Return the places that are shown, in order: the first that differ, and what led there."""
    wrong = [at for at, yes in enumerate(differs) if yes][:MOST_EXCHANGES]
    # What stands nearest before a difference explains most; then what comes first.
    before = sorted(
        (at for at in range(len(differs)) if at not in set(wrong)),
        key=lambda at: (min((w - at for w in wrong if w > at), default=len(differs)), at),
    )
    return sorted([*wrong, *before[: MOST_EXCHANGES - len(wrong)]])


def _pair(at: Aligned, baseline: Said, candidate: Said, *, differs: bool) -> ExchangePair:
    ours, theirs = at
    asked, answered = baseline.texts[ours] if ours is not None else _NOT_ASKED
    other, other_answer = candidate.texts[theirs] if theirs is not None else _NOT_ASKED
    seen = baseline.exchanges[ours] if ours is not None else candidate.exchanges[theirs or 0]
    request = both_clipped(BothSides(asked, "" if other == asked else other), _REQUEST)
    return ExchangePair(
        endpoint=seen.endpoint,
        request=request,
        response=both_clipped(BothSides(answered, other_answer), _RESPONSE),
        differs=differs,
    )


def verdict_of(evidence: TestEvidence) -> GateVerdict:
    """Return what a test is taken for in the report: it differs, or it is undecided."""
    pending = any(one.accepted is None for one in evidence.differences)
    return GateVerdict.FAIL if pending else GateVerdict.INCONCLUSIVE


def why_of(evidence: TestEvidence) -> str:
    """Return the worst that nobody accepted, in one line, or why the test is undecided."""
    pending = worst_first(evidence)
    if not pending:
        return evidence.inconclusive or ""
    more = f", and {len(pending) - 1} more" if len(pending) > 1 else ""
    return f"{one_difference(pending[0])}{more}"


# -- many tests -----------------------------------------------------------------------------------


@dataclass(slots=True)
class ExchangesKept:
    """Keeps what was said in the tests of this process, in the folder that is of this run alone."""

    directory: Path
    scrub: Callable[[str], str]
    _shown: Counter[str] = field(default_factory=Counter)

    def keep(
        self,
        evidence: TestEvidence,
        baseline: Transcript | Golden | None,
        candidate: Transcript,
        differing: Collection[int],
    ) -> None:
        """Keep a test that differs or is undecided, unless enough show the same; the baseline was
        live, or is its golden.
        """
        reasons = reasons_of(evidence)
        if all(self._shown[one] >= MOST_TESTS for one in reasons):
            return
        self._shown.update(reasons)
        was = baseline or Golden(evidence.test)
        expected = Said.in_golden(was) if isinstance(was, Golden) else Said.in_transcript(was)
        found = side_by_side(evidence, expected, Said.in_transcript(candidate), differing)
        digest = hashlib.sha256(evidence.test.encode("utf-8", "backslashreplace")).hexdigest()[:16]
        path = self.directory / FOLDER / f"{digest}.json"
        with contextlib.suppress(OSError):
            # Where it cannot be written the report cannot either, and says so.
            text = ascii_json(self._clean(found)).encode("ascii")
            os.replace(staged(path, text, sync=False), path)

    def _clean(self, found: TestExchanges) -> TestExchanges:
        def both(pair: BothSides) -> BothSides:
            return BothSides(self.scrub(pair.baseline), self.scrub(pair.candidate))

        pairs = tuple(
            replace(one, request=both(one.request), response=both(one.response))
            for one in found.pairs
        )
        return replace(found, pairs=pairs)


def reasons_of(evidence: TestEvidence) -> list[str]:
    """Return what a test is kept for: the signatures that nobody accepted, or being undecided."""
    pending = {one.signature for one in evidence.differences if one.accepted is None}
    return sorted(pending) or ([UNDECIDED] if evidence.inconclusive else [])
