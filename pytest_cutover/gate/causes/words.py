"""What a cause is called, and the rule that fits it better than an accepted difference."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final

from pytest_cutover.core import json_pointer
from pytest_cutover.report.model import Finding

_FORM: Final = 3


def title_of(members: Sequence[Finding]) -> str:
    """Return the title of a cause: its explanation, or how its one finding changed."""
    first = members[0]
    if first.explanation:
        return first.explanation
    return f"{first.pointer or first.kind}  {first.change}"


def suggestion_of(members: Sequence[Finding]) -> str:
    """Return a rule to copy into cutover.toml, where it says better what is meant; empty where none
    does.

    A rule holds for whatever comes later at its place, so that none is suggested for what may hide
    harm: a value, a status, a header that guards something.
    """
    first = members[0]
    if any(one.severity < _FORM for one in members):
        return ""
    recognizer = first.explanation.partition(": ")[0]
    if recognizer == "header":
        return _rule(members, "ignore = true", 'reason = "…"')
    if recognizer == "re-encoded":
        return _rule(members, "same-instant = true")
    if recognizer == "precision" and first.kind == "wire":
        return _rule(members, "same-number = true")
    if first.kind == "order":
        return _rule(members, "unordered = true")
    return ""


def _rule(members: Sequence[Finding], *what: str) -> str:
    endpoints = {one.endpoint for one in members}
    pointers = {one.pointer for one in members}
    endpoint = endpoints.pop() if len(endpoints) == 1 else "*"
    pointer = pointers.pop() if len(pointers) == 1 else f"/**/{_last(members[0].pointer)}"
    lines = ["[[parity.rules]]", f"endpoint = {_quoted(endpoint)}", f"pointer = {_quoted(pointer)}"]
    return "\n".join([*lines, *what])


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _last(pointer: str) -> str:
    names = [name for name in json_pointer.parse(pointer) if name != "*"]
    return json_pointer.escape(names[-1]) if names else "*"
