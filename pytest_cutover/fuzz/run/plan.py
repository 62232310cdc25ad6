"""What a run was asked to generate: from the options and `[fuzz]` to one value."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import pytest

from pytest_cutover.backends.session import SessionState
from pytest_cutover.config.model import Fuzz
from pytest_cutover.config.target import Family
from pytest_cutover.gate.scope import how_narrowed

READING: Final = frozenset({"GET", "OPTIONS"})


@dataclass(frozen=True, slots=True, kw_only=True)
class FuzzPlan:
    """`cases` for each operation, `seconds` for all of them.

    `schema` is a path under `root`, or a URL, that `named_by` gave. `methods` are sent although
    they are unusual.
    """

    cases: int
    seconds: float
    seed: int
    methods: frozenset[str]
    schema: str
    root: Path
    named_by: str


def plan_of(config: pytest.Config, state: SessionState) -> FuzzPlan | None:
    """The plan of this run; None where nothing is to be generated.

    `--cutover-fuzz N` asks for it, and a `[fuzz]` table does for every run of the whole suite. The
    session's configuration then has the table, so that the family is required. Raises
    pytest.UsageError where there is no schema.
    """
    option = config.option
    asked: int | None = option.cutover_fuzz
    table = state.config.fuzz
    if asked is not None and asked < 0:
        raise pytest.UsageError(
            f"--cutover-fuzz={asked}: a number of cases cannot be negative.\n"
            "Expected 0 (generate nothing) or more. 50 for each operation is a good start."
        )
    if asked == 0 or state.recording or (asked is None and (not table or how_narrowed(config))):
        return None
    fuzz = table or Fuzz()
    if asked is not None:
        fuzz = replace(fuzz, cases=asked)
    state.config = replace(state.config, fuzz=fuzz)
    if asked is not None:
        _require(state)
    schema, root = _schema(config, state)
    return FuzzPlan(
        cases=fuzz.cases,
        seconds=fuzz.seconds,
        seed=fuzz.seed,
        methods=frozenset(word.upper() for word in fuzz.methods),
        schema=schema,
        root=root,
        named_by="--cutover-schema" if config.option.cutover_schema else "[contract] path",
    )


def _require(state: SessionState) -> None:
    """What the command line asks for must be judged, whatever list the configuration has."""
    required = state.config.required(state.target)
    if Family.FUZZ not in required:
        state.target = replace(state.target, require=(*required, Family.FUZZ))


def _schema(config: pytest.Config, state: SessionState) -> tuple[str, Path]:
    given = config.option.cutover_schema
    if given:
        return given, config.invocation_params.dir
    path = state.config.contract_source
    if path is None:
        raise pytest.UsageError(
            "--cutover-fuzz was given and there is no schema to generate from.\n"
            "Expected --cutover-schema=PATH-OR-URL, or [contract] path in "
            f"{state.config.source_name}. Many backends serve theirs at /openapi.json."
        )
    return path, Path()


def why_not(method: str, state: SessionState, plan: FuzzPlan | None) -> str:
    """Why generated requests of this method are not sent; empty where they are."""
    target = state.target
    if method in ("HEAD", "TRACE", "CONNECT", "OPTIONS") and (
        plan is None or method not in plan.methods
    ):
        return f'{method} is sent only when asked for: methods = ["{method}"] in [fuzz]'
    if method in READING or (target.may_write and target.may_fuzz_writes):
        return ""
    if target.production:
        return "generated writes are refused for a target with production = true"
    if target.name in state.config.targets:
        return f"no consent: fuzz_writes = true and writes = true in [targets.{target.name}]"
    return "no consent to generated writes: add --cutover-writes"
