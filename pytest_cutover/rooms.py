"""What all rooms share in one session, and the opening of the rooms.

Between the door and the rooms: imported when a target is chosen, never before.
"""

from __future__ import annotations

import os
import secrets as random_source
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest

from pytest_cutover.backends.redaction.secrets import Secrets
from pytest_cutover.backends.session import SESSION, Session
from pytest_cutover.compare.noise.formats import format_of
from pytest_cutover.config.checklist import Phase
from pytest_cutover.config.load import adhoc_target, load_config
from pytest_cutover.config.model import Config, Fuzz
from pytest_cutover.config.run_plan import FromController, RunPlan, required_in
from pytest_cutover.config.target import Target
from pytest_cutover.core.errors import ConfigError
from pytest_cutover.core.invocation import Invocation
from pytest_cutover.gate.scope import how_narrowed
from pytest_cutover.xdist.workers import worker_count

_Made = TypeVar("_Made")
_DEFAULT_REPORT = ".cutover"
_DEFAULT_PHASE = "pre-cutover"


def open_rooms(config: pytest.Config) -> None:
    """Read the configuration, choose the target, register every room's plugin.

    Raises pytest.UsageError (exit status 4) with every mistake that was found.
    """
    plan = _as_usage_error(lambda: plan_of(config))
    session = Session(plan, secrets=Secrets(format_of))
    config.stash[SESSION] = session

    from pytest_cutover.backends.lifecycle import BothBackends
    from pytest_cutover.backends.plugin import BackendsPlugin
    from pytest_cutover.checklist.plugin import ChecklistPlugin
    from pytest_cutover.codes import CODES
    from pytest_cutover.compare.golden.files import GoldenFiles
    from pytest_cutover.compare.plugin import ParityPlugin
    from pytest_cutover.contract.plugin import contract_rooms
    from pytest_cutover.fuzz.plugin import FuzzPlugin
    from pytest_cutover.gate.plugin import GatePlugin, LastScreen
    from pytest_cutover.gate.signals import Signals
    from pytest_cutover.performance.plugin import PerformancePlugin
    from pytest_cutover.replay.plugin import ReplayPlugin
    from pytest_cutover.xdist.workers import WorkersPlugin

    backends = BothBackends(session)
    goldens = GoldenFiles(plan.config.snapshots_path, plan.config.root)
    rooms: dict[str, object] = {
        "cutover-backends": BackendsPlugin(
            session, backends, has_golden=lambda test: goldens.read(test)[0] is not None
        ),
        "cutover-parity": _as_usage_error(lambda: ParityPlugin(config, session)),
        "cutover-performance": PerformancePlugin(config, session, backends),
        "cutover-checklist": _as_usage_error(
            lambda: ChecklistPlugin(config, session, backends, CODES)
        ),
        **_as_usage_error(lambda: dict(contract_rooms(session))),
        "cutover-fuzz": FuzzPlugin(config, session, backends),
        "cutover-replay": ReplayPlugin(config, session, backends),
    }
    gate = None
    if not plan.is_worker:
        signals = Signals()
        gate = GatePlugin(config, session, signals, CODES)
        rooms["cutover-gate"], rooms["cutover-screen"] = gate, LastScreen(gate)
        rooms["cutover-signals"] = signals
    if config.pluginmanager.hasplugin("xdist"):
        rooms["cutover-workers"] = WorkersPlugin(session, backends, gate)
    off = [name for name in rooms if config.pluginmanager.is_blocked(name)]
    if off and plan.gate_requested:
        raise pytest.UsageError(
            f"-p no:{off[0]} switches off a part of what gives the verdict.\n"
            "Expected all of pytest-cutover: a verdict of a part would pass for one of the whole "
            f"(CUT304). Remove -p no:{off[0]} from the command line, addopts and PYTEST_ADDOPTS."
        )
    for name, room in rooms.items():
        config.pluginmanager.register(room, name)


def _as_usage_error(make: Callable[[], _Made]) -> _Made:
    """Make what reads files of its own: a mistake in one is a usage error."""
    try:
        return make()
    except ConfigError as error:
        raise pytest.UsageError(str(error)) from None


def plan_of(config: pytest.Config) -> RunPlan:
    """Make the plan of this run from the options and the configuration.

    Raises ConfigError for the file's mistakes, pytest.UsageError for those of the command line.
    """
    option = config.option
    settings = load_config(config.rootpath)
    _refuse_another_root(config, settings)
    target, phase = _target(config, settings), Phase(option.cutover_phase)
    given = getattr(config, "workerinput", {}).get("cutover")
    from_controller = FromController.from_plain(given) if given else None
    recording, narrowed = _recording(config), how_narrowed(config)
    requested: int | None = option.cutover_fuzz
    fuzz = _fuzz(settings, requested, narrowed=bool(narrowed))
    generates = fuzz is not None and not recording and phase.runs_the_suite
    return RunPlan(
        config=settings,
        target=target,
        phase=phase,
        gate_requested=bool(
            option.cutover_target or option.cutover_baseline or option.cutover_candidate
        ),
        recording=recording,
        required=required_in(
            phase, settings, target, fuzz_requested=generates and requested is not None
        ),
        fuzz=fuzz if generates else None,
        narrowed=narrowed,
        report_dir=_report_dir(config),
        run_id=from_controller.run_id if from_controller else random_source.token_hex(4),
        started_s=from_controller.started_s if from_controller else time.time(),
        workers=from_controller.workers if from_controller else worker_count(config) or 1,
        from_controller=from_controller,
        command=Invocation(_options(config), _way_to_root(config)),
    )


def _recording(config: pytest.Config) -> bool:
    """Whether goldens are to be written; never where nobody would look at them."""
    recording = bool(getattr(config.option, "update_snapshots", False))
    if recording and os.environ.get("CI", "").lower() not in ("", "0", "false"):
        raise pytest.UsageError(
            f"--snapshot-update was given and CI={os.environ['CI']} is set: goldens are recorded "
            "where somebody reviews them.\nExpected a run that compares. Record on your machine "
            "and commit the goldens, or unset CI."
        )
    return recording


def _fuzz(settings: Config, requested: int | None, *, narrowed: bool) -> Fuzz | None:
    """What to generate: `--cutover-fuzz N` asks, and a `[fuzz]` table does for a whole run."""
    if requested is not None and requested < 0:
        raise pytest.UsageError(
            f"--cutover-fuzz={requested}: a number of cases cannot be negative.\n"
            "Expected 0 (generate nothing) or more. 50 for each operation is a good start."
        )
    if requested == 0 or (requested is None and narrowed):
        return None
    return settings.fuzz if requested is None else replace(settings.fuzz or Fuzz(), cases=requested)


def _report_dir(config: pytest.Config) -> Path:
    """Where the artifacts go: from where pytest was called if the option says so, else the root."""
    given = config.option.cutover_report
    base = config.invocation_params.dir if given else config.rootpath
    return Path(base / (given or _DEFAULT_REPORT))


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
