"""What a cause is called, and the rule or profile that fits it better than accepting it."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Final

from pytest_cutover.config.profiles import profile_that_forgives
from pytest_cutover.core import json_pointer
from pytest_cutover.report.model import Finding

_FORM: Final = 3


def title_of(members: Sequence[Finding]) -> str:
    """Return the title of a cause: its explanation, or how its one finding changed."""
    first = members[0]
    if first.explanation:
        return first.explanation
    return f"{first.pointer or first.kind}  {first.change}"


def suggestion_of(members: Sequence[Finding], target: str = "") -> str:
    """Return lines to copy into cutover.toml, where they say better what is meant; empty where none
    do.

    That is a rule or, for what a framework adds to every answer, its profile in the table of a side
    of `target`; an empty one has no table.

    A rule holds for whatever comes later at its place, so that none is suggested for what may hide
    harm: a value, a status, a header that guards something.
    """
    first = members[0]
    if any(one.severity < _FORM for one in members):
        return ""
    recognizer = first.explanation.partition(": ")[0]
    if recognizer == "header":
        return (target and _profile(first, target)) or _rule(
            members, "ignore = true", 'reason = "…"'
        )
    if recognizer == "re-encoded":
        return _rule(members, "same-instant = true")
    if recognizer == "precision" and first.kind == "wire":
        return _rule(members, "same-number = true")
    if first.kind == "order":
        return _rule(members, "unordered = true")
    return ""


def _profile(header: Finding, target: str) -> str:
    """Return the profile of the framework that adds a header, for the side that has it."""
    name = _last(header.pointer).lower()
    sides = {"candidate": header.candidate, "baseline": header.baseline}
    presence = header.kind != "header-value"
    if presence:
        del sides["baseline" if header.kind == "header-added" else "candidate"]
    for side, value in sides.items():
        found = profile_that_forgives(name, value.strip('"'), presence=presence)
        if found:
            where = f"targets.{_bare(target)}.{side}"
            return f'# in [{where}], beside the profiles that stand there\nprofile = ["{found}"]'
    return ""


def _bare(name: str) -> str:
    """Return a name as a key of TOML: in quotes only where it needs them."""
    return name if re.fullmatch(r"[\w-]+", name, re.ASCII) else _quoted(name)


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
