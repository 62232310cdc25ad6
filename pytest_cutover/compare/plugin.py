"""Parity inside pytest: records goldens, compares the sides, confirms, and hands over evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest

from pytest_cutover.backends.http.client import Recorder
from pytest_cutover.backends.markers import MarkedTest, marked, split_side
from pytest_cutover.backends.session import AGAIN, CROSSOVER, RECORDERS, Session
from pytest_cutover.compare.confirm.baseline_flakiness import keys_of
from pytest_cutover.compare.confirm.confirmation import Judged, Round
from pytest_cutover.compare.confirm.pytest_rerun import run_item
from pytest_cutover.compare.confirm.test_state import Judge, TestState
from pytest_cutover.compare.evidence import gates
from pytest_cutover.compare.evidence.differences import Examples, Observer, read_examples
from pytest_cutover.compare.evidence.failure_message import failure_text
from pytest_cutover.compare.golden.files import GoldenFiles
from pytest_cutover.compare.golden.snapshot_extension import SharedSnapshotExtension
from pytest_cutover.compare.noise.model import UnsteadyBaseline, learn
from pytest_cutover.compare.settings import profiles_of, rule_report, rules_of, standing
from pytest_cutover.config.accepted import load_accepted
from pytest_cutover.core.errors import ConfigError
from pytest_cutover.core.evidence import TEST, RunEvidence, TestEvidence
from pytest_cutover.core.exchange import Side, Transcript
from pytest_cutover.gate.verdict import Contribution

_NOT_RUN = (pytest.skip.Exception, pytest.xfail.Exception)


class ProvisionalMismatch(Exception):  # noqa: N818
    """A difference that nobody is accused of yet: the test runs again on both sides."""


class ParityPlugin:
    """The candidate is compared with the live baseline, under the noise that the golden knows."""

    def __init__(self, config: pytest.Config, session: Session) -> None:
        self._plan, self._session = session.plan, session
        plan = session.plan
        self._scrub = session.secrets.scrub
        self._rules = rules_of(plan.config)
        self._profiles = profiles_of(plan.target)
        self._accepted = load_accepted(plan.config.accepted_path_for(plan.target))
        self._today = datetime.now(UTC).date()
        self._files = GoldenFiles(plan.config.snapshots_path, plan.config.root)
        self._cases: dict[str, TestState] = {}
        self._variants: dict[str, dict[str, pytest.Item]] = {}
        self._confirmed: set[str] = set()
        self._observer = Observer(
            scrub=self._scrub, urls=session.urls, examples=Examples(plan.spool_dir)
        )
        SharedSnapshotExtension.root = self._files.root
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
    ) -> Generator[None, Any, Any]:
        """Give marked tests a `snapshot` that both sides share."""
        result = yield
        if fixturedef.argname == "snapshot" and marked(request.node) is not None:
            if not hasattr(result, "use_extension"):
                return result  # the project's own, which has nothing to do with syrupy
            result = result.use_extension(SharedSnapshotExtension)
            if fixturedef.cached_result is not None:
                fixturedef.cached_result = (result, *fixturedef.cached_result[1:])
        return result

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Announce a marked test, so that one that never gets further is missed."""
        mark = marked(item)
        if mark is not None:
            self._hand_over(item, self._evidence(item, mark, split_side(item)[1] or "both"))

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, Any, Any]:
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
            run_item(sibling, lambda: item)
            if case.baseline is None:
                case.confirm_problem = "the baseline could not be asked a second time"
            reports = run_item(item, lambda: sibling if case.wants_round else nextitem)
        return reports

    # -- one test -------------------------------------------------------------------------------

    def _case(self, test: str) -> TestState:
        if test not in self._cases:
            self._cases[test] = TestState(*self._files.read(test))
        return self._cases[test]

    def _after_body(self, item: pytest.Item, mark: MarkedTest, error: BaseException | None) -> None:
        """Judge what was recorded. Raises what the test is to fail with, if we have a reason."""
        test, variant = split_side(item)
        recorders: dict[str, Recorder] = item.stash.get(RECORDERS, {})
        if not recorders:
            return
        if isinstance(error, _NOT_RUN):
            if variant == str(Side.BASELINE):
                self._case(test).absent = "the test was skipped on the baseline"
            return
        refused = [text for recorder in recorders.values() for text in recorder.refusals]
        evidence = replace(
            self._evidence(item, mark, variant or "both", recorders=recorders.values()),
            body_failed=error is not None,
            blocked=self._scrub(refused[0].partition("\n")[0]) if refused else None,
        )
        self._hand_over(item, evidence)
        if refused or mark.name == CROSSOVER or variant not in recorders:
            return
        transcript = recorders[variant].transcript(self._session.secrets.spellings())
        if variant == str(Side.BASELINE):
            self._hand_over(item, self._baseline_ran(test, transcript, evidence))
        elif variant == AGAIN:
            self._record(item, test, transcript, evidence)
        elif transcript.exchanges:
            self._candidate_ran(item, mark, transcript, evidence, error)

    def _baseline_ran(
        self, test: str, transcript: Transcript, evidence: TestEvidence
    ) -> TestEvidence:
        case = self._case(test)
        case.baseline, case.baseline_failed = transcript, evidence.body_failed
        if case.golden_problem:
            evidence = replace(evidence, stale=(case.golden_problem,))
        elif case.golden is not None and not self._plan.recording:
            stale = self._judge().stale(case.golden, transcript)
            evidence = replace(evidence, stale=tuple(map(self._scrub, stale)))
        wanted = AGAIN if self._plan.recording else str(Side.CANDIDATE)
        if wanted not in self._variants.get(test, {}):
            self._cases.pop(test, None)
        return evidence

    def _record(
        self, item: pytest.Item, test: str, transcript: Transcript, evidence: TestEvidence
    ) -> None:
        """Write the golden from both recordings of the baseline, if both bodies passed."""
        case = self._cases.pop(test, None)
        if case is None or case.baseline is None:
            return
        if case.baseline_failed or evidence.body_failed or not transcript.exchanges:
            return
        try:
            golden = learn(case.baseline, transcript, earlier=case.golden, rules=self._rules)
            recorded = self._files.write(test, golden)
        except (UnsteadyBaseline, ConfigError) as error:
            text = f"not recorded: {self._scrub(str(error))}"
            raise pytest.fail.Exception(text, pytrace=False) from None
        self._hand_over(item, replace(evidence, recorded=recorded))

    def _candidate_ran(
        self,
        item: pytest.Item,
        mark: MarkedTest,
        transcript: Transcript,
        evidence: TestEvidence,
        error: BaseException | None,
    ) -> None:
        test = evidence.test
        case, judge = self._case(test), self._judge(test, mark.scenario)
        live = case.baseline is not None or bool(case.rounds)
        if case.baseline is not None:
            case.rounds.append(Round(case.baseline, transcript))
        case.wants_round = judge.wants_round(case)
        if case.wants_round:
            raise ProvisionalMismatch from error
        judged = judge.live(case) if live else judge.from_memory(case, transcript)
        self._confirmed |= judge.newly_confirmed(case, judged)
        evidence = self._judged(evidence, case, judged, transcript, judge.covering)
        evidence = replace(
            evidence, compared="live" if live else "golden" if case.golden is not None else ""
        )
        self._hand_over(item, evidence)
        if evidence.inconclusive or any(one.accepted is None for one in evidence.differences):
            text = failure_text(evidence, rounds=len(case.rounds))
            raise pytest.fail.Exception(text, pytrace=False) from error

    def _judged(
        self,
        evidence: TestEvidence,
        case: TestState,
        judged: Judged,
        transcript: Transcript,
        covering: Callable[[str], str | None],
    ) -> TestEvidence:
        """The evidence with what the judgement says, scrubbed."""
        first = case.rounds[0] if case.rounds else None
        observed, left_out = self._observer.observe(
            judged.differences,
            judged.unstable,
            nodeid=evidence.nodeid,
            covering=covering,
            baseline=first.baseline if first else None,
            candidate=first.candidate if first else transcript,
        )
        inconclusive = judged.inconclusive or case.confirm_problem
        caught, dead = standing(self._rules, first.baseline if first else transcript)
        return replace(
            evidence,
            unrecorded=case.golden is None and not case.golden_problem,
            differences=observed,
            dropped_differences=left_out,
            inconclusive=inconclusive and self._scrub(inconclusive),
            wavering=keys_of(judged.wavering, self._scrub),
            requests_differ=judged.requests_differ,
            rules_used=tuple(sorted(judged.rules_used)),
            rules_caught=caught,
            rules_dead=dead,
        )

    def _judge(self, test: str = "", scenario: str | None = None) -> Judge:
        return Judge(
            self._rules,
            self._profiles,
            self._plan.target.shared_state,
            partial(self._covering, test, scenario),
            self._confirmed,
        )

    def _covering(self, test: str, scenario: str | None, signature: str) -> str | None:
        entry = self._accepted.covering(signature, test, scenario, self._today)
        return entry.key if entry else None

    # -- evidence -------------------------------------------------------------------------------

    def _evidence(
        self, item: pytest.Item, mark: MarkedTest, side: str, *, recorders: Iterable[Recorder] = ()
    ) -> TestEvidence:
        exchanges = [exchange for recorder in recorders for exchange in recorder.exchanges]
        seen = Counter(
            (exchange.endpoint, exchange.response.status if exchange.response else 0)
            for exchange in exchanges
        )
        return TestEvidence(
            nodeid=item.nodeid,
            test=split_side(item)[0],
            side=side,
            marker=mark.name,
            endpoints=tuple(str(endpoint) for endpoint in mark.endpoints),
            scenario=mark.scenario,
            requests=len(exchanges),
            seen=tuple((endpoint, status, n) for (endpoint, status), n in sorted(seen.items())),
        )

    def _hand_over(self, item: pytest.Item, evidence: TestEvidence) -> None:
        """Put the evidence where reports take it from, in place of what was there."""
        case = self._cases.get(evidence.test)
        if case is not None and case.confirming and evidence.side == str(Side.BASELINE):
            return
        TEST.attach(item.user_properties, evidence)

    # -- the controller's part ------------------------------------------------------------------

    def pytest_cutover_judge(self, evidence: RunEvidence) -> Contribution:
        """The parity gates, and the findings."""
        orphans = self._files.orphans(one.test for one in evidence.tests) if evidence.full else ()
        return gates.contribution(
            evidence,
            gates.GateInputs(
                accepted=self._accepted,
                today=self._today,
                examples=read_examples(self._plan.spool_dir),
                orphans=orphans,
                rules=rule_report(self._rules, evidence),
            ),
        )
