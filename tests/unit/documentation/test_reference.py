"""The reference says what the code does: every key, option and code is in it, and nothing else."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from pytest_cutover.config.model import Parity, RuleSpec, SizeLimits, Timeouts
from pytest_cutover.config.target import BackendSpec, Target

ROOT = Path(__file__).parents[3]
CONFIGURATION = (ROOT / "docs/reference/configuration.md").read_text("utf-8")


def keys(table: type) -> list[str]:
    names = [
        field.metadata.get("key", field.name)
        for field in dataclasses.fields(table)
        if field.name not in ("baseline", "candidate", "rules")
    ]
    return [name for name in names if name is not None]


@pytest.mark.parametrize("table", [Target, BackendSpec, Timeouts, SizeLimits, Parity, RuleSpec])
def test_every_key_of_a_table_is_in_the_reference(table: type) -> None:
    missing = [key for key in keys(table) if f"`{key}" not in CONFIGURATION]
    assert missing == []
