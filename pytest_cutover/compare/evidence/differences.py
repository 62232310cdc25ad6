"""From differences to evidence: scrubbed, cut to size, each with the commands that repeat it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from pytest_cutover.compare.diff.difference import Difference, wildcard
from pytest_cutover.compare.diff.truncate import HIDDEN_ALIKE
from pytest_cutover.compare.evidence.curl import curl
from pytest_cutover.compare.evidence.exchanges import one_exchange
from pytest_cutover.compare.evidence.signatures import example_key, finding_id
from pytest_cutover.core.atomic import write_whole
from pytest_cutover.core.errors import ConfigError
from pytest_cutover.core.evidence import DifferenceEvidence
from pytest_cutover.core.exchange import Side, Transcript
from pytest_cutover.core.seen_values import SeenValues

# Findings of one test that travel with it. All are judged; those that nobody accepted come first,
# so that what is left out changes no verdict.
MOST_FINDINGS = 500


@dataclass(slots=True)
class Examples:
    """The smallest example of each finding, written where the controller can read it.

    One file for each finding that this process has seen a smaller example of; the folder is of
    this run alone and goes with it.
    """

    directory: Path
    _smallest: dict[str, tuple[object, ...]] = field(default_factory=dict)

    def keep(
        self, observed: DifferenceEvidence, nodeid: str, bodies: Callable[[], tuple[str, str]]
    ) -> str | None:
        """Return the name of the file, when this is the smallest example so far."""
        identity = finding_id(
            "\0".join((observed.signature, observed.accepted or "", observed.explanation))
        )
        size = example_key(observed, nodeid)
        if identity in self._smallest and size >= self._smallest[identity]:
            return None
        self._smallest[identity] = size
        baseline, candidate = bodies()
        text = json.dumps({"baseline": baseline, "candidate": candidate})
        digest = hashlib.sha256((nodeid + text).encode("utf-8", "surrogatepass")).hexdigest()[:8]
        name = f"{identity}-{digest}.json"
        try:
            write_whole(self.directory / name, text)
        except ConfigError:
            # The report cannot be written there either, and says so.
            return None
        return name


@dataclass(frozen=True, slots=True)
class Observer:
    """Turns the differences of one test into evidence; everything it lets out is scrubbed."""

    scrub: Callable[[str], str]
    urls: dict[Side, str]
    examples: Examples

    def observe(
        self,
        differences: Iterable[Difference],
        unstable: frozenset[str],
        *,
        nodeid: str,
        covering: Callable[[Difference], str | None],
        seen: Callable[[Iterable[Difference]], SeenValues | None],
        explain: Callable[[Difference], str],
        baseline: Transcript | None,
        candidate: Transcript,
    ) -> tuple[tuple[DifferenceEvidence, ...], int]:
        """Return the evidence, and how many pieces were left out.

        One piece for a signature, the entry that covers it and what explains it: a value that
        nobody reviewed is another piece than one that somebody did, and so is a wrong price beside
        those that are told in cents.
        """
        groups: dict[tuple[str, str | None, str], list[Difference]] = {}
        for difference in differences:
            key = (difference.signature, covering(difference), explain(difference))
            groups.setdefault(key, []).append(difference)
        order = sorted(groups, key=lambda key: key[1] is not None)
        texts: dict[tuple[Side, int], str] = {}

        def text_of(transcript: Transcript | None, side: Side, at: int) -> str:
            if (side, at) not in texts:
                texts[side, at] = self.scrub(one_exchange(transcript, at))
            return texts[side, at]

        found = []
        for key in order[:MOST_FINDINGS]:
            difference = min(groups[key], key=_size)
            baseline_shown, candidate_shown = self._shown(difference)
            bare = DifferenceEvidence(
                signature=self.scrub(difference.signature),
                endpoint=difference.endpoint,
                kind=str(difference.kind),
                pointer=wildcard(difference.pointer),
                change=self.scrub(difference.change),
                baseline=baseline_shown,
                candidate=candidate_shown,
                reproduce_baseline=self._curl(baseline, difference, Side.BASELINE),
                reproduce_candidate=self._curl(candidate, difference, Side.CANDIDATE),
                unstable=difference.signature in unstable,
                accepted=key[1],
                times=len(groups[key]),
                values=seen(groups[key]),
                explanation=key[2],
            )

            def bodies(at: int = difference.exchange) -> tuple[str, str]:
                return (
                    text_of(baseline, Side.BASELINE, at),
                    text_of(candidate, Side.CANDIDATE, at),
                )

            spool = self.examples.keep(bare, nodeid, bodies)
            found.append(replace(bare, spool=spool))
        return tuple(found), len(order) - len(found)

    def _shown(self, difference: Difference) -> tuple[str, str]:
        """Both values without secrets, told apart where only a secret differs."""
        one, other = difference.baseline, difference.candidate
        shown = self.scrub(shown_text(one)), self.scrub(shown_text(other))
        if shown[0] == shown[1] and one != other:
            return shown[0], f"{shown[1]} ({HIDDEN_ALIKE})"
        return shown

    def _curl(self, transcript: Transcript | None, difference: Difference, side: Side) -> str:
        if transcript is None or difference.exchange >= len(transcript.exchanges):
            return ""
        asked = [one for one in (difference.write, difference.exchange) if one is not None]
        commands = [curl(transcript.exchanges[at].request, self.urls.get(side, "")) for at in asked]
        return self.scrub(" && ".join(commands))


def _size(difference: Difference) -> tuple[int, int, str]:
    """Return the smallest example, and of equals the first."""
    size = len(difference.baseline or "") + len(difference.candidate or "")
    return size, difference.exchange, difference.pointer


def shown_text(value: str | None) -> str:
    """One side of a difference, where there may be nothing."""
    return "(nothing)" if value is None else value
