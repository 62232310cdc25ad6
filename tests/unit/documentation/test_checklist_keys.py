"""No key of the checklist's tables goes undocumented."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, get_args, get_type_hints

from pytest_cutover.config.checklist import Checklist
from pytest_cutover.config.command import Command

ROOT = Path(__file__).parents[3]


def keys_of(table: type[Any]) -> Iterator[str]:
    """Every key of a table and of the tables in it."""
    hints = get_type_hints(table, include_extras=True)
    for field in fields(table):
        yield field.metadata.get("key", field.name) or ""
        pending = [hints[field.name]]
        while pending:
            hint = pending.pop()
            if isinstance(hint, type) and is_dataclass(hint) and hint is not Command:
                yield from keys_of(hint)
            pending += get_args(hint)


def test_every_key_is_in_the_reference() -> None:
    text = (ROOT / "docs" / "how-to" / "checklist.md").read_text("utf-8")
    reference = text[text.index("## Every key") : text.index("## The drill")]
    said = set(re.findall(r"\w+", " ".join(re.findall(r"`([^`]+)`", reference))))

    assert {"window", "known", "settle"} <= set(keys_of(Checklist))
    assert [key for key in dict.fromkeys(keys_of(Checklist)) if key not in said | {"items"}] == []
