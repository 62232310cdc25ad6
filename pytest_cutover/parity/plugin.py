"""Parity inside pytest: records goldens, compares the sides, confirms, and hands over evidence."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pytest_cutover.backends.client import Recorder
from pytest_cutover.backends.exchange import Side, Transcript
from pytest_cutover.backends.marks import MarkedTest, marked, split_side
from pytest_cutover.backends.state import AGAIN, CROSSOVER, RECORDERS, SessionState
from pytest_cutover.config.atomic import write_whole
from pytest_cutover.config.errors import ConfigError
from pytest_cutover.gate.evidence import PROPERTY, RunEvidence, TestEvidence
from pytest_cutover.gate.verdict import Contribution
from pytest_cutover.parity import gates
from pytest_cutover.parity.accepted import load_accepted
from pytest_cutover.parity.compare import Comparison, compare, compare_with_golden
from pytest_cutover.parity.golden_text import GoldenError, dump, load
from pytest_cutover.parity.goldens import SharedSnapshotExtension, golden_path
from pytest_cutover.parity.noise import Golden, UnsteadyBaseline, learn
from pytest_cutover.parity.observe import Examples, Observer, failure_text
from pytest_cutover.parity.rerun import run_item
from pytest_cutover.parity.rounds import Judged, Round, judge
from pytest_cutover.parity.settings import profiles_of, rule_report, rules_of
from pytest_cutover.report.model import Pair

_ROUNDS_RECORDED = 2
_ROUNDS_UNRECORDED = 3


class ProvisionalMismatch(Exception):
    """A difference that nobody is accused of yet: the test runs again on both sides."""


@dataclass(slots=True)
class _Case:
    """One test on its way through both sides."""

    golden: Golden | None
    golden_problem: str | None
    baseline: Transcript | None = None
    baseline_failed: bool = False
    rounds: list[Round] = field(default_factory=list)
    wants_round: bool = False
    confirming: bool = False
    confirm_problem: str | None = None


class ParityPlugin:
    """The candidate is compared with the live baseline, under the noise that the golden knows."""

    def __init__(self, config: pytest.Config, state: SessionState) -> None:
        self._config = config
        self._state = state
        self._rules = rules_of(state.config)
        self._profiles = profiles_of(state.target)
        self._accepted = load_accepted(state.config.accepted_path_for(state.target))
        self._today = datetime.now(UTC).date()
        self._root = state.config.snapshots_path
        self._cases: dict[str, _Case] = {}
        self._variants: dict[str, dict[str, pytest.Item]] = {}
        self._observer = Observer(
            scrub=state.secrets.scrub,
            urls=state.urls,
            examples=Examples(state.spool_dir),
            covering=self._covering,
        )
        SharedSnapshotExtension.root = self._root
        SharedSnapshotExtension.rootdir = config.rootpath

    # -- pytest's hooks -------------------------------------------------------------------------

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Remember which variants of a test this run has."""
        for item in session.items:
            test, variant = split_side(item)
            if variant:
                self._variants.setdefault(test, {})[variant] = item

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(
        self, fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
    ) -> Iterator[Any]:
        """Give marked tests a `snapshot` that both sides share."""
        result = yield
        if fixturedef.argname == "snapshot" and marked(request.node) is not None:
            result = result.use_extension(SharedSnapshotExtension)
            if fixturedef.cached_result is not None:
                fixturedef.cached_result = (result, *fixturedef.cached_result[1:])
        return result

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Announce a marked test, so that one that never gets further is missed."""
        mark = marked(item)
        if mark is not None:
            side = split_side(item)[1] or "both"
            blocked = next(iter(self._state.problems.values()), "").partition("\n")[0]
            self._hand_over(item, self._evidence(item, mark, side, blocked=blocked or None))

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[Any]:
        """Compare after the body, however it ended."""
        mark = marked(item)
        if mark is None:
            return (yield)
        result, error = None, None
        try:
            result = yield
        except (KeyboardInterrupt, SystemExit, pytest.exit.Exception):
            raise
        except BaseException as raised:
            error = raised
        self._after_body(item, mark, error)
        if error is not None:
            raise error
        return result

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(
        self, item: pytest.Item, nextitem: pytest.Item | None
    ) -> bool | None:
        """Run a candidate's test again, with its baseline, where one round is not enough."""
        test, variant = split_side(item)
        sibling = self._variants.get(test, {}).get(str(Side.BASELINE))
        if variant != str(Side.CANDIDATE) or sibling is None:
            return None
        item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
        for report in self._all_rounds(item, sibling, nextitem, test):
            item.ihook.pytest_runtest_logreport(report=report)
        item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
        self._cases.pop(test, None)
        return True

    def _all_rounds(
        self, item: pytest.Item, sibling: pytest.Item, nextitem: pytest.Item | None, test: str
    ) -> list[pytest.TestReport]:
        case = self._case(test)
        reports = run_item(item, lambda: sibling if case.wants_round else nextitem)
        while case.wants_round:
            case.wants_round, case.confirming, case.baseline = False, True, None
            again = run_item(sibling, lambda: item)
            if any(report.failed for report in again) and case.baseline is None:
                case.confirm_problem = "the baseline could not be asked a second time"
            reports = run_item(item, lambda: sibling if case.wants_round else nextitem)
        return reports

    # -- one test -------------------------------------------------------------------------------

    def _case(self, test: str) -> _Case:
        if test not in self._cases:
            golden, problem = self._load(test)
            self._cases[test] = _Case(golden, problem)
        return self._cases[test]

    def _load(self, test: str) -> tuple[Golden | None, str | None]:
        path = golden_path(self._root, test)
        try:
            return load(path.read_text("utf-8")), None
        except FileNotFoundError:
            return None, None
        except (GoldenError, OSError, UnicodeDecodeError) as error:
            shown = path.relative_to(self._state.config.root)
            return None, f"{shown} cannot be used: {error}"

    def _after_body(
        self, item: pytest.Item, mark: MarkedTest, error: BaseException | None
    ) -> None:
        """Judge what was recorded. Raises what the test is to fail with, if we have a reason."""
        test, variant = split_side(item)
        recorders = item.stash.get(RECORDERS, {})
        for recorder in recorders.values():
            for exchange in recorder.exchanges:
                self._state.secrets.observe(exchange)
        if isinstance(error, pytest.skip.Exception) or not recorders:
            return
        if mark.name == CROSSOVER or variant not in recorders:
            evidence = self._evidence(item, mark, "both", recorders=recorders.values())
            self._hand_over(item, replace(evidence, body_failed=error is not None))
            return
        transcript = recorders[variant].transcript(self._state.secrets.values())
        evidence = self._evidence(item, mark, variant, recorders=recorders.values())
        evidence = replace(evidence, body_failed=error is not None)
        self._hand_over(item, evidence)
        if variant == str(Side.BASELINE):
            self._hand_over(item, self._baseline_ran(test, transcript, evidence))
        elif variant == AGAIN:
            self._record(item, test, transcript, evidence)
        elif transcript.exchanges:
            self._candidate_ran(item, mark, test, transcript, evidence, error)

    def _baseline_ran(
        self, test: str, transcript: Transcript, evidence: TestEvidence
    ) -> TestEvidence:
        case = self._case(test)
        case.baseline, case.baseline_failed = transcript, evidence.body_failed
        if case.golden_problem:
            evidence = replace(evidence, stale=(case.golden_problem,))
        elif case.golden is not None and not self._state.recording:
            against = compare_with_golden(
                case.golden, transcript, rules=self._rules, profiles=self._profiles
            )
            evidence = replace(evidence, stale=self._stale(against))
        wanted = {AGAIN} if self._state.recording else {str(Side.CANDIDATE)}
        if not wanted & set(self._variants.get(test, {})):
            self._cases.pop(test, None)
        return evidence

    def _stale(self, against: Comparison) -> tuple[str, ...]:
        messages = [
            f"{one.endpoint} {one.pointer or 'the answer'}: {one.kind}, {one.change}"
            for one in against.differences[:3]
        ]
        if against.inconclusive:
            messages.append(against.inconclusive)
        return tuple(self._state.secrets.scrub(message) for message in messages)

    def _record(
        self, item: pytest.Item, test: str, transcript: Transcript, evidence: TestEvidence
    ) -> None:
        """Write the golden from both recordings of the baseline."""
        case = self._cases.pop(test, None)
        if case is None or case.baseline is None:
            return
        if case.baseline_failed or evidence.body_failed or not transcript.exchanges:
            return
        try:
            golden = learn(case.baseline, transcript, earlier=case.golden, rules=self._rules)
        except UnsteadyBaseline as error:
            pytest.fail(f"not recorded: {self._state.secrets.scrub(str(error))}", pytrace=False)
        path, text = golden_path(self._root, test), dump(golden)
        before = path.read_text("utf-8") if path.exists() else None
        if before != text:
            write_whole(path, text)
        recorded = "same" if before == text else "new" if before is None else "changed"
        self._hand_over(item, replace(evidence, recorded=recorded))

    def _candidate_ran(
        self,
        item: pytest.Item,
        mark: MarkedTest,
        test: str,
        transcript: Transcript,
        evidence: TestEvidence,
        error: BaseException | None,
    ) -> None:
        case = self._case(test)
        evidence = replace(evidence, unrecorded=case.golden is None)
        if case.baseline is None and not case.rounds:
            judged, compared = self._without_baseline(case, transcript), "golden"
        else:
            if case.baseline is not None:
                case.rounds.append(Round(case.baseline, transcript))
            case.wants_round = self._wants_round(case, mark, test)
            if case.wants_round:
                raise ProvisionalMismatch from error
            judged, compared = self._judge(case), "live"
        first = case.rounds[0] if case.rounds else None
        observed = self._observer.observe(
            judged.differences,
            judged.unstable,
            nodeid=item.nodeid,
            test=test,
            scenario=mark.scenario,
            baseline=first.baseline if first else None,
            candidate=first.candidate if first else transcript,
        )
        inconclusive = judged.inconclusive or case.confirm_problem
        self._hand_over(
            item,
            replace(
                evidence,
                compared=compared,
                differences=observed,
                dropped_differences=max(0, len(judged.differences) - len(observed)),
                inconclusive=inconclusive and self._state.secrets.scrub(inconclusive),
                requests_differ=judged.requests_differ,
                rules_used=tuple(sorted(judged.rules_used)),
            ),
        )
        if inconclusive or any(one.accepted is None for one in observed):
            text = failure_text(
                observed,
                compared=compared,
                rounds=len(case.rounds),
                inconclusive=inconclusive,
            )
            raise pytest.fail.Exception(self._state.secrets.scrub(text), pytrace=False) from error

    def _without_baseline(self, case: _Case, transcript: Transcript) -> Judged:
        """The candidate beside the golden, where the baseline is not part of the run."""
        if case.golden is None:
            why = case.golden_problem or (
                "there is no golden and the baseline is not part of this run, so there is nothing "
                "to compare with; run the test without [candidate], on both sides"
            )
            return Judged((), inconclusive=why)
        against = compare_with_golden(
            case.golden, transcript, rules=self._rules, profiles=self._profiles
        )
        return Judged(
            against.differences,
            inconclusive=against.inconclusive,
            rules_used=against.rules_used,
        )

    def _wants_round(self, case: _Case, mark: MarkedTest, test: str) -> bool:
        """Whether to run again: there is something to confirm, and a round left for it."""
        done = len(case.rounds)
        if case.confirm_problem or self._state.problems:
            return False
        judged = self._judge(case)
        if not judged.differences:
            return bool(judged.inconclusive) and done < 2 and not judged.requests_differ
        if case.golden is not None:
            if done == 1 and all(
                self._covering(one.signature, test, mark.scenario) for one in judged.differences
            ):
                return False
            return done < _ROUNDS_RECORDED
        return done < 2 or (done < _ROUNDS_UNRECORDED and bool(judged.unstable))

    def _judge(self, case: _Case) -> Judged:
        """All rounds so far, under the golden's noise or the noise of the rounds themselves."""
        rounds = case.rounds
        golden = case.golden
        if golden is None:
            last = rounds[min(1, len(rounds) - 1)].baseline
            try:
                golden = learn(rounds[0].baseline, last, rules=self._rules)
            except UnsteadyBaseline as error:
                return Judged((), inconclusive=str(error))
        known = golden

        def beside(baseline: Transcript, candidate: Transcript) -> Comparison:
            return compare(
                baseline,
                candidate,
                golden=known,
                rules=self._rules,
                profiles=self._profiles,
                shared_state=self._state.target.shared_state,
            )

        return judge(rounds, beside)

    def _covering(self, signature: str, test: str, scenario: str | None) -> str | None:
        entry = self._accepted.covering(signature, test, scenario, self._today)
        return entry.key if entry else None

    # -- evidence -------------------------------------------------------------------------------

    def _evidence(
        self,
        item: pytest.Item,
        mark: MarkedTest,
        side: str,
        *,
        recorders: Any = (),
        blocked: str | None = None,
    ) -> TestEvidence:
        all_recorders: list[Recorder] = list(recorders)
        seen = Counter(
            (exchange.endpoint, exchange.response.status if exchange.response else 0)
            for recorder in all_recorders
            for exchange in recorder.exchanges
        )
        return TestEvidence(
            nodeid=item.nodeid,
            test=split_side(item)[0],
            side=side,
            marker=mark.name,
            endpoints=tuple(str(endpoint) for endpoint in mark.endpoints),
            scenario=mark.scenario,
            requests=sum(len(recorder.exchanges) for recorder in all_recorders),
            blocked=blocked,
            seen=tuple((endpoint, status, n) for (endpoint, status), n in sorted(seen.items())),
        )

    def _hand_over(self, item: pytest.Item, evidence: TestEvidence) -> None:
        """Put the evidence where reports take it from, in place of what was there."""
        if self._cases.get(evidence.test) and self._cases[evidence.test].confirming:
            if evidence.side == str(Side.BASELINE):
                return
        item.user_properties[:] = [pair for pair in item.user_properties if pair[0] != PROPERTY]
        item.user_properties.append((PROPERTY, evidence.to_text()))

    # -- the controller's part ------------------------------------------------------------------

    def pytest_cutover_judge(self, evidence: RunEvidence) -> Contribution:
        """The parity gates, and the findings."""
        return gates.contribution(
            evidence,
            gates.Inputs(
                accepted=self._accepted,
                today=self._today,
                examples=self._examples(),
                orphans=self._orphans(evidence),
                rules=rule_report(self._rules, evidence),
            ),
        )

    def _examples(self) -> dict[str, Pair]:
        found = {}
        for path in sorted(self._state.spool_dir.glob("*.json")):
            try:
                pair = json.loads(path.read_text("utf-8"))
                found[path.name] = Pair(pair["baseline"], pair["candidate"])
            except (OSError, ValueError, KeyError):
                continue
        return found

    def _orphans(self, evidence: RunEvidence) -> tuple[str, ...]:
        if not evidence.full or not self._root.is_dir():
            return ()
        known = {golden_path(self._root, one.test) for one in evidence.tests}
        root: Path = self._state.config.root
        return tuple(
            str(path.relative_to(root))
            for path in sorted(self._root.rglob("*.json"))
            if path not in known and ".snapshot" not in path.name
        )


__all__ = ["ConfigError", "ParityPlugin"]
