"""What all rooms share in one session, and the opening of the rooms.

Between the door and the rooms: imported when a target is chosen, never before.
"""

from __future__ import annotations

import os
import secrets as random_source
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

from pytest_cutover.backends.redaction.secrets import Secrets
from pytest_cutover.backends.session import SESSION, SessionState
from pytest_cutover.compare.noise.formats import format_of
from pytest_cutover.config.load import adhoc_target, load_config
from pytest_cutover.config.model import Config
from pytest_cutover.config.target import Target
from pytest_cutover.core.errors import ConfigError
from pytest_cutover.core.invocation import Invocation

_Room = TypeVar("_Room")
_DEFAULT_REPORT = ".cutover"
_DEFAULT_PHASE = "pre-cutover"


def open_rooms(config: pytest.Config) -> None:
    """Read the configuration, choose the target, register every room's plugin.

    Raises pytest.UsageError (exit status 4) with every mistake that was found.
    """
    try:
        state = _state(config)
    except ConfigError as error:
        raise pytest.UsageError(str(error)) from None
    config.stash[SESSION] = state

    from pytest_cutover.backends.plugin import BackendsPlugin
    from pytest_cutover.checklist.plugin import ChecklistPlugin
    from pytest_cutover.compare.plugin import ParityPlugin
    from pytest_cutover.contract.plugin import contract_rooms
    from pytest_cutover.fuzz.plugin import FuzzPlugin
    from pytest_cutover.gate.plugin import GatePlugin, LastScreen
    from pytest_cutover.gate.signals import Signals
    from pytest_cutover.performance.plugin import PerformancePlugin

    rooms: dict[str, object] = {
        "cutover-backends": BackendsPlugin(state),
        "cutover-parity": _opened(lambda: ParityPlugin(config, state)),
        "cutover-performance": PerformancePlugin(config, state),
        "cutover-checklist": _opened(lambda: ChecklistPlugin(config, state)),
        **_opened(lambda: dict(contract_rooms(state))),
        "cutover-fuzz": FuzzPlugin(config, state),
    }
    if not state.is_worker:
        signals = Signals()
        gate = GatePlugin(config, state, signals)
        rooms["cutover-gate"], rooms["cutover-screen"] = gate, LastScreen(gate)
        rooms["cutover-signals"] = signals
    if config.pluginmanager.hasplugin("xdist"):
        from pytest_cutover.xdist.workers import WorkersPlugin

        rooms["cutover-workers"] = WorkersPlugin(config, state)
    off = [name for name in rooms if config.pluginmanager.is_blocked(name)]
    if off and state.asked:
        raise pytest.UsageError(
            f"-p no:{off[0]} switches off a part of what gives the verdict.\n"
            "Expected all of pytest-cutover: a verdict of a part would pass for one of the whole "
            f"(CUT304). Remove -p no:{off[0]} from the command line, addopts and PYTEST_ADDOPTS."
        )
    for name, room in rooms.items():
        config.pluginmanager.register(room, name)


def _opened(room: Callable[[], _Room]) -> _Room:
    """A room that reads files of its own: a mistake in one is a usage error."""
    try:
        return room()
    except ConfigError as error:
        raise pytest.UsageError(str(error)) from None


def _state(config: pytest.Config) -> SessionState:
    option = config.option
    settings = load_config(config.rootpath)
    _refuse_another_root(config, settings)
    target = _target(config, settings)
    handed = getattr(config, "workerinput", {}).get("cutover")
    report_dir = Path(option.cutover_report or _DEFAULT_REPORT)
    if not report_dir.is_absolute():
        base = config.invocation_params.dir if option.cutover_report else config.rootpath
        report_dir = base / report_dir
    recording = bool(getattr(option, "update_snapshots", False))
    if recording and os.environ.get("CI", "").lower() not in ("", "0", "false"):
        raise pytest.UsageError(
            f"--snapshot-update was given and CI={os.environ['CI']} is set: goldens are recorded "
            "where somebody reviews them.\nExpected a run that compares. Record on your machine "
            "and commit the goldens, or unset CI."
        )
    return SessionState(
        config=settings,
        target=target,
        asked=bool(option.cutover_target or option.cutover_baseline or option.cutover_candidate),
        phase=option.cutover_phase,
        report_dir=report_dir,
        run_id=handed["run_id"] if handed else random_source.token_hex(4),
        started_s=handed["started_s"] if handed else time.time(),
        is_worker=handed is not None,
        handed=handed,
        recording=recording,
        secrets=Secrets(format_of),
        command=Invocation(_options(config), _way_to_root(config)),
    )


def _refuse_another_root(config: pytest.Config, settings: Config) -> None:
    """pytest takes the value of an option it does not know yet for a path, and moves its root."""
    here = config.invocation_params.dir
    if settings.source is not None or here == config.rootpath or config.option.cutover_baseline:
        return
    if load_config(here).source is not None:
        raise pytest.UsageError(
            f"rootdir is {config.rootpath}, and there is no cutover.toml; there is one in {here}.\n"
            "Expected both in one folder: node ids and goldens start from rootdir. pytest takes "
            "`--cutover-report DIR` for a test path when DIR exists.\nWrite --cutover-report=DIR, "
            "or give --rootdir=."
        )


def _options(config: pytest.Config) -> tuple[str, ...]:
    """What has to be said again to reach the same target."""
    option = config.option
    words = []
    if option.cutover_baseline:
        words += [
            f"--cutover-baseline={option.cutover_baseline}",
            f"--cutover-candidate={option.cutover_candidate}",
        ]
        if option.cutover_writes:
            words.append("--cutover-writes")
    elif option.cutover_target and option.cutover_target != config.getini("cutover_target"):
        words.append(f"--cutover-target={option.cutover_target}")
    if option.cutover_phase != _DEFAULT_PHASE:
        words.append(f"--cutover-phase={option.cutover_phase}")
    return tuple(words)


def _way_to_root(config: pytest.Config) -> str:
    return Path(os.path.relpath(config.rootpath, config.invocation_params.dir)).as_posix()


def _target(config: pytest.Config, settings: Config) -> Target:
    option = config.option
    urls = (option.cutover_baseline, option.cutover_candidate)
    if any(urls):
        if option.cutover_target:
            raise pytest.UsageError(
                f"--cutover-target={option.cutover_target} and two URLs were given: which target "
                "is meant?\nExpected one of them. Remove --cutover-target, or "
                "--cutover-baseline and --cutover-candidate."
            )
        if not all(urls):
            given, missing = ("baseline", "candidate") if urls[0] else ("candidate", "baseline")
            raise pytest.UsageError(
                f"--cutover-{given} was given without --cutover-{missing}.\n"
                f"Expected both: one backend has nothing to be compared with. "
                f"Add --cutover-{missing}=URL."
            )
        target = adhoc_target(*urls, writes=option.cutover_writes)
    else:
        if option.cutover_writes:
            raise pytest.UsageError(
                "--cutover-writes was given for a target of the configuration.\nExpected it with "
                "--cutover-baseline and --cutover-candidate only: a named target says "
                "`writes = true` in cutover.toml, where it can be reviewed."
            )
        target = settings.target(option.cutover_target or config.getini("cutover_target"))
    return target.resolved(source=settings.source_name, root=settings.root)
