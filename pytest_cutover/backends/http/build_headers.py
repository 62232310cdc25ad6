"""Which build the answers of a side name in their headers, and whether it was another before.

Where a deployment comes in the middle of a run, what was seen before and after it is not one
backend. Called by the transport of a side. Pure.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

_OF_BUILDS: Final = frozenset(
    f"x-{name}"
    for name in (
        *("app-version", "application-version", "service-version", "server-version"),
        *("build", "build-id", "build-number", "build-version", "release", "release-id"),
        *("git-sha", "git-commit", "git-revision", "commit", "commit-id", "commit-sha"),
        *("deployment-id", "deploy-id"),
    )
)
# Some name the version of what is asked for; then both sides change it alike.
_OF_EITHER: Final = frozenset({"x-version", "x-revision"})
# Fewer answers in a row may be of one request that is unlike the others.
_FEWEST: Final = 3
_MOST_ASKED: Final = 500
_LONGEST: Final = 100


@dataclass(slots=True)
class _Stretch:
    """Answers in a row that have one value of a header: how many, and of which requests."""

    value: str
    count: int = 0
    asked: set[str] = field(default_factory=set)


class BuildHeaders:
    """What the answers of one side say in headers that name a build, in the order of the run."""

    def __init__(self) -> None:
        self._stretches: dict[str, list[_Stretch]] = {}

    def saw(self, asked: str, headers: Mapping[str, str]) -> None:
        """Take an answer; `asked` names its request, and names of headers are in any case."""
        for name in headers:
            known = name.lower()
            if known not in _OF_BUILDS and known not in _OF_EITHER:
                continue
            stretches = self._stretches.setdefault(known, [])
            if len(stretches) > 2:
                continue  # It comes and goes: of one answer, not of a build.
            if not stretches or stretches[-1].value != headers[name]:
                stretches.append(_Stretch(headers[name]))
            stretches[-1].count += 1
            if len(stretches[-1].asked) < _MOST_ASKED:
                stretches[-1].asked.add(asked)

    def changed(self, other: BuildHeaders) -> str:
        """Return which header has another value since some moment; empty where none has.

        From then on every answer has the new one, to a request too that had the old one before,
        and the header of the `other` side stays as it was.
        """
        for name, stretches in self._stretches.items():
            if len(stretches) != 2 or min(one.count for one in stretches) < _FEWEST:
                continue
            before, after = stretches
            beside = len(other._stretches.get(name, ()))
            if beside > 1 or (not beside and name in _OF_EITHER):
                continue
            if before.asked & after.asked:
                return f"{name} was {short(before.value)}, and is {short(after.value)} since then"
        return ""


def short(text: str) -> str:
    """Return a text that is not short and in one line by its digest."""
    if text and len(text) <= _LONGEST and text.isprintable():
        return text
    return f"sha256 {hashlib.sha256(text.encode('utf-8', 'replace')).hexdigest()[:16]}"
