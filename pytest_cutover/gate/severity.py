"""How much a finding or a gate matters: a total function that needs no configuration. Pure.

Whatever is not known stands in the worst class: nothing is played down because it is new. Written
into the report by `gate.order`, and read by everybody who shows or lists something.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from pytest_cutover.backends.redaction.likeness import looks_generated
from pytest_cutover.backends.redaction.secret_texts import is_secret_name
from pytest_cutover.core import json_pointer
from pytest_cutover.core.codes import Code, Severity
from pytest_cutover.report.model import Finding, Gate, GateVerdict
from pytest_cutover.report.truncation import total

Pairs = Sequence[tuple[str, str]]


_HARM, _BREAK, _FORM, _ADDITION = Severity

# Items of the checklist that say: it does not answer, or it is not safe.
_GRAVE_ITEMS: Final = frozenset(
    ("health", "smoke", "secrets", "error-rate", "no-5xx", "errors", "endpoints")
)


def of_gate(gate: Gate, codes: Mapping[str, Code], findings: Iterable[Finding] = ()) -> Severity:
    """Return the severity of a gate: of its pending `findings` the worst, else that of its code.

    `codes` are those that the rooms declare.
    """
    worst = min((of_finding(one) for one in findings), default=None)
    if worst is not None and gate.verdict is GateVerdict.FAIL:
        return worst
    if gate.code == "CUT401" and _GRAVE_ITEMS & set(re.split(r"[.:/ ]", gate.id)):
        return _HARM
    return codes[gate.code].severity if gate.code in codes else _HARM


def of_finding(finding: Finding) -> Severity:
    """Return the severity of a finding, by how it changed and the values that were seen."""
    seen = finding.values.pairs if finding.values is not None else ()
    shown = (_unquoted(finding.baseline), _unquoted(finding.candidate))
    return of_change(finding.kind, finding.pointer, finding.change, seen or (shown,))


def findings_in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings with their severity: open before accepted, then the worst, then the
    widest.
    """
    rated = [replace(one, severity=int(of_finding(one))) for one in findings]
    return tuple(sorted(rated, key=_finding_rank))


def _finding_rank(one: Finding) -> tuple[object, ...]:
    return (
        one.accepted is not None,
        one.severity,
        -total(one),
        -one.occurrences,
        one.signature,
        one.id,
    )


def of_change(kind: str, pointer: str, change: str, values: Pairs = ()) -> Severity:
    """Return the severity of a change of a kind; `values` are pairs of both sides, unquoted."""
    before, _, after = change.partition(" → ")
    if kind == "status":
        return _of_status(change)
    if kind == "wire":
        return _of_wire(before, after)
    tokens = json_pointer.parse(pointer)
    if kind == "identity":
        return _HARM
    if kind.startswith("header-") or tokens[:2] == ("headers", "set-cookie"):
        return _of_header(kind, tokens, (before, after), values)
    if kind == "added" and _is_secret(tokens[-1:], values):
        return _HARM
    return _OF_KIND.get(kind, _HARM)


_OF_KIND: Final[Mapping[str, Severity]] = {
    "value": _HARM,
    "identity": _HARM,
    "length": _HARM,
    "missing": _BREAK,
    "type": _BREAK,
    "body-kind": _BREAK,
    "format": _FORM,
    "scale": _FORM,
    "order": _FORM,
    "added": _ADDITION,
}


_PROTOCOL: Final = re.compile(r"HTTP/[\d.]+")
_NUMBER: Final = re.compile(r"integer|decimal|exponent")


def _of_status(change: str) -> Severity:
    """Refused and let in are the worst, and so is any error of the server."""
    found = re.match(r"(\d{3}) → (\d{3})", change)
    if found is None:
        return _HARM
    before, after = int(found[1]), int(found[2])
    refused = 200 <= before < 300 <= 400 <= after
    let_in = 400 <= before < 500 and 200 <= after < 300
    return _HARM if refused or let_in or after >= 500 else _BREAK


def _of_wire(before: str, after: str) -> Severity:
    if _PROTOCOL.fullmatch(before) and _PROTOCOL.fullmatch(after):
        return _FORM
    if _NUMBER.match(before) and _NUMBER.match(after):
        return _FORM  # `500 → 500.0`: one number, spelled in two ways
    return _BREAK if after == "sound" else _HARM


# -- headers

_GUARDS: Final = frozenset(
    (
        "set-cookie",
        "www-authenticate",
        "proxy-authenticate",
        "strict-transport-security",
        "content-security-policy",
        "cache-control",
        "x-frame-options",
        "x-content-type-options",
    )
)
_FLAGS: Final = frozenset(("httponly", "secure", "samesite"))
_LEADING: Final = frozenset(("location", "retry-after"))
_WORDS: Final = frozenset(("text", "string", "empty", "number", "integer", "decimal", "boolean"))


def _of_header(
    kind: str, tokens: Sequence[str], change: tuple[str, str], values: Pairs
) -> Severity:
    name = tokens[1].lower() if len(tokens) > 1 else ""
    guards = name in _GUARDS or name.startswith("access-control-")
    if name == "set-cookie" and len(tokens) > 3:
        return _of_cookie_attribute(kind, tokens[3].lower(), values)
    if kind in ("header-added", "added"):
        if name == "set-cookie":
            return _HARM if _is_secret(tokens[2:], values) else _ADDITION
        opens = name == "cache-control" and any(_is_public(now) for _, now in values)
        return _HARM if opens or name.startswith("access-control-allow-") else _ADDITION
    if kind in ("header-missing", "missing"):
        return _HARM if guards else _BREAK if name in _LEADING else _FORM
    if any(_loses_https(*pair) for pair in values):
        return _HARM
    if name == "set-cookie":
        # A token of another form is a form; another text in a cookie is another thing kept.
        return _FORM if change[0] != change[1] and _WORDS.isdisjoint(change) else _HARM
    if guards:
        keeps = _KEEPS.get(name)
        return _FORM if keeps and values and all(keeps(*pair) for pair in values) else _HARM
    return _BREAK if name in _LEADING else _FORM


def _of_cookie_attribute(kind: str, attribute: str, values: Pairs) -> Severity:
    if kind in ("missing", "header-missing"):
        return _HARM if attribute in _FLAGS else _BREAK
    if kind in ("added", "header-added"):
        widens = attribute == "domain" or any(now.lower() == "none" for _, now in values)
        return _HARM if widens else _ADDITION
    if attribute == "samesite" and values and all(_is_stricter_samesite(*one) for one in values):
        return _FORM
    return _OF_KIND.get(kind, _HARM)


def _is_stricter_samesite(was: str, now: str) -> bool:
    order = ("none", "lax", "strict")
    was, now = was.lower(), now.lower()
    return was in order and now in order and order.index(now) >= order.index(was)


def _is_public(value: str) -> bool:
    """Whether a Cache-Control that was not there before lets others keep the answer."""
    told = set(_directives(value))
    return not {"no-store", "private"} & told and bool({"public", "max-age", "s-maxage"} & told)


def _keeps_cached_less(was: str, now: str) -> bool:
    before, after = _directives(was), _directives(now)
    if "no-store" in after:
        return True
    held = {"no-store", "private", "no-cache", "must-revalidate", "proxy-revalidate"}
    if held & set(before) - set(after) or "public" in set(after) - set(before):
        return False
    return all(
        name not in after or (name in before and _seconds(after[name]) <= _seconds(before[name]))
        for name in ("max-age", "s-maxage")
    )


def _keeps_transport(was: str, now: str) -> bool:
    before, after = _directives(was, ";"), _directives(now, ";")
    kept = set(before) <= set(after)
    return kept and _seconds(after.get("max-age", "")) >= _seconds(before.get("max-age", ""))


def _keeps_frames(was: str, now: str) -> bool:
    return now.lower() in ("deny", was.lower())


_KEEPS: Final[Mapping[str, Callable[[str, str], bool]]] = {
    "cache-control": _keeps_cached_less,
    "strict-transport-security": _keeps_transport,
    "x-frame-options": _keeps_frames,
}


def _directives(value: str, separator: str = ",") -> dict[str, str]:
    parts = (part.strip().lower().partition("=") for part in value.split(separator))
    return {name.strip(): setting.strip(' "') for name, _, setting in parts if name.strip()}


def _seconds(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() else -1


def _loses_https(was: str, now: str) -> bool:
    return "https://" in was.lower() and "http://" in now.lower()


def _is_secret(name: Sequence[str], values: Pairs) -> bool:
    """Whether an added member is one that redaction knows: by its name, or by what stands in it."""
    if any(is_secret_name(token) for token in name):
        return True
    shown = [now for _, now in values]
    members = (member for text in shown for member in re.findall(r'"([^"\\]{1,60})"\s*:', text))
    return (
        any("<secret" in text for text in shown)
        or any(is_secret_name(member) for member in members)
        or any(_is_random(text) for text in shown)
    )


def _is_random(text: str) -> bool:
    """Whether a value is a key of somebody's: not a uuid, which names things."""
    one_word = " " not in text and not text.startswith(("{", "[", "/", "<", "http"))
    return one_word and _UUID.fullmatch(text) is None and looks_generated(text)


_UUID: Final = re.compile(r"[0-9a-fA-F-]{36}")


def _unquoted(shown: str) -> str:
    """Return a value as it is, of an excerpt in which texts stand in quotes."""
    return shown[1:-1] if len(shown) > 1 and shown[0] == shown[-1] == '"' else shown
