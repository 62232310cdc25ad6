"""From pytest's options and the configuration to the plan of a run."""

from __future__ import annotations

import os
import secrets as random_source
import time
from dataclasses import replace
from pathlib import Path

import pytest

from pytest_cutover.config.checklist import Phase
from pytest_cutover.config.load import adhoc_target, load_config
from pytest_cutover.config.model import Config, Fuzz
from pytest_cutover.config.run_plan import FromController, RunPlan, required_in, set_aside_in
from pytest_cutover.config.target import Family, Target
from pytest_cutover.core.errors import InvalidValueError, MistakesError, one_of
from pytest_cutover.core.invocation import Invocation
from pytest_cutover.gate.scope import how_narrowed
from pytest_cutover.xdist.worker_count import worker_count

_DEFAULT_REPORT = ".cutover"
_DEFAULT_PHASE = "pre-cutover"


def plan_of(config: pytest.Config) -> RunPlan:
    """Make the plan of this run from the options and the configuration.

    Raises ConfigError for the file's mistakes, pytest.UsageError for those of the command line.
    """
    option = config.option
    settings = load_config(config.rootpath)
    _refuse_another_root(config, settings)
    target, phase = _target(config, settings), _phase(option.cutover_phase)
    given = getattr(config, "workerinput", {}).get("cutover")
    from_controller = FromController.from_plain(given) if given else None
    recording, narrowed = _recording(config), how_narrowed(config)
    requested: int | None = option.cutover_fuzz
    fuzz = _fuzz(settings, requested, narrowed=bool(narrowed))
    generates = fuzz is not None and not recording
    asked_for = settings.required(target)
    if generates and requested is not None and Family.FUZZ not in asked_for:
        # What the command line asks for must be judged, whatever list the configuration has.
        asked_for = (*asked_for, Family.FUZZ)
    return RunPlan(
        config=settings,
        target=target,
        phase=phase,
        gate_requested=bool(
            option.cutover_target or option.cutover_baseline or option.cutover_candidate
        ),
        recording=recording,
        required=required_in(phase, asked_for),
        set_aside=set_aside_in(phase, asked_for),
        fuzz=fuzz if generates and phase.runs_the_suite else None,
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
    """Return what to generate: `--cutover-fuzz N` asks, and a `[fuzz]` table does for a whole
    run.
    """
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
    """Return what has to be said again to reach the same target."""
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


def _phase(name: str) -> Phase:
    try:
        return Phase(one_of(name, [*Phase], what="no phase of the checklist has this name"))
    except InvalidValueError as error:
        mistake = replace(error.at(()), key="--cutover-phase", advice="choose one of them")
        raise MistakesError("command line", [mistake]) from None


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
