"""pytest-xdist: the controller launches, decides and writes; workers ask.

Registered only where pytest-xdist is installed.
"""

from __future__ import annotations

from typing import Any

import pytest

from pytest_cutover.backends.session import SessionState
from pytest_cutover.core.evidence import RunProblem


class WorkersPlugin:
    """Hands the running target to workers and keeps the variants of a test on one of them."""

    def __init__(self, config: pytest.Config, state: SessionState) -> None:
        self._config = config
        self._state = state
        self._deselected = 0

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """Start the backends before any worker exists; workers only get their URLs."""
        config = session.config
        if self._state.is_worker or not _distributed(config):
            return
        if config.option.dist == "each":
            raise pytest.UsageError(
                "--dist each runs every test on every worker, and evidence would count several "
                "times.\nExpected --dist load, worksteal, loadscope, loadfile or loadgroup. Leave "
                "--dist out: -n alone does the right thing."
            )
        plugin: Any = config.pluginmanager.get_plugin("cutover-backends")
        self._state.workers = len(config.getvalue("tx")) or 1
        plugin.start(config)

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Give a worker what the controller found."""
        state = self._state
        backends: Any = self._config.pluginmanager.get_plugin("cutover-backends")
        pids = {str(side): backends.pid(side) for side in state.urls}
        node.workerinput["cutover"] = {
            "pids": pids,
            "run_id": state.run_id,
            "started_s": state.started_s,
            "workers": max(state.workers, 1),
            "urls": {str(side): url for side, url in state.urls.items()},
            "problems": {str(side): why for side, why in state.problems.items()},
            # From memory to memory: never on a disk.
            "secrets": sorted(state.secrets.values()),
        }
        state.lost_workers.append(node.gateway.id)

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_make_scheduler(self, config: pytest.Config, log: Any) -> Any:
        """Send the variants of a test to the same worker, and outlive a worker that crashes."""
        from pytest_cutover.xdist.scheduling import scheduler

        return scheduler(config, log)

    @pytest.hookimpl(optionalhook=True)
    def pytest_handlecrashitem(self, crashitem: str) -> None:
        """A worker that crashed takes its test's evidence with it."""
        self._problem(
            f"the worker running {crashitem} crashed: that test is missing evidence. Run it "
            "alone to see why.",
            crashitem,
        )

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: Any) -> None:
        """Take over what a worker has to say, and notice one that is gone."""
        said = (getattr(node, "workeroutput", None) or {}).get("cutover", {})
        state, gate = self._state, self._gate()
        if "secrets" in said:
            for value in said["secrets"]:
                state.secrets.add(value)
            state.lost_workers.remove(node.gateway.id)
        # Every worker collects the whole suite, so all say the same.
        state.held_back = state.held_back or said.get("held_back", [])
        state.complaints = state.complaints or said.get("complaints", [])
        if gate is not None:
            gate.deselected = max(gate.deselected, said.get("deselected", 0))
        if error:
            self._problem(f"the worker {node.gateway.id} went down: {error}", "")

    def pytest_deselected(self, items: list[pytest.Item]) -> None:
        """On a worker, count what was left out: the controller collects nothing."""
        self._deselected += len(items)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """On a worker, tell the controller what it cannot see."""
        state = self._state
        if state.is_worker:
            output: dict[str, Any] = getattr(session.config, "workeroutput")  # noqa: B009
            output["cutover"] = {
                "deselected": self._deselected,
                "held_back": state.held_back,
                "complaints": state.complaints,
                "secrets": sorted(state.secrets.values()),
            }

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Show what the workers refused to run, as pytest shows usage errors."""
        if not self._state.is_worker and self._state.complaints:
            text = "\n\n".join(self._state.complaints)
            for number, line in enumerate(text.splitlines()):
                terminalreporter.write_line(f"ERROR: {line}" if number == 0 else line, red=True)

    def _problem(self, message: str, nodeid: str) -> None:
        gate = self._gate()
        if gate is not None:
            nodeids = (nodeid,) if nodeid else ()
            gate.problems.append(RunProblem("CUT307", "worker crashed", message, nodeids))

    def _gate(self) -> Any:
        return self._config.pluginmanager.get_plugin("cutover-gate")


def _distributed(config: pytest.Config) -> bool:
    return bool(getattr(config.option, "dist", "no") != "no" and config.getoption("tx", None))
