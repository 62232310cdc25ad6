"""What the scripts of a Postman request keep in variables, where that is plain to read. Pure.

Scripts are not run. Most of them take a value from the answer and keep it for later requests
(``pm.environment.set("token", pm.response.json().access_token)``): that is understood in each way
in which it is usually written, with the variables of the script itself. What is not understood
keeps nothing, and a request that needs it is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pytest_cutover.core.json_pointer import escape
from pytest_cutover.replay.importers.postman_variables import made

_LARGEST_SCRIPT: Final = 20_000
_NAME: Final = r"[A-Za-z_$][\w$]*"
_COMMENT: Final = re.compile(r"/\*.*?\*/|(?m:(?<![:\"'])//.*$)", re.DOTALL)
_ASSIGNED: Final = re.compile(rf"(?:\b(?:var|let|const)\s+)?\b({_NAME})\s*=(?!=)\s*([^;\n]+)")
_TAKEN_APART: Final = re.compile(r"\b(?:var|let|const)\s*\{([^{}]*)\}\s*=\s*([^;\n]+)")
_SET: Final = re.compile(
    r"(?:pm\.(?:environment|collectionVariables|globals|variables)\.set"
    r"|postman\.set(?:Environment|Global)Variable)\(\s*(['\"`])([^'\"`]+)\1\s*,"
)
_JSON: Final = re.compile(
    r"pm\.response\.json\(\)|JSON\.parse\(\s*(?:responseBody|pm\.response\.text\(\))\s*\)"
)
_HEADER: Final = re.compile(
    r"(?:pm\.response\.headers\.get|postman\.getResponseHeader)\(\s*['\"`]([\w-]+)['\"`]\s*\)"
)
_STEP: Final = re.compile(
    rf"\s*(?:\?\.|\.)?\s*(?:({_NAME})|\[\s*(?:(\d+)|['\"`]([^'\"`]+)['\"`])\s*\])"
)
_LITERAL: Final = re.compile(r"(['\"`])([^'\"`$\\]*)\1|-?\d+(?:\.\d+)?|true|false")
_REPLACED: Final = re.compile(r"pm\.variables\.replaceIn\(\s*['\"`]\{\{(\$\w+)\}\}['\"`]\s*\)")
_MADE: Final[Mapping[str, str]] = {
    "Date.now()": "$timestamp", "new Date().getTime()": "$timestamp",
    "new Date().toISOString()": "$isoTimestamp", "require('uuid').v4()": "$guid",
    "uuid.v4()": "$guid", "crypto.randomUUID()": "$guid", "Math.random()": "$randomInt",
}  # fmt: skip
_LAST_SEGMENT: Final = re.compile(r"\.split\(\s*['\"`]/['\"`]\s*\)\s*\.(?:pop\(\)|at\(\s*-1\s*\))")


@dataclass(frozen=True, slots=True)
class KeptVariable:
    """A variable that a script sets: from a place of the answer, or to a value."""

    name: str
    pointer: str = ""
    value: str = ""


def kept_by(events: Any, when: str) -> Iterator[KeptVariable]:
    """Yield what the scripts of a request set; `when` is ``prerequest`` or ``test``."""
    for event in events if isinstance(events, list) else ():
        if isinstance(event, dict) and event.get("listen") == when:
            lines = (event.get("script") or {}).get("exec") or ""
            text = "\n".join(map(str, lines)) if isinstance(lines, list) else str(lines)
            yield from _kept(_COMMENT.sub("", text[:_LARGEST_SCRIPT]))


def _kept(script: str) -> Iterator[KeptVariable]:
    known: dict[str, str] = {}
    for found in _TAKEN_APART.finditer(script):
        source = _pointer(found[2], known)
        for part in found[1].split(",") if source else ():
            member, _, name = (one.strip() for one in part.partition(":"))
            known[name or member] = f"{source}/{escape(member)}"
    for found in _ASSIGNED.finditer(script):
        if pointer := _pointer(found[2], known):
            known[found[1]] = pointer
    for found in _SET.finditer(script):
        given = _argument(script, found.end())
        if pointer := _pointer(given, known):
            yield KeptVariable(found[2], pointer=pointer)
        elif (value := _value(given)) is not None:
            yield KeptVariable(found[2], value=value)


def _argument(script: str, begin: int) -> str:
    """Return the text up to the bracket that closes a call."""
    depth = 1
    for place in range(begin, len(script)):
        depth += (script[place] in "([{") - (script[place] in ")]}")
        if depth == 0:
            return script[begin:place].strip()
    return ""


def _pointer(text: str, known: Mapping[str, str]) -> str:
    """Return the place of the answer that an expression means; empty where it is none."""
    text = text.strip()
    if found := re.fullmatch(r"(?:String|encodeURIComponent)\((.*)\)", text, re.DOTALL):
        return _pointer(found[1], known)
    if found := re.fullmatch(r"JSON\.stringify\((.*)\)", text, re.DOTALL):
        return ""
    if found := _HEADER.match(text):
        begin = f"/headers/{found[1].lower()}"
        rest = text[found.end() :]
        if _LAST_SEGMENT.match(rest):
            return f"{begin}/path/0"
        return begin if not rest else ""
    found = _JSON.match(text)
    if found:
        place = "/body"
    else:
        found = re.match(_NAME, text)
        if found is None or found[0] not in known:
            return ""
        place = known[found[0]]
    return _steps(text[found.end() :], place)


def _steps(rest: str, place: str) -> str:
    while rest:
        if rest.strip() in (".toString()", ".trim()"):
            return place
        if _LAST_SEGMENT.match(rest):
            return f"{place}/path/0"
        step = _STEP.match(rest)
        if step is None or step.end() == 0:
            return ""
        place += "/" + escape(step[1] or step[2] or step[3])
        rest = rest[step.end() :]
        if rest.startswith("("):
            return ""
    return place


def _value(text: str) -> str | None:
    if found := _LITERAL.fullmatch(text):
        return found[2] if found[1] else found[0]
    if found := _REPLACED.fullmatch(text):
        return made(found[1])
    return made(_MADE[text]) if text in _MADE else None
