"""From differences to evidence and to the text a developer reads in the failing test."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pytest_cutover.backends.exchange import Side, Transcript
from pytest_cutover.config.atomic import write_whole
from pytest_cutover.config.errors import ConfigError
from pytest_cutover.gate.evidence import Observed
from pytest_cutover.parity.curl import curl
from pytest_cutover.parity.difference import Difference, wildcard
from pytest_cutover.parity.gates import finding_id
from pytest_cutover.parity.golden_text import dump
from pytest_cutover.parity.noise import UnsteadyBaseline, learn
from pytest_cutover.report.plain import one_line

_MOST_DIFFERENCES = 100
_SHOWN_IN_TEST = 8


@dataclass(slots=True)
class Examples:
    """The smallest example of each finding, written where the controller can read it.

    One file for each finding that this process has seen a smaller example of; the folder is of
    this run alone and goes with it.
    """

    directory: Path
    _smallest: dict[str, tuple[object, ...]] = field(default_factory=dict)

    def keep(
        self, observed: Observed, nodeid: str, bodies: Callable[[], tuple[str, str]]
    ) -> str | None:
        """The name of the file, when this is the smallest example so far."""
        identity = finding_id(observed.signature + "\0" + (observed.accepted or ""))
        size = example_key(observed, nodeid)
        if identity in self._smallest and size >= self._smallest[identity]:
            return None
        self._smallest[identity] = size
        baseline, candidate = bodies()
        text = json.dumps({"baseline": baseline, "candidate": candidate})
        digest = hashlib.sha256((nodeid + text).encode()).hexdigest()[:8]
        name = f"{identity}-{digest}.json"
        try:
            write_whole(self.directory / name, text)
        except ConfigError:
            # The report cannot be written there either, and says so.
            return None
        return name


def example_key(observed: Observed, nodeid: str) -> tuple[Any, ...]:
    """Which of several examples to show: the smallest, and always the same."""
    return (
        len(observed.baseline) + len(observed.candidate),
        len(observed.reproduce_candidate),
        observed.baseline,
        observed.candidate,
        nodeid,
    )


@dataclass(frozen=True, slots=True)
class Observer:
    """Turns the differences of one test into evidence; everything it lets out is scrubbed."""

    scrub: Callable[[str], str]
    urls: dict[Side, str]
    examples: Examples
    covering: Callable[[str, str, str | None], str | None]

    def observe(
        self,
        differences: Iterable[Difference],
        unstable: frozenset[str],
        *,
        nodeid: str,
        test: str,
        scenario: str | None,
        baseline: Transcript | None,
        candidate: Transcript,
    ) -> tuple[Observed, ...]:
        """The evidence, at most a hundred pieces of it."""
        found = []
        for difference in list(differences)[:_MOST_DIFFERENCES]:
            bare = Observed(
                signature=self.scrub(difference.signature),
                endpoint=difference.endpoint,
                kind=str(difference.kind),
                pointer=wildcard(difference.pointer),
                change=self.scrub(difference.change),
                baseline=self.scrub(_text(difference.baseline)),
                candidate=self.scrub(_text(difference.candidate)),
                reproduce_baseline=self._curl(baseline, difference, Side.BASELINE),
                reproduce_candidate=self._curl(candidate, difference, Side.CANDIDATE),
                unstable=difference.signature in unstable,
                accepted=self.covering(difference.signature, test, scenario),
            )

            def bodies(at: int = difference.exchange) -> tuple[str, str]:
                return (
                    self.scrub(_exchange_text(baseline, at)),
                    self.scrub(_exchange_text(candidate, at)),
                )

            spool = self.examples.keep(bare, nodeid, bodies)
            found.append(_with_spool(bare, spool))
        return tuple(found)

    def _curl(self, transcript: Transcript | None, difference: Difference, side: Side) -> str:
        if transcript is None or difference.exchange >= len(transcript.exchanges):
            return ""
        request = transcript.exchanges[difference.exchange].request
        return self.scrub(curl(request, self.urls.get(side, "")))


def _with_spool(bare: Observed, spool: str | None) -> Observed:
    from dataclasses import replace

    return replace(bare, spool=spool)


def _text(value: str | None) -> str:
    return "(nothing)" if value is None else value


def _exchange_text(transcript: Transcript | None, index: int) -> str:
    """One exchange as a golden would hold it: ids and times are symbols, so that it is stable."""
    if transcript is None or index >= len(transcript.exchanges):
        return ""
    try:
        document = json.loads(dump(learn(transcript, transcript)))
        exchange = document["exchanges"][index]
        return json.dumps(exchange, indent=2, ensure_ascii=False)
    except (UnsteadyBaseline, ValueError, KeyError, IndexError):
        response = transcript.exchanges[index].response
        body = response.body.decode("utf-8", "replace") if response else ""
        failure = transcript.exchanges[index].failure
        return f"{failure.message}\n{body}" if failure else body


def failure_text(
    observed: Iterable[Observed], *, compared: str, rounds: int, inconclusive: str | None
) -> str:
    """What a failing test shows: each unaccepted difference, both values, and how to repeat it."""
    pending = [one for one in observed if one.accepted is None]
    if not pending:
        return (
            f"inconclusive: {inconclusive}.\nNothing is held against the candidate; run the test "
            "alone, and look at what the baseline does differently each time."
        )
    against = "the baseline" if compared == "live" else "the golden"
    times = f", confirmed in {rounds} rounds" if rounds > 1 else ""
    lines = [f"the candidate answers otherwise than {against}{times}"]
    for one in pending[:_SHOWN_IN_TEST]:
        unstable = "  (not every time)" if one.unstable else ""
        lines += [
            "",
            f"  {one.endpoint}  {one.kind}  {one.pointer or '(whole answer)'}  "
            f"{one.change}{unstable}",
            f"    baseline   {one_line(one.baseline, 300)}",
            f"    candidate  {one_line(one.candidate, 300)}",
        ]
    if len(pending) > _SHOWN_IN_TEST:
        lines += ["", f"  and {len(pending) - _SHOWN_IN_TEST} more, in the report"]
    if inconclusive:
        lines += ["", f"  besides, {inconclusive}"]
    shown = pending[0]
    lines += [
        "",
        "  repeat it:",
        f"    {one_line(shown.reproduce_baseline, 1000)}",
        f"    {one_line(shown.reproduce_candidate, 1000)}",
        "  meant so? accept it for this test:",
        f"    pytest-cutover accept {finding_id(shown.signature)} --scope … --reason …",
    ]
    return "\n".join(lines)
