"""The page about bodies says what the readers do: what each reads, and what each holds equal."""

import pkgutil
from importlib import import_module
from pathlib import Path

import pytest

from pytest_cutover.normalize import bodies
from pytest_cutover.normalize.bodies.registry import TABLE

PAGE = (Path(__file__).parents[3] / "docs/explanation/bodies.md").read_text("utf-8")


@pytest.mark.parametrize("module", [found.name for found in pkgutil.iter_modules(bodies.__path__)])
def test_every_row_of_what_is_held_equal_is_on_the_page(module: str) -> None:
    text = import_module(f"{bodies.__name__}.{module}").__doc__ or ""
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    assert [row for row in rows if row not in PAGE] == []


def test_every_kind_and_every_type_is_on_the_page() -> None:
    known = {name for entry in TABLE for name in (entry.kind, *entry.types) if entry.kind != "json"}
    assert {name for name in known if f"`{name}`" not in PAGE} == set()
