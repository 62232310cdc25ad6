"""Parity inside pytest: records goldens, compares the sides, confirms, and hands over evidence."""

from __future__ import annotations

import contextlib
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from pytest_cutover.backends.http.recorder import Recorder
from pytest_cutover.backends.lifecycle import BothBackends
from pytest_cutover.backends.markers import MarkedTest, marked, split_side
from pytest_cutover.backends.session import AGAIN, CROSSOVER, RECORDERS, Session
from pytest_cutover.backends.waiting import told_when_long
from pytest_cutover.compare.confirm import seeded
from pytest_cutover.compare.confirm.asking_again import LONGEST_WAIT_S, AskingAgain, told
from pytest_cutover.compare.confirm.baseline_alone import with_baseline_alone
from pytest_cutover.compare.confirm.confirmation import Judged, Round
from pytest_cutover.compare.confirm.mirroring import is_mirrored, mirror
from pytest_cutover.compare.confirm.other_workers import OtherWorkers
from pytest_cutover.compare.confirm.polls import recorded_without_polls
from pytest_cutover.compare.confirm.pytest_rerun import (
    close_scopes,
    failed_call,
    lift_time_limit,
    run_item,
)
from pytest_cutover.compare.confirm.rulebook import Rulebook
from pytest_cutover.compare.confirm.test_state import Ended, Judge, TestState
from pytest_cutover.compare.confirm.throttled import Patience, without_refused
from pytest_cutover.compare.confirm.turns import Turns, may_be_of_others
from pytest_cutover.compare.confirm.twin_rounds import TwinRounds, without_twin
from pytest_cutover.compare.confirm.written_before import WrittenBefore
from pytest_cutover.compare.diff.account import MOST_OPEN, UNSTEADY
from pytest_cutover.compare.diff.difference import Difference
from pytest_cutover.compare.diff.ids.correspondence import Correspondence
from pytest_cutover.compare.diff.rule_coverage import standing
from pytest_cutover.compare.evidence import seeds
from pytest_cutover.compare.evidence.account import counts_of, open_places_of, wavers_as_agreed
from pytest_cutover.compare.evidence.baseline_flakiness import keys_of
from pytest_cutover.compare.evidence.differences import Examples, Observer
from pytest_cutover.compare.evidence.exchanges import ExchangesKept
from pytest_cutover.compare.evidence.explaining import alike
from pytest_cutover.compare.evidence.failure_message import failure_text
from pytest_cutover.compare.evidence.reviewed_values import Acceptance
from pytest_cutover.compare.golden.files import GoldenFiles
from pytest_cutover.compare.golden.snapshot_extension import SharedSnapshotExtension
from pytest_cutover.compare.noise.model import UnsteadyBaseline, learn
from pytest_cutover.config.accepted import load_accepted
from pytest_cutover.config.datetimes import utc_today
from pytest_cutover.core.errors import ConfigError
from pytest_cutover.core.evidence import TEST, TestEvidence
from pytest_cutover.core.exchange import Side, Transcript
from pytest_cutover.core.nodeid import SEED

_NOT_RUN = (pytest.skip.Exception, pytest.xfail.Exception)


_ERROR = pytest.StashKey["BaseException | None"]()


@contextlib.contextmanager
def _remembering_errors(item: pytest.Item) -> Iterator[None]:
    """Keep the first error of an item beside it, and let it go on its way."""
    try:
        yield
    except (KeyboardInterrupt, SystemExit, pytest.exit.Exception):
        raise
    except BaseException as error:
        if item.stash.get(_ERROR, None) is None:
            item.stash[_ERROR] = error
        raise


class ParityPlugin:
    """The candidate is compared with the live baseline, under the noise that the golden knows."""

    def __init__(self, config: pytest.Config, session: Session, backends: BothBackends) -> None:
        self._config, self._plan, self._session = config, session.plan, session
        plan = session.plan
        self.turns = Turns(plan.spool_dir, workers=plan.workers)
        self._others = OtherWorkers(plan.spool_dir, workers=plan.workers)
        self._scrub = session.secrets.scrub
        self._rulebook = replace(
            Rulebook.of(plan.config, plan.target), others_write=plan.workers > 1
        )
        self.rules = self._rulebook.rules
        self.accepted = load_accepted(plan.config.accepted_path_for(plan.target))
        self.today = utc_today()
        self.files = GoldenFiles(plan.config.snapshots_path, plan.config.root)
        self._cases: dict[str, TestState] = {}
        self._variants: dict[str, dict[str, pytest.Item]] = {}
        self._confirmed: set[str] = set()
        self._known = Correspondence()
        self._moving: set[tuple[str, str]] = set()
        self._settled: set[tuple[str, str]] = set()
        self._written = WrittenBefore()
        self._seeded, self._seed_heard = (session.seeds, session.secrets), False
        self._twins = TwinRounds(backends, self._scrub, self._others.tell)
        self._again = AskingAgain(time.time, Patience(LONGEST_WAIT_S / plan.workers))
        self._observer = Observer(
            scrub=self._scrub, urls=session.urls, examples=Examples(plan.spool_dir)
        )
        self._exchanges = ExchangesKept(plan.spool_dir, self._scrub)
        self._acceptance = Acceptance(self.accepted, self.today, self._scrub)
        SharedSnapshotExtension.root = self.files.root
        SharedSnapshotExtension.rootdir = config.rootpath

    # -- pytest's hooks -------------------------------------------------------------------------

    @pytest.hookimpl(tryfirst=True)
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

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """Announce a marked test, so that one that never gets further is missed."""
        mark = marked(item)
        if mark is None:
            return (yield)
        item.stash[_ERROR] = None
        self._hand_over(item, self._evidence(item, mark, split_side(item)[1] or "both"))
        with _remembering_errors(item):
            return (yield)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """Remember how the body of a marked test ended."""
        if marked(item) is None:
            return (yield)
        with _remembering_errors(item):
            return (yield)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """Take the transcript when the last fixture has ended, with all that a side was asked."""
        mark = marked(item)
        if mark is None:
            return (yield)
        try:
            with _remembering_errors(item):
                return (yield)
        finally:
            self._ended(item, mark)
            # pytest keeps its items until the end, and would keep every body with them.
            item.stash.get(RECORDERS, {}).clear()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(
        self, item: pytest.Item, nextitem: pytest.Item | None
    ) -> bool | None:
        """Run the last variant of a test and judge it; both run again where that is wanted."""
        mark, (test, variant) = marked(item), split_side(item)
        present = self._variants.get(test, {})
        if mark is None or not variant:
            return None
        is_last = variant != str(Side.BASELINE) or not present.keys() - {variant}
        if not (is_last or self._plan.recording):
            return None  # the other variant of this test comes after it, and judges
        lift_time_limit(item)
        item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
        if self._plan.recording:
            reports = self._run_recorded(item, mark, nextitem)
        else:
            reports = self._run(item, mark, nextitem)
        ended = close_scopes(item, nextitem)
        for report in reports if ended is None else [*reports, ended]:
            report.user_properties = list(item.user_properties)
            item.ihook.pytest_runtest_logreport(report=report)
        item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
        if is_last:
            self._cases.pop(test, None)
        return True

    # -- one test -------------------------------------------------------------------------------

    def _case(self, test: str) -> TestState:
        if test not in self._cases:
            self._cases[test] = TestState(*self.files.read(test))
        return self._cases[test]

    def _run_recorded(
        self, item: pytest.Item, mark: MarkedTest, nextitem: pytest.Item | None
    ) -> list[pytest.TestReport]:
        """Return the reports of a test on the baseline; the second time it is written down."""
        test, variant = split_side(item)
        case = self._case(test)
        beside = next((one for one in self._variants[test].values() if one is not item), nextitem)
        reports = run_item(item, beside)
        problem, heard = "", case.baseline
        if variant == AGAIN:
            problem = self._record(test, case)
            heard = case.last.transcript if case.last is not None else None
        if heard and mark.name != CROSSOVER and is_mirrored(self._session, item, heard):
            mirror(self._session, item, beside, case)
        return failed_call(item, reports, problem, None) if problem else reports

    def _run(
        self, item: pytest.Item, mark: MarkedTest, nextitem: pytest.Item | None
    ) -> list[pytest.TestReport]:
        """Return the reports of the last variant of a test, as they are once both sides were
        judged.
        """
        test, _ = split_side(item)
        case = self._case(test)
        baseline, candidate = (self._variant(item, side) for side in Side)
        reports: list[pytest.TestReport] = []
        if baseline is not None and baseline is not self._variants[test].get(str(Side.BASELINE)):
            run_item(baseline, candidate)  # left out of this run, and needed to compare with
        elif baseline is item:
            reports = run_item(item, candidate or nextitem)
        if candidate is not None:
            mine = run_item(candidate, baseline or nextitem)
            reports = mine if candidate is item else reports
        judged = self._judge_case(case, test, mark)
        with contextlib.ExitStack() as telling:
            while judged is not None and baseline is not None and candidate is not None:
                wait_s = self._again.wait_s(self._judge(test, mark.scenario), case, judged)
                if wait_s is None:
                    break
                if not case.confirming:
                    telling.enter_context(told_when_long(self._config, partial(told, case)))
                self._without_others(case, judged)
                time.sleep(wait_s)
                case.confirming, case.baseline, case.last = True, None, None
                first = run_item(baseline, candidate)
                if case.baseline is None:
                    case.confirm_problem = "the baseline could not be asked a second time"
                second = run_item(candidate, baseline)
                reports = second if candidate is item else first
                self._moving |= judged.moving | judged.drawn
                judged = self._judge_case(case, test, mark) or judged
            if judged is None or case.last is None:
                return reports
            if baseline is not None and candidate is not None and case.rounds:
                judge = self._judge(test, mark.scenario)
                both = baseline, candidate
                judged = with_baseline_alone(judge, case, judged, both, self._others.tell)
                judged = self._twins.explain(judge, case, judged, both)
        return self._verdict(item, mark, case, judged, reports)

    def _without_others(self, case: TestState, judged: Judged) -> None:
        """Ask alone from now on; what other workers may have disturbed is not counted."""
        if self.turns.alone() and may_be_of_others(judged):
            case.disturbed = case.rounds[-1]
            case.rounds.clear()

    def _variant(self, item: pytest.Item, side: Side) -> pytest.Item | None:
        """Return the item of the same test on a side; one that this run left out is made anew."""
        test, variant = split_side(item)
        if variant == str(side):
            return item
        known = self._variants.get(test, {}).get(str(side))
        if known is not None or side in self._session.problems:
            return known
        if not isinstance(item.parent, pytest.Collector):
            return None
        for other in item.parent.collect():
            if isinstance(other, pytest.Item) and split_side(other) == (test, str(side)):
                return other
        return None

    def _ended(self, item: pytest.Item, mark: MarkedTest) -> None:
        """Take down what an item showed; the judgement waits for the last variant."""
        self._hear_seed(item)
        test, variant = split_side(item)
        recorders: dict[str, Recorder] = item.stash.get(RECORDERS, {})
        error = item.stash.get(_ERROR, None)
        if not recorders:
            return
        if isinstance(error, _NOT_RUN):
            if variant == str(Side.BASELINE):
                self._case(test).absent = "the test was skipped on the baseline"
            return
        refused = [text for recorder in recorders.values() for text in recorder.refusals]
        bare = self._evidence(item, mark, variant or "both", recorders=recorders.values())
        evidence = replace(
            bare,
            body_failed=error is not None and bare.requests > 0,
            blocked=self._scrub(refused[0].partition("\n")[0]) if refused else None,
        )
        self._hand_over(item, evidence)
        if refused or mark.name == CROSSOVER or variant not in recorders:
            return
        transcript = recorders[variant].transcript(
            self._session.secrets.spellings(), self._session.secrets.credentials()
        )
        if variant == str(Side.BASELINE):
            # Where the candidate follows, all rounds tell whether the golden is stale.
            follows = self._variant(item, Side.CANDIDATE) is not None
            self._hand_over(item, self._baseline_ran(test, transcript, evidence, follows))
        else:
            self._case(test).last = Ended(transcript, evidence, error)

    def _baseline_ran(
        self, test: str, transcript: Transcript, evidence: TestEvidence, follows: bool
    ) -> TestEvidence:
        case = self._case(test)
        case.baseline, case.baseline_failed = transcript, evidence.body_failed
        if case.golden_problem:
            evidence = replace(evidence, stale=(case.golden_problem,))
        elif case.golden is not None and not self._plan.recording and not follows:
            stale = self._judge().stale(case.golden, transcript)
            evidence = replace(evidence, stale=tuple(map(self._scrub, stale)))
        return evidence

    def _record(self, test: str, case: TestState) -> str:
        """Write the golden from both recordings of the baseline; why not, where that fails."""
        last = case.last
        if case.baseline is None or last is None:
            return ""
        if case.baseline_failed or last.evidence.body_failed or not last.transcript.exchanges:
            return ""
        try:
            golden = learn(
                *recorded_without_polls(case.baseline, last.transcript),
                earlier=case.golden,
                rules=self.rules,
            )
            recorded = self.files.write(test, golden)
        except (UnsteadyBaseline, ConfigError) as error:
            return f"not recorded: {self._scrub(str(error))}"
        again = self._variants[test][AGAIN]
        self._hand_over(again, replace(last.evidence, recorded=recorded))
        return ""

    def _judge_case(self, case: TestState, test: str, mark: MarkedTest) -> Judged | None:
        """Return what both transcripts say, with those of earlier rounds; None where there is
        nothing.
        """
        last = case.last
        if last is None or not last.transcript.exchanges:
            return None
        if case.baseline is not None:
            case.rounds.append(Round(case.baseline, last.transcript))
            self._others.tell(case.rounds[-1])
            self._known = self._others.heard(self._known)
        judge = self._judge(test, mark.scenario)
        if not case.rounds:
            return judge.from_memory(case, last.transcript)
        return self._twins.known(judge.live(case), case)

    def _verdict(
        self,
        item: pytest.Item,
        mark: MarkedTest,
        case: TestState,
        judged: Judged,
        reports: list[pytest.TestReport],
    ) -> list[pytest.TestReport]:
        """Hand over what was found, and fail the call where nobody accepted it."""
        assert case.last is not None
        test, variant = split_side(item)
        judge = self._judge(test, mark.scenario)
        judged = without_refused(judged, case.last.transcript, judge.covering)
        self._confirmed |= judge.newly_confirmed(case, judged)
        if case.rounds:
            self._known = judged.values
            # A number is followed over several rounds once; a test that shows it later is not.
            self._settled |= self._moving - judged.moving - judged.drawn
            self._written = self._written.heard(case.rounds, judged.differences)
        bare = replace(case.last.evidence, nodeid=item.nodeid, side=variant)
        evidence = self._judged(bare, case, judged, case.last.transcript, judge.covering)
        memory = "golden" if case.golden is not None else ""
        evidence = replace(
            evidence,
            compared="live" if case.rounds else memory,
            wavering=keys_of(judge.departed(case), self._scrub),
        )
        case.confirming = False
        self._hand_over(item, evidence)
        self._exchanges.keep(
            evidence,
            judged.first.baseline if judged.first else case.golden,
            judged.first.candidate if judged.first else case.last.transcript,
            {one.exchange for one in judged.differences if judge.covering(one) is None},
        )
        if not evidence.inconclusive and all(one.accepted for one in evidence.differences):
            return reports
        text = failure_text(evidence, rounds=len(case.rounds))
        if note := without_twin(self._twins, judged, case.rounds):
            text = f"{text}\n  note: {note}"
        own = case.last.error if variant == str(Side.CANDIDATE) else None
        return failed_call(item, reports, text, own)

    def _judged(
        self,
        evidence: TestEvidence,
        case: TestState,
        judged: Judged,
        transcript: Transcript,
        covering: Callable[[Difference], str | None],
    ) -> TestEvidence:
        """Return the evidence with what the judgement says, scrubbed."""
        first = judged.first
        observed, left_out = self._observer.observe(
            judged.differences,
            judged.unstable,
            nodeid=evidence.nodeid,
            covering=covering,
            seen=self._acceptance.seen,
            explain=self._acceptance.explain,
            baseline=first.baseline if first else None,
            candidate=first.candidate if first else transcript,
        )
        inconclusive = judged.inconclusive or case.confirm_problem
        if (judged.inconclusive or "").startswith(UNSTEADY) and wavers_as_agreed(
            judged.account, self.accepted, evidence, self.today
        ):
            inconclusive = None
        caught, dead = standing(self.rules, first.baseline if first else transcript)
        return replace(
            evidence,
            unrecorded=case.golden is None and not case.golden_problem,
            differences=observed,
            dropped_differences=left_out,
            inconclusive=inconclusive and self._scrub(inconclusive),
            requests_differ=judged.requests_differ,
            rules_used=tuple(sorted(judged.rules_used)),
            rules_caught=caught,
            rules_dead=dead,
            account=counts_of(judged.account),
            open_places=open_places_of(judged.account, self._scrub),
            open_more=max(0, len(judged.account.open) - MOST_OPEN),
            alike=alike(first.baseline, first.candidate, judged.differences) if first else (),
            stale=evidence.stale or tuple(map(self._scrub, judged.stale)),
        )

    def _hear_seed(self, item: pytest.Item) -> None:
        """Judge what the seed of this process was answered; the first test brings it along."""
        said = None if self._seed_heard else seeds.transcripts(*self._seeded)
        if said is None:
            return
        judged = seeded.judged(Round(*said), self._rulebook)
        self._seed_heard, self._known = True, judged.values
        bare, covering = seeds.unjudged(said[1]), partial(self._covering, SEED, None)
        found = self._judged(bare, TestState(None, None), judged, said[1], covering)
        seeds.SEEDED.attach(item.user_properties, replace(found, unrecorded=False))
        differing = {one.exchange for one in judged.differences if covering(one) is None}
        self._exchanges.keep(found, *said, differing)

    def _judge(self, test: str = "", scenario: str | None = None) -> Judge:
        rulebook = self._rulebook.launched_between(self._session.launched_s)
        covering, known = partial(self._covering, test, scenario), self._known
        return Judge(rulebook, covering, self._confirmed, known, self._settled, self._written)

    def _covering(self, test: str, scenario: str | None, difference: Difference) -> str | None:
        return self._acceptance.key_for(difference, test, scenario)

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
