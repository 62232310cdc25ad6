"""What a run was asked to generate: from the options and `[fuzz]` to one value."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from pytest_cutover.backends.http.transport import READING_METHODS
from pytest_cutover.config.run_plan import RunPlan
from pytest_cutover.core.extras import Extra, require


@dataclass(frozen=True, slots=True, kw_only=True)
class FuzzPlan:
    """`cases` for each operation, `seconds` for all of them,
    if somebody said how many.

    `schema` is a path under `root`, or a URL, that `named_by` gave. `methods` are sent although
    they are unusual.
    """

    cases: int
    seconds: float | None
    seed: int
    methods: frozenset[str]
    schema: str
    root: Path
    named_by: str


def plan_of(config: pytest.Config, plan: RunPlan) -> FuzzPlan | None:
    """Return what a run is to generate; None for nothing.

    Raises pytest.UsageError where there is no schema, MissingExtraError without schemathesis.
    """
    fuzz = plan.fuzz
    if fuzz is None:
        return None
    by_table = f"[fuzz] in {plan.config.source_name}"
    require(Extra.FUZZ, asked="--cutover-fuzz" if config.option.cutover_fuzz else by_table)
    schema, root = _schema(config, plan)
    return FuzzPlan(
        cases=fuzz.cases,
        seconds=fuzz.seconds,
        seed=fuzz.seed,
        methods=frozenset(word.upper() for word in fuzz.methods),
        schema=schema,
        root=root,
        named_by="--cutover-schema" if config.option.cutover_schema else "[contract] path",
    )


def _schema(config: pytest.Config, plan: RunPlan) -> tuple[str, Path]:
    given = config.option.cutover_schema
    if given:
        return given, config.invocation_params.dir
    path = plan.config.contract_source
    if path is None:
        raise pytest.UsageError(
            "--cutover-fuzz was given and there is no schema to generate from.\n"
            "Expected --cutover-schema=PATH-OR-URL, or [contract] path in "
            f"{plan.config.source_name}. Many backends serve theirs at /openapi.json."
        )
    return path, Path()


def why_not(method: str, run: RunPlan, plan: FuzzPlan | None) -> str:
    """Why generated requests of this method are not sent; empty where they are."""
    target = run.target
    if method in ("HEAD", "TRACE", "CONNECT", "OPTIONS") and (
        plan is None or method not in plan.methods
    ):
        return f'{method} is sent only when asked for: methods = ["{method}"] in [fuzz]'
    if method in READING_METHODS or (target.may_write and target.may_fuzz_writes):
        return ""
    if target.production:
        return "generated writes are refused for a target with production = true"
    if target.name in run.config.targets:
        return f"no consent: fuzz_writes = true and writes = true in [targets.{target.name}]"
    return "no consent to generated writes: add --cutover-writes"
