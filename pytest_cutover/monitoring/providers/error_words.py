"""Whether a matcher can be the one that tells errors, by the values that its label has. Pure.

Where no error has come yet nobody sees what one looks like. What is seen are the values of those
that were none: statuses, classes of them, truth values or words; an error is told in kind.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Final

from pytest_cutover.monitoring.providers.promql import Matcher

_STATUS: Final = re.compile(r"[1-5](\d\d|xx|XX|)")
_AN_ERROR: Final = ("500", "503", "5xx", "5XX", "5")
# Words for an error, but for those of a client.
_ERRING: Final = re.compile(
    r"(?<!client)(?<!client_)(?<!client-)(error|fail|exception|fault)", re.I
)
_WORDS: Final = re.compile(
    r"error|fail|exception|fault|internal|unavailable|unknown|timeout|exceeded|abort|loss", re.I
)
# What says where a request was served, and never how.
_OF_PLACES: Final = frozenset(
    (
        "app", "application", "cluster", "container", "deployment", "endpoint", "env",
        "environment", "handler", "host", "instance", "job", "method", "namespace", "node", "path",
        "pod", "region", "route", "server", "service", "side", "uri", "version", "zone",
    )
)  # fmt: skip
# The codes of gRPC, without underscores: those of a server that fails, and the others.
_OF_GRPC_SERVERS: Final = frozenset(
    ("unknown", "deadlineexceeded", "internal", "unavailable", "dataloss")
)
_OF_GRPC: Final = _OF_GRPC_SERVERS | frozenset(
    (
        "ok", "cancelled", "canceled", "invalidargument", "notfound", "alreadyexists",
        "permissiondenied", "resourceexhausted", "failedprecondition", "aborted", "outofrange",
        "unauthenticated", "unimplemented",
    )
)  # fmt: skip
_OF_SERVERS: Final = re.compile(r"5(\d\d|xx)", re.IGNORECASE)
_OPPOSITE: Final = {"true": "false", "false": "true", "yes": "no", "no": "yes"}


def tellers(matchers: Sequence[Matcher]) -> list[Matcher]:
    """Return those of the matchers by which errors may be told: by a status, a word for one, or
    else by a label that does not say where a request was served.
    """
    plain = [
        one
        for one in matchers
        if one.label not in _OF_PLACES
        and (
            one.fits(_AN_ERROR)
            or _WORDS.search(one.text)
            or one.text.lower() in _OPPOSITE
            or one.operator not in ("=", "=~")
        )
    ]
    return plain or [one for one in matchers if one.label not in _OF_PLACES]


def left_out(matcher: Matcher, values: Collection[str]) -> set[str]:
    """Return the errors among the values of a label that a matcher leaves out: other statuses of
    5xx, other codes of gRPC, or what it asks for in other letters.
    """
    if matcher.operator not in ("=", "=~") or matcher.label in _OF_PLACES:
        return set()
    others = {one for one in values if one and not matcher.matches(one)}
    found = {one for one in others if _OF_SERVERS.fullmatch(one) or matcher.almost_matches(one)}
    plain = {one: one.lower().replace("_", "") for one in values if one}
    if all(name in _OF_GRPC for name in plain.values()):
        found |= {one for one in others if plain[one] in _OF_GRPC_SERVERS}
    return found


def speaks(matcher: Matcher, values: Collection[str]) -> bool:
    """Say whether a matcher asks for what an error would be among these values.

    A word is taken at its word where nothing speaks against it: what an error would be called is
    not known.
    """
    if matcher.operator not in ("=", "=~") or matcher.fits(values):
        return True
    statuses = [one for one in values if _STATUS.fullmatch(one)]
    if any(matcher.matches(one) for one in _alike(statuses)):
        return True
    if len(statuses) == len(values) or any(matcher.matches(one) for one in _AN_ERROR):
        return False
    if all(one.lower() in _OPPOSITE for one in values):
        return any(matcher.matches(_opposite(one)) for one in values)
    return not any(_ERRING.search(one) for one in values)


def _alike(statuses: Collection[str]) -> set[str]:
    """Return what refusals and errors are among such statuses: `404` and `503`, `5xx`, `5`."""
    found = {f"{first}{one[1:]}" for one in statuses for first in "45" if not one[1:].isdigit()}
    if any(one[1:].isdigit() for one in statuses):
        found |= {str(status) for status in range(400, 600)}
    return found


def _opposite(text: str) -> str:
    found = _OPPOSITE[text.lower()]
    if text.isupper():
        return found.upper()
    return found.capitalize() if text.istitle() else found
