"""The checklist inside pytest: which tests run in a phase, the checks, and the room's gates."""

from __future__ import annotations

import time
from collections.abc import (
    Callable,
    Collection,
    Generator,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest

from pytest_cutover.backends.lifecycle import BothBackends
from pytest_cutover.backends.session import Session
from pytest_cutover.backends.terminal import terminal_of, uncaptured
from pytest_cutover.backends.waiting import AFTER_S, told_when_long
from pytest_cutover.checklist.actions import action_of, action_to_take
from pytest_cutover.checklist.context import CheckFunction, Context
from pytest_cutover.checklist.evaluate import EvaluationInputs
from pytest_cutover.checklist.item import Item
from pytest_cutover.checklist.items import Items, items_of
from pytest_cutover.checklist.judge import judged
from pytest_cutover.checklist.results import (
    FAIL,
    ITEM_TEST,
    OPEN,
    PASS,
    CheckResult,
    undecided,
)
from pytest_cutover.checklist.signoffs import SignOff, load_sign_offs
from pytest_cutover.checklist.test_evidence import (
    InconclusiveCheck,
    complaint,
    demand,
    item_ids,
    shown_by,
)
from pytest_cutover.config.checklist import Checklist, EvidenceKind
from pytest_cutover.config.monitoring import Switch
from pytest_cutover.config.target import Family
from pytest_cutover.core.errors import ConfigError, Mistake, MistakesError
from pytest_cutover.core.exchange import Side
from pytest_cutover.core.run_evidence import RunEvidence
from pytest_cutover.gate.verdict import Contribution, with_requirement
from pytest_cutover.report.phase_words import ActionName

_BROKEN = pytest.StashKey[bool]()


class ChecklistPlugin:
    """Sets aside what belongs to other phases, runs the ready-made checks, hands in the items.

    Raises ConfigError for items, codes, checks and sign-offs that cannot be meant.
    `checks` are the ready-made checks by their names: other rooms have some too.
    `before_the_switch` is done at the end of a phase in which the baseline still serves.
    """

    def __init__(
        self,
        config: pytest.Config,
        session: Session,
        backends: BothBackends,
        *,
        checks: Mapping[str, CheckFunction],
        codes: Collection[str],
        before_the_switch: Callable[[Context], None],
    ) -> None:
        self._before_the_switch = before_the_switch
        self._config = config
        self._said_s = float("-inf")
        self._backends = backends
        self._checks = checks
        self._plan, self._session = session.plan, session
        plan = session.plan
        self._phase = plan.phase
        self._table = plan.config.checklist or Checklist()
        self._items: Items = items_of(
            self._table.items,
            checks=checks,
            codes=codes,
            targets=tuple(plan.config.targets),
            source=plan.config.source_name,
        )
        self._now = datetime.now(UTC)
        self._sign_offs: tuple[SignOff, ...] = load_sign_offs(
            plan.config.root / self._table.sign_offs,
            items=self._items.ids,
            targets=tuple(plan.config.targets),
            now=self._now,
        )
        self._switched_at = _switched_at(self._table, self._now, plan.config.source_name)
        self._results: dict[str, CheckResult] = {}
        self._context: Context | None = None

    # -- which tests run ------------------------------------------------------------------------

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Of checklist tests keep those of this phase's items."""
        wrong = [text for item in items if (text := complaint(item, self._items.ids))]
        if wrong:
            raise pytest.UsageError("\n".join(dict.fromkeys(wrong)))
        items[:] = [item for item in items if self._belongs(item)]

    def _belongs(self, item: pytest.Item) -> bool:
        ids = item_ids(item)
        if ids:
            return bool(
                {one.id for one in self._items.of(self._phase) if self._here(one)} & set(ids)
            )
        return True

    def _here(self, item: Item) -> bool:
        target = self._plan.target
        return item.judged_on(target.name, launched=target.launched)

    # -- tests as evidence ----------------------------------------------------------------------

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Iterator[Any]:
        """Say what a marked test showed: in its call, or where it first broke beside it."""
        ids = item_ids(item)
        broke = call.excinfo is not None and not item.stash.get(_BROKEN, False)
        if ids and (call.when == "call" or broke):
            shown = shown_by(item, call, ids, self._session.secrets.scrub)
            item.stash[_BROKEN] = call.excinfo is not None
            ITEM_TEST.attach(item.user_properties, shown)
        return (yield)

    # -- checks ---------------------------------------------------------------------------------

    def check_for(self, request: pytest.FixtureRequest) -> Callable[[str], CheckResult]:
        """Return a function that runs a ready-made check, and fails the test with it."""

        def check(name: str) -> CheckResult:
            if name not in self._checks:
                raise MistakesError("cutover_check", [_no_check(name, self._checks)])
            result = self._run(name, self.context(request.config))
            if result.action is not None:
                demand(request.node, result.action)
            if result.verdict is OPEN:
                raise InconclusiveCheck(f"{name}: {result.observed}\n{result.message}".strip())
            if result.verdict is not PASS:
                pytest.fail(f"{name}: {result.observed}\n{result.message}", pytrace=False)
            return result

        return check

    def context(self, config: pytest.Config) -> Context:
        """Return the context of this run; starts or finds the backends when first asked for."""
        if self._context is None:
            self._backends.start(config)
            self._context = Context(
                self._session,
                self._table,
                say=self._say,
                candidate_pid=self._backends.pid(Side.CANDIDATE),
            )
        return self._context

    def _say(self, line: str) -> None:
        self._said_s = time.monotonic()
        reporter = terminal_of(self._config)
        if reporter is None:
            return
        # A watch inside a test would otherwise be told about after it, when it is too late.
        with uncaptured(self._config):
            reporter.ensure_newline()
            reporter.write_line(self._session.secrets.scrub(line))

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_runtestloop(self, session: pytest.Session) -> Iterator[Any]:
        """After the tests, run the checks of this phase that no test stood for."""
        result = yield
        if self._asked() and not session.config.option.collectonly and not session.shouldstop:
            try:
                for name in self._due_checks():
                    if name not in self._results:
                        self._results[name] = self._run(name, self.context(session.config))
                if self._phase.runs_the_suite and self._plan.gate_requested:
                    self._before_the_switch(self.context(session.config))
            except ConfigError as error:
                raise pytest.UsageError(str(error)) from None
        return result

    def _asked(self) -> bool:
        """Whether this run is to judge the checklist at all."""
        if self._plan.is_worker or self._plan.recording:
            return False
        return Family.CHECKLIST in self._plan.required

    def _due_checks(self) -> Sequence[str]:
        tested = self._session.received.of(ITEM_TEST)
        told = {name for test in tested for name in test.items}
        return [
            item.check
            for item in self._items.of(self._phase)
            if item.evidence is EvidenceKind.CHECK
            and item.id not in told
            and self._here(item)
            and item.check in self._checks
        ]

    def _run(self, name: str, context: Context) -> CheckResult:
        """One check; what breaks in it decides nothing."""
        try:
            with told_when_long(self._config, partial(self._at, name)):
                return self._checks[name](context)
        except ConfigError:
            raise
        except Exception as error:
            said = self._session.secrets.scrub(f"{type(error).__name__}: {error}")
            return undecided(f"the check broke: {said}")

    def _at(self, name: str) -> str:
        """Return what is done, unless the check told something of itself just now."""
        quiet = time.monotonic() - self._said_s > AFTER_S
        return f"running the check {name}" if quiet else ""

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Keep a run of checks alone from being an empty one: checks are what this phase ran.

        Late, because syrupy adds the first status to whatever stands there; the gate, which is
        registered after this room, is later still.
        """
        if int(session.exitstatus) == pytest.ExitCode.NO_TESTS_COLLECTED and self._results:
            session.exitstatus = pytest.ExitCode.OK

    # -- judging --------------------------------------------------------------------------------

    @pytest.hookimpl(wrapper=True)
    def pytest_cutover_judge(
        self, evidence: RunEvidence
    ) -> Generator[None, Any, list[Contribution | None]]:
        """Judge the checklist after the gates of the other rooms, on which it rests."""
        parts: list[Contribution | None] = list((yield))
        if not self._asked():
            return parts
        others = [part for part in parts if part is not None]
        return [*parts, self._judged(others, evidence)]

    def _judged(self, others: Sequence[Contribution], evidence: RunEvidence) -> Contribution:
        plan, tests = self._plan, evidence.received.of(ITEM_TEST)
        inputs = EvaluationInputs(
            items=self._items,
            phase=self._phase,
            target=plan.target.name,
            launched=plan.target.launched,
            now=self._now,
            gates=[gate for one in others for gate in one.gates],
            tests=tests,
            checks=self._results,
            sign_offs=self._sign_offs,
            required=tuple(map(str, plan.required)),
            switched_at=self._switched_at,
            again=evidence.again,
        )
        part = judged(inputs)
        demanded = [one.action for one in self._results.values() if one.action is not None]
        demanded += [ActionName(one.action) for one in tests if one.action]
        families = tuple(map(str, plan.required))
        asked = [gate for one in others for gate in with_requirement(one, families)]
        every = (*part.gates, *asked)
        name = action_of(self._phase, every, demanded)
        notes = part.notes
        if plan.target.time_scale != 1:
            notes = (
                f"durations of the checklist were scaled by {plan.target.time_scale:g}",
                *notes,
            )
        planned = planned_in(self._table.switch, self._now)
        if planned and self._phase.runs_the_suite:
            notes = (planned, *notes)
        settled = not any(
            gate.verdict is FAIL or (gate.verdict is OPEN and gate.required) for gate in every
        )
        action = action_to_take(
            name, self._phase, plan.target.name, self._table.switch, settled=settled
        )
        return replace(part, notes=notes, action=action)


def planned_in(switch: Switch | None, now: datetime) -> str:
    """When the switch is planned, and how far off that is; empty where nobody said."""
    if switch is None or switch.at is None:
        return ""
    minutes = round((switch.at - now).total_seconds() / 60)
    off = f"{abs(minutes) // 60} h {abs(minutes) % 60} min"
    when = f"in {off}" if minutes >= 0 else f"{off} ago"
    return f"the switch is planned for {switch.at.isoformat()}, {when}"


def _no_check(name: str, checks: Iterable[str]) -> Mistake:
    return Mistake(name, "no such check", valid=", ".join(checks))


def _switched_at(table: Checklist, now: datetime, source: str) -> datetime | None:
    moment = table.after.switched_at
    if moment is None or moment <= now:
        return moment
    what = Mistake("checklist.after.switched_at", "not in the past", value=moment.isoformat())
    raise MistakesError(source, [what])
