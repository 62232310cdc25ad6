"""What a probe's answer does by itself, learned before the switch, and what is known to differ.

While the baseline still serves, both sides are asked what each probe will ask, twice: what varies
on the baseline is noise, and what the candidate, or the way through the proxy, answers otherwise
has been judged by then. After the switch an answer is compared by the engine that compares tests,
and only what is new departs: what was known is bound to what was seen of it, as an accepted
difference is, so that another value at the same place is new. Kept in
`.cutover/runs/TARGET/probes.json`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from pytest_cutover.backends.http import library as http
from pytest_cutover.backends.http.transport import RefusedError
from pytest_cutover.checklist.context import Context
from pytest_cutover.compare.confirm.rulebook import Rulebook
from pytest_cutover.compare.diff.difference import Difference, Kind
from pytest_cutover.compare.diff.transcripts import RoundContext
from pytest_cutover.compare.evidence.binding import binding_of
from pytest_cutover.compare.evidence.reviewed_values import Acceptance
from pytest_cutover.compare.golden.text import GoldenError, dump, load
from pytest_cutover.compare.noise.model import Golden, UnsteadyBaseline, learn
from pytest_cutover.config.accepted import AcceptedDifferences
from pytest_cutover.config.monitoring import ProbeSpec
from pytest_cutover.config.transformation import Binding
from pytest_cutover.core.atomic import replace_whole
from pytest_cutover.core.exchange import Exchange, Side, Transcript
from pytest_cutover.core.plain_json import ascii_json
from pytest_cutover.monitoring.samples import SHAPE_ALONE
from pytest_cutover.report.live import run_folder

_ROUNDS: Final = 2
_VERSION: Final = 2
_SHAPE: Final = frozenset({Kind.BODY_KIND, Kind.MISSING, Kind.ADDED, Kind.TYPE})
_LEARNED: Final = "under noise learned before the switch"


@dataclass(frozen=True, slots=True)
class LearnedProbe:
    """What is known of one probe: its noise, and the differences that were there before.

    `known` has, by signature, what each is bound to, one for each way in which it was seen.
    """

    golden: Golden
    known: Mapping[str, tuple[Binding, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ProbeDeparture:
    """How an answer departs, empty for not; and to what it was held."""

    said: str
    held: str


class ProbeNoise:
    """What was learned of the probes of a target, and how an answer is held to it."""

    def __init__(self, context: Context, learned: Mapping[str, LearnedProbe]) -> None:
        self._context = context
        self._learned = learned
        self._rulebook = Rulebook.of(context.config, context.plan.target)
        self._values = Acceptance(
            AcceptedDifferences(), date.max, context.scrub
        )  # No entry, no day.

    @classmethod
    def of(cls, context: Context) -> ProbeNoise:
        """Return what earlier phases of this target learned; nothing where none did."""
        return cls(context, _read(_path(context)))

    def departure(self, probe: ProbeSpec, answer: Exchange) -> ProbeDeparture | None:
        """Hold an answer to the baseline's, asked now; None where that cannot be asked.

        The baseline is asked again before anything is accused: what changes meanwhile is no
        departure.
        """
        assert probe.request is not None
        learned = self._learned.get(_key(probe))
        first = _asked(self._context, Side.BASELINE, probe.request)
        if first is None or first.response is None:
            return None
        base = self._transcript(probe, Side.BASELINE, first)
        cand = self._transcript(probe, Side.CANDIDATE, answer)
        golden = learned.golden if learned is not None else Golden(base.test)
        found = self._rulebook.under(golden)(base, cand).differences
        if self._judged(found, learned):
            again = _asked(self._context, Side.BASELINE, probe.request)
            if again is None:
                return None
            later = self._transcript(probe, Side.BASELINE, again)
            try:
                noise = learn(base, later, earlier=golden, rules=self._rulebook.rules)
            except UnsteadyBaseline:
                return None
            found = self._rulebook.under(noise)(base, cand, RoundContext(later=later)).differences
        left = self._judged(found, learned)
        held = SHAPE_ALONE if learned is None else _LEARNED
        return ProbeDeparture(_said(left), held)

    def learn(self, probe: ProbeSpec, public_url: str | None) -> LearnedProbe | None:
        """Ask both sides what a probe asks; None where one does not answer steadily."""
        assert probe.request is not None
        rounds: dict[Side, list[Transcript]] = {side: [] for side in Side}
        for _ in range(_ROUNDS):
            for side in Side:
                heard = _asked(self._context, side, probe.request)
                if heard is None or heard.response is None:
                    return None
                rounds[side].append(self._transcript(probe, side, heard))
        base = rounds[Side.BASELINE]
        try:
            golden = learn(base[0], base[1], rules=self._rulebook.rules)
        except UnsteadyBaseline:
            return None
        ways = [rounds[Side.CANDIDATE]]
        if public_url is not None:
            heard = _asked(self._context, None, probe.request, public_url)
            if heard is not None and heard.response is not None:
                ways.append([self._transcript(probe, Side.CANDIDATE, heard)])
        known: dict[str, tuple[Binding, ...]] = {}
        for answers in ways:
            found = [
                one
                for answer in answers
                for one in self._rulebook.under(golden)(
                    base[-1], answer, RoundContext(later=base[-1])
                ).differences
            ]
            for signature, bound in self._bound(found):
                known[signature] = (*known.get(signature, ()), bound)
        return LearnedProbe(golden, known)

    def _bound(self, found: Sequence[Difference]) -> Iterator[tuple[str, Binding]]:
        """Give what the differences of one way hold for, but for one that nothing can hold."""
        by_signature: dict[str, list[Difference]] = {}
        for one in found:
            by_signature.setdefault(one.signature, []).append(one)
        for signature, alike in by_signature.items():
            explained = {self._values.explain(one) for one in alike}
            bound = binding_of(
                kind=alike[0].kind,
                change=alike[0].change,
                explanation=explained.pop() if len(explained) == 1 else "",
                seen=self._values.seen(alike),
            )
            if bound is not None:
                yield signature, bound

    def _judged(
        self, found: Sequence[Difference], learned: LearnedProbe | None
    ) -> list[Difference]:
        """Without what was known before the switch; without noise, only what is of shape."""
        if learned is None:
            return [one for one in found if one.kind in _SHAPE]
        return [one for one in found if not self._is_known(one, learned)]

    def _is_known(self, one: Difference, learned: LearnedProbe) -> bool:
        pairs, explained = self._values.pairs(one), self._values.explain(one)
        return any(bound.yields(pairs, explained) for bound in learned.known.get(one.signature, ()))

    def _transcript(self, probe: ProbeSpec, side: Side, exchange: Exchange) -> Transcript:
        secrets = self._context.session.secrets
        return Transcript(
            test=f"probe {probe.name}",
            side=side,
            exchanges=(exchange,),
            session_started_s=self._context.plan.started_s,
            secrets=frozenset(secrets.spellings()),
            credentials=frozenset(secrets.credentials()),
        )


def learn_probes(context: Context) -> None:
    """Learn the noise of every probe that is compared, while the baseline still serves."""
    table = context.table.monitoring
    wanted = [one for one in table.probes if one.compare and one.request] if table else []
    if not wanted:
        return
    noise = ProbeNoise(context, {})
    switch = context.table.switch
    learned = {
        _key(one): found
        for one in wanted
        if (found := noise.learn(one, switch.url if switch else None)) is not None
    }
    context.say(
        f"cutover: noise of {len(learned)} of {len(wanted)} probes learned, for after the switch"
    )
    if learned:
        _write(_path(context), learned, context)


def _asked(
    context: Context, side: Side | None, request: str, url: str | None = None
) -> Exchange | None:
    """Ask one side, or the users' address; None where nobody answers."""
    method, _, path = request.partition(" ")
    heard: list[Exchange] = []
    with ExitStack() as stack:
        if side is None:
            client = stack.enter_context(
                context.public_client(url or "", writes=False, heard=heard)
            )
        else:
            client = stack.enter_context(context.client(side, heard=heard))
        try:
            client.request(method, path)
        except (http.TransportError, RefusedError):
            return None
    return heard[-1] if heard else None


def _said(left: Sequence[Difference]) -> str:
    if not left:
        return ""
    first = left[0]
    values = f": {first.baseline or 'nothing'} → {first.candidate or 'nothing'}"
    more = f", and {len(left) - 1} more" if len(left) > 1 else ""
    return f"{first.endpoint} {first.pointer or 'body'} {first.kind}{values}{more}"


def _key(probe: ProbeSpec) -> str:
    return f"{probe.name}: {probe.request}"


def _path(context: Context) -> Path:
    plan = context.plan
    return run_folder(plan.report_dir, plan.target.name, "probes.json")


def _write(path: Path, learned: Mapping[str, LearnedProbe], context: Context) -> None:
    document = {
        "version": _VERSION,
        "probes": {
            key: {
                "golden": context.scrub(dump(one.golden)),
                "known": {
                    signature: [[bound.change, list(map(list, bound.values))] for bound in each]
                    for signature, each in sorted(one.known.items())
                },
            }
            for key, one in learned.items()
        },
    }
    try:
        replace_whole(path, (ascii_json(document, indent=1) + "\n").encode("ascii"))
    except OSError as error:
        context.say(f"cutover: the noise of probes cannot be kept: {error.strerror}")


def _read(path: Path) -> dict[str, LearnedProbe]:
    try:
        document: Any = json.loads(path.read_text("utf-8"))
        return dict(_entries(document["probes"])) if document["version"] == _VERSION else {}
    except (OSError, ValueError, LookupError, TypeError, AttributeError, GoldenError):
        return {}


def _entries(probes: Mapping[str, Any]) -> Iterable[tuple[str, LearnedProbe]]:
    for key, one in probes.items():
        known = {
            str(signature): tuple(
                Binding(str(change), tuple((str(before), str(after)) for before, after in values))
                for change, values in each
            )
            for signature, each in one["known"].items()
        }
        yield key, LearnedProbe(load(one["golden"]), known)
