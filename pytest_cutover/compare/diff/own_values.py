"""Values that stand still and that equal backends have each of its own, by what they are. Pure.

A rate limit's window ends when it was first used, a process began when it was launched, a file in a
store of its own has a number of its own in its validator, and a set has no order. Each is held to
all that is not one of these: form, unit, size, members.
"""

from __future__ import annotations

import re
from typing import Any, Final

from pytest_cutover.compare.diff import claims
from pytest_cutover.compare.diff.scope import Scope
from pytest_cutover.compare.diff.times_of_writes import are_a_moment_apart
from pytest_cutover.compare.noise import clock, formats, written_times
from pytest_cutover.normalize.headers import SETS

_VALIDATOR: Final = re.compile(r"(?:^|[:_\-.]|get)etag$", re.IGNORECASE)
_PIECES: Final = re.compile(r"(?:W/)?\"?([0-9a-f]{1,16}(?:[-.:][0-9a-f]{1,16})+)\"?")
# When it was changed, and what it was asked as: `"1795665355123-text/html"`.
_CHANGED_AS: Final = re.compile(r"(\"?)(\d{10}|\d{13})(-[a-z]+/[a-z0-9.+-]+\1)")
_WINDOW: Final = re.compile(r"rate-?limit.*reset|^ratelimit-reset$", re.IGNORECASE)
_PARAMETRIZED: Final = ("content-type", "content-disposition", "strict-transport-security")
_POLICIES: Final = ("content-security-policy", "content-security-policy-report-only")
_NONCE: Final = re.compile(r"'nonce-[\w+/=-]+'")
_PARAMETER: Final = re.compile(r'(?:"[^"]*"|[^;"])+')
_QUOTED: Final = re.compile(r'"([!#$%&\'*+.^`|~\w-]+)"')  # a token needs no quotes
_LONGEST_WINDOW_S: Final = 86_400.0
_SLACK_S: Final = 2.0
# 3 and 5 are hashes, and 2, 6 and 8 hardly ever made.
_NEVER_DRAWN: Final = frozenset(("uuid2", "uuid3", "uuid5", "uuid6", "uuid8"))
_UUID_WITHOUT_FORM: Final = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-(?:[09a-f][0-9a-f]{3}-[0-9a-f]{4}|[0-9a-f]{4}-[0-7c-f][0-9a-f]{3})"
    r"-[0-9a-f]{12}",
    re.IGNORECASE,
)


def explanation(scope: Scope, name: str, base: Any, cand: Any) -> str:
    """Return why two values that differ say the same of equal backends; empty where nothing does.

    `name` is that of the header or member.
    """
    if scope.in_request:
        return ""
    between_s = scope.launched.between_s
    if between_s and clock.of_start(base, cand, *between_s):
        return "start of its process"
    if scope.launched.name_one_path(base, cand):
        return "path in its own folder"
    if scope.stamps.explain(name, base, cand):
        return "stamp of a script or style"
    if clock.tell_one_age(base, cand):
        return "age by the clock"
    if scope.own_ids and scope.clock_s and are_a_moment_apart(base, cand, scope.clock_s[0]):
        return "time of a write to its own data"
    if claims.may_be_made(base) and _say_the_same(scope, base, cand):
        return "token that each side signs"
    if not (isinstance(base, str) and isinstance(cand, str)):
        return ""
    if written_times.in_its_place(base, cand, scope.clock_s, own_ids=scope.own_ids) == base:
        return "time by the clock"
    if clock.ages_in_their_place(base, cand) == base:
        return "age by the clock"
    folded = SETS.get(name.lower())
    # In an answer whose body tells the fields of another.
    if folded is not None and _members(base, folded=folded) == _members(cand, folded=folded):
        return "a set without an order"
    if scope.in_headers and name.lower() in _PARAMETRIZED and _parts(base) == _parts(cand):
        return "spelled in another way"
    if scope.own_ids and _VALIDATOR.search(name) and _of_own_store(base, cand):
        return "validator of its own store"
    if scope.clock_s is not None and _WINDOW.search(name) and _end_alike(base, cand, scope.clock_s):
        return "end of its rate limit's window"
    return ""


def _say_the_same(scope: Scope, base: str, cand: str) -> bool:
    """Whether two tokens of one form claim the same: within a second one side signs one token, and
    the other side another with a key of its own.
    """
    if formats.claims_of(base) is None or formats.format_of(base) != formats.format_of(cand):
        return False
    return (
        claims.departure(base, cand, lambda one, other: scope.values.same("", one, other)) is None
    )


def give_back(scope: Scope, name: str, base: Any, cand: Any) -> bool:
    """Return whether both texts are what the test made up for each, spelled in one way; or one
    policy in another order.
    """
    if scope.in_headers and name.lower() in _POLICIES and _are_one_policy(base, cand):
        return True
    if not scope.derived.follows(base, cand, exchange=scope.exchange):
        return False
    scope.values.made_up(name, base, cand)
    return True


def are_of_one_row(scope: Scope, base: Any, cand: Any) -> bool:
    """Return whether two databases cannot have drawn two texts each for itself: one is the other in
    another case, or they stand in two rows that are known for one by their other words, and a test
    before this one knows another partner.
    """
    if not (isinstance(base, str) and isinstance(cand, str)) or base == cand:
        return False
    if not (scope.own_ids or scope.shared_state):
        known = scope.values.strong.earlier(base)
        if known is not None and known != cand:
            return True
    return base.casefold() == cand.casefold()


def hashes_alike(base: Any, cand: Any) -> bool:
    """Return whether two values are hashes that are written as UUIDs: their versions are chance.

    A value that is always one and the same shows no more of its form than that.
    """
    if not (isinstance(base, str) and isinstance(cand, str)):
        return False
    names = [formats.format_of(text).split(" ") for text in (base, cand)]
    is_another = names[0] != names[1] and not _NEVER_DRAWN.isdisjoint((names[0][0], names[1][0]))
    if not (is_another or any(map(_UUID_WITHOUT_FORM.fullmatch, (base, cand)))):
        return False
    if not all(name[0].startswith("uuid") and name[-1] != "nil" for name in names):
        return False  # nobody's hash is nothing
    upper = [name[-1] == "upper" for name in names]
    return upper[0] == upper[1]


def _are_one_policy(base: Any, cand: Any) -> bool:
    """Whether two policies differ in the order of what they say, whatever their nonces."""
    ours, theirs = (
        _NONCE.sub(lambda of: f"'nonce-{len(of[0])}'", str(one)) for one in (base, cand)
    )
    return ours != theirs and _policy(ours) == _policy(theirs)


def _policy(text: str) -> dict[str, set[str]]:
    """Return the directives of a content security policy and their sources: both have no order, and
    of directives with one name the first is heeded (CSP 3, 2.2.1).
    """
    found: dict[str, set[str]] = {}
    for name, *sources in (one.split() for one in text.split(";") if one.strip()):
        found.setdefault(name.lower(), set(sources))
    return found


def _parts(text: str) -> tuple[str, list[tuple[str, str]]]:
    """Return a value and its parameters as they are read (RFC 9110 5.6.6 and 8.3, RFC 6266): names,
    a media type and a charset in either case, a value in quotes or not, blanks nowhere.
    """
    if text.count('"') % 2:
        return text, []
    first, *others = _PARAMETER.findall(text) or [""]
    pairs = []
    for other in others:
        name, _, value = other.strip().partition("=")
        name, value = name.strip().lower(), value.strip()
        quoted = _QUOTED.fullmatch(value)
        value = quoted[1] if quoted else value
        pairs.append((name, value.lower() if name == "charset" else value))
    return first.strip().lower(), [pair for pair in pairs if pair[0]]


def _members(text: str, *, folded: bool) -> list[str]:
    return sorted(part.strip() for part in (text.lower() if folded else text).split(","))


def _of_own_store(base: str, cand: str) -> bool:
    """Whether two validators are numbers of a file: in as many pieces, some of them equal, or the
    time of its last change before the type that it was asked as.
    """
    changed = [_CHANGED_AS.fullmatch(text) for text in (base, cand)]
    if changed[0] is not None and changed[1] is not None:
        sizes = {len(found[2]) for found in changed if found}
        return len(sizes) == 1 and changed[0].group(1, 3) == changed[1].group(1, 3)
    left, right = _PIECES.fullmatch(base), _PIECES.fullmatch(cand)
    if left is None or right is None or base.startswith("W/") != cand.startswith("W/"):
        return False
    if base.replace(left[1], "") != cand.replace(right[1], ""):
        return False
    ours, theirs = (re.split(r"([-.:])", found[1]) for found in (left, right))
    if len(ours) != len(theirs) or ours[1::2] != theirs[1::2]:
        return False
    return any(one == other for one, other in zip(ours[::2], theirs[::2], strict=True))


def _end_alike(base: str, cand: str, clock_s: tuple[float, float]) -> bool:
    """Whether two epochs of one unit are the end of a window that both are in."""
    if len(base) != len(cand) or not (base.isdigit() and cand.isdigit()):
        return False
    for text, now in zip((base, cand), clock_s, strict=True):
        moment = clock.moment_s(text)
        if moment is None or not now - _SLACK_S <= moment <= now + _LONGEST_WINDOW_S:
            return False
    return True
