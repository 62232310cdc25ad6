"""A value as a reader of a finding sees it: short, printable, and without secrets."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from msgspec import Raw

from pytest_cutover.compare.golden.notation import printable, write_text
from pytest_cutover.compare.noise import formats
from pytest_cutover.compare.noise.matchers import (
    ArrayOf,
    ArrayPattern,
    Literal,
    ObjectPattern,
    Placeholder,
    Template,
)
from pytest_cutover.compare.normalize.strict_json import read_json

LIMIT = 200


class Excerpts:
    """Makes excerpts in which the secrets of a comparison are symbols."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self._secrets = sorted((s for s in secrets if s), key=lambda s: (-len(s), s))

    def of(self, value: Any) -> str:
        """The value as JSON text of at most 200 characters."""
        text = self._scrub(_json_text(value, [4 * LIMIT], self._scrub))
        return text if len(text) <= LIMIT else text[: LIMIT - 1] + "…"

    def _scrub(self, text: str) -> str:
        for secret in self._secrets:
            for spelling in {secret, json.dumps(secret)[1:-1]}:
                if spelling in text:
                    text = text.replace(spelling, f"<secret {formats.format_of(secret)}>")
        return text


def _json_text(value: Any, budget: list[int], scrub: Callable[[str], str]) -> str:
    """JSON text; a long value ends where the budget of characters does, never inside a secret."""
    if budget[0] <= 0:
        return "…"
    if isinstance(value, str | Placeholder | Template):
        text = scrub(value) if isinstance(value, str) else write_text(value)
        shown = text[: budget[0] * 4]
        quoted = json.dumps(printable_text(shown), ensure_ascii=False)
        budget[0] -= len(quoted)
        return quoted.replace("\\\\u", "\\u")
    if isinstance(value, dict | ObjectPattern):
        members = value.members if isinstance(value, ObjectPattern) else value
        return _joined(
            "{}", ((f"{_key(scrub(k))}: ", v) for k, v in members.items()), budget, scrub
        )
    if isinstance(value, list | ArrayPattern):
        items = value.items if isinstance(value, ArrayPattern) else value
        return _joined("[]", (("", item) for item in items), budget, scrub)
    if isinstance(value, Raw):
        return _json_text(read_json(bytes(value)).tree, budget, scrub)
    if isinstance(value, ArrayOf):
        return _joined("[]", [("each ", value.item)], budget, scrub)
    budget[0] -= 5
    if isinstance(value, bytes):
        return value.decode()
    return "any" if isinstance(value, Literal) else json.dumps(value)


def _key(name: str) -> str:
    return json.dumps(printable_text(name), ensure_ascii=False).replace("\\\\u", "\\u")


def printable_text(text: str) -> str:
    """Text with markers in readable form and nothing invisible."""
    shown = write_text(text)
    return printable(shown.replace("\\<", "<").replace("\\\\", "\\"))


def _joined(
    brackets: str,
    members: Iterable[tuple[str, Any]],
    budget: list[int],
    scrub: Callable[[str], str],
) -> str:
    parts = []
    for prefix, item in members:
        budget[0] -= len(prefix) + 2
        parts.append(prefix + _json_text(item, budget, scrub))
        if budget[0] <= 0:
            break
    return brackets[0] + ", ".join(parts) + brackets[1]
