"""pytest-xdist: the controller launches, decides and writes; workers ask.

Registered only where pytest-xdist is installed.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable
from typing import Any

import pytest

from pytest_cutover.backends.lifecycle import BothBackends
from pytest_cutover.backends.markers import is_evidence
from pytest_cutover.backends.session import Session
from pytest_cutover.config.run_plan import FromController
from pytest_cutover.core.exchange import Side
from pytest_cutover.core.run_evidence import LeftOut, RunProblem
from pytest_cutover.gate.gathering import RunGathering
from pytest_cutover.xdist.worker_count import worker_count


class WorkersPlugin:
    """Hands the running target to workers and keeps the variants of a test on one of them.

    `gathered` is the controller's; a worker has none.
    """

    def __init__(
        self, session: Session, backends: BothBackends, gathered: RunGathering | None
    ) -> None:
        self._plan, self._session = session.plan, session
        self._backends = backends
        self._gathered = gathered
        self._deselected: list[pytest.Item] = []
        self._grouped: list[tuple[pytest.Item, str]] = []
        self._plain: list[tuple[pytest.Item, str]] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """Start the backends before any worker exists; workers only get their URLs."""
        config = session.config
        if self._plan.is_worker or not worker_count(config):
            return
        if config.option.dist == "each":
            raise pytest.UsageError(
                "--dist each runs every test on every worker, and evidence would count several "
                "times.\nExpected --dist load, worksteal, loadscope, loadfile or loadgroup. Leave "
                "--dist out: -n alone does the right thing."
            )
        self._backends.start(config)

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Give a worker what the controller found."""
        plan, session = self._plan, self._session
        given = FromController(
            run_id=plan.run_id,
            started_s=plan.started_s,
            workers=plan.workers,
            urls={str(side): url for side, url in session.urls.items()},
            problems={str(side): why for side, why in session.problems.items()},
            pids={str(side): self._backends.pid(side) for side in session.urls},
            secrets=tuple(sorted(session.secrets.values())),
            environments={
                str(side): dict(env) for side, env in self._backends.environments.items()
            },
            launched_s=session.launched_s,
        )
        node.workerinput["cutover"] = given.to_plain()
        session.lost_workers.append(node.gateway.id)

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_make_scheduler(self, config: pytest.Config, log: Any) -> Any:
        """Send the variants of a test to the same worker, and outlive a worker that crashes."""
        from pytest_cutover.xdist.scheduling import scheduler

        return scheduler(config, log)

    # Up to pytest 8 pytest-xdist writes the group of `--dist loadgroup` into node ids, and there is
    # no other way to tell the controller; on the worker a test keeps the name that it has.

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_collection_modifyitems(
        self, items: list[pytest.Item]
    ) -> Generator[None, None, None]:
        """On a worker, take the group out of the node ids again."""
        before = [(item, item.nodeid) for item in items]
        result = yield
        self._plain = [(item, old) for item, old in before if item.nodeid.startswith(f"{old}@")]
        self._grouped = [(item, item.nodeid) for item, _ in self._plain]
        _rename(self._plain)
        return result

    def pytest_collection_finish(self) -> None:
        """Put the group back while pytest-xdist tells the controller what it collected."""
        _rename(self._grouped)

    @pytest.hookimpl(trylast=True, specname="pytest_collection_finish")
    def pytest_after_collection_finish(self) -> None:
        """Take it out again, now that the controller knows."""
        _rename(self._plain)

    @pytest.hookimpl(optionalhook=True)
    def pytest_handlecrashitem(self, crashitem: str) -> None:
        """Note a worker that crashed: it takes its test's evidence with it."""
        self._problem(
            f"the worker running {crashitem} crashed: that test is missing evidence. Run it "
            "alone to see why.",
            crashitem,
        )

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: Any) -> None:
        """Take over what a worker has to say, and notice one that is gone."""
        said = (getattr(node, "workeroutput", None) or {}).get("cutover", {})
        session = self._session
        if "secrets" in said:
            for value in said["secrets"]:
                session.secrets.add(value)
            session.lost_workers.remove(node.gateway.id)
        # Every worker collects the whole suite, so all say the same.
        session.not_run = session.not_run or said.get("not_run", [])
        session.set_aside = session.set_aside or said.get("set_aside", [])
        left_out = [LeftOut(*one) for one in said.get("left_out", [])]
        session.left_out = session.left_out or left_out
        session.usage_errors = session.usage_errors or said.get("usage_errors", [])
        for side, why in said.get("rebuilt", {}).items():
            session.rebuilt.setdefault(Side(side), why)
        if self._gathered is not None:
            self._gathered.deselected = max(self._gathered.deselected, said.get("deselected", 0))
            self._gathered.narrowing.update(said.get("narrowing", ()))
        if error:
            self._problem(f"the worker {node.gateway.id} went down: {error}", "")

    def pytest_deselected(self, items: list[pytest.Item]) -> None:
        """On a worker, count what was left out: the controller collects nothing."""
        self._deselected += items

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """On a worker, tell the controller what it cannot see."""
        ours = self._session
        if self._plan.is_worker:
            output: dict[str, Any] = getattr(session.config, "workeroutput")  # noqa: B009
            output["cutover"] = {
                "deselected": len(self._deselected),
                "narrowing": [one.nodeid for one in self._deselected if is_evidence(one)],
                "not_run": ours.not_run,
                "set_aside": ours.set_aside,
                "left_out": [(one.nodeid, one.how) for one in ours.left_out],
                "usage_errors": ours.usage_errors,
                "rebuilt": {str(side): why for side, why in ours.rebuilt.items()},
                "secrets": sorted(ours.secrets.values()),
            }

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Show what the workers refused to run, as pytest shows usage errors."""
        if not self._plan.is_worker and self._session.usage_errors:
            text = "\n\n".join(self._session.usage_errors)
            for number, line in enumerate(text.splitlines()):
                terminalreporter.write_line(f"ERROR: {line}" if number == 0 else line, red=True)

    def _problem(self, message: str, nodeid: str) -> None:
        if self._gathered is not None:
            nodeids = (nodeid,) if nodeid else ()
            self._gathered.problems.append(RunProblem("CUT307", "worker crashed", message, nodeids))


def _rename(names: Iterable[tuple[pytest.Item, str]]) -> None:
    item: Any
    for item, nodeid in names:
        item._nodeid = nodeid
