"""The headers of two responses, each as a place of its own, and how the end of a body is told."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from pytest_cutover.compare.diff.account import Fate
from pytest_cutover.compare.diff.difference import Kind
from pytest_cutover.compare.diff.profiles import Profiles
from pytest_cutover.compare.diff.scope import Scope
from pytest_cutover.compare.diff.walker import Walker
from pytest_cutover.compare.noise import clock
from pytest_cutover.compare.noise.rules import Active, Mode, descend, waive
from pytest_cutover.normalize.matchers import ObjectPattern, Placeholder
from pytest_cutover.normalize.normalized import NormalizedResponse

_DATE = Placeholder(("http-date",))


def compare_headers(
    walk: Walker,
    mask: NormalizedResponse | None,
    base: NormalizedResponse,
    cand: NormalizedResponse,
    *,
    rules: Active | None,
    profiles: Profiles,
    subsumed: set[str],
) -> None:
    """Walk through the headers of two responses, but for those that are `subsumed`."""
    left, optional = members(base.headers)
    right, _ = members(cand.headers)
    masks, learned_optional = members(mask.headers) if mask is not None else ({}, frozenset())
    masks = dict(masks)
    for side, other in ((left, right), (right, left)):
        if "set-cookie" in side:
            other.setdefault("set-cookie", {})  # each cookie is present or absent by itself
    if "date" in left:
        masks["date"] = replace(_DATE, clock=_is_in_another_zone(walk.scope, left, right))
    for name in set(left) | set(right):
        one_sided = (name in left) != (name in right)
        forgiven = profiles.forgives_presence if one_sided else profiles.forgives_value
        if name in subsumed or forgiven(name):
            if name not in subsumed and left.get(name) != right.get(name):
                walk.scope.account.note(walk.scope.endpoint, Fate.WAIVED, f"profile: {name}")
            left.pop(name, None)
            right.pop(name, None)
    pattern = ObjectPattern(masks, optional | learned_optional)
    below = descend(rules, "headers")
    _framing(walk, masks, left, right, below)
    walk.visit(pattern, left, right, (), below)


def _is_in_another_zone(scope: Scope, base: dict[str, Any], cand: dict[str, Any]) -> bool:
    """Whether the candidate's `Date` is whole quarters of an hour off: a cache makes none of it."""
    left, right = clock.moment_s(base["date"]), clock.moment_s(cand.get("date"))
    if left is None or right is None or not scope.clock_s or not all(scope.clock_s):
        return False
    return clock.shift((right - scope.clock_s[1]) - (left - scope.clock_s[0])).endswith("h")


def _framing(
    walk: Walker,
    masks: dict[str, Any],
    left: dict[str, Any],
    right: dict[str, Any],
    rules: Active | None,
) -> None:
    """How the end of the body is told: named as what it is, not as a text.

    A body that is packed on the way has chunks, one packed before has a length: clients unpack
    the same. To HEAD the length itself is told, and may vary as any other number.
    """
    told = {left.get("content-length"), right.get("content-length")}
    if told == {"length", "chunked"} and "content-encoding" in left and "content-encoding" in right:
        del left["content-length"], right["content-length"]
    for name in ("content-length", "connection"):
        before, after = left.get(name), right.get(name)
        if not (isinstance(before, str) and isinstance(after, str)):
            continue
        is_held = not (isinstance(masks.get(name), Placeholder) and before.isdigit())
        if before != after and (is_held or not after.isdigit()):
            below = descend(rules, name)
            if below is None or all(rule.mode is not Mode.IGNORE for rule in below.here):
                words = (before if not before.isdigit() else "length",
                         after if not after.isdigit() else "length")  # fmt: skip
                walk.report(Kind.VALUE, ((), name), " → ".join(words), before, after)
            del left[name], right[name]


def members(headers: Any) -> tuple[dict[str, Any], frozenset[str]]:
    """Return headers by name, and which of them need not be there."""
    if isinstance(headers, ObjectPattern):
        return dict(headers.members), headers.optional
    return dict(headers), frozenset()


def not_waived(names: Collection[str], rules: Active | None, profiles: Profiles) -> set[str]:
    """Return those names of headers whose values no profile and no rule waives."""
    held = {name for name in names if not profiles.forgives_value(name)}
    return {name for name in held if not waive(rules, ("headers", name))}


def in_words(scope: Scope, one: NormalizedResponse, names: Collection[str]) -> list[str]:
    """Return those headers of a response that have one of some names, in words."""
    named = members(one.headers)[0]
    return [
        f"{name}: {scope.excerpts.whole(named[name])}" for name in sorted(names) if name in named
    ]
