"""Differences with one signature are one finding: one cause, many occurrences."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from pytest_cutover.compare.diff.difference import Difference, Kind, wildcard


@dataclass(frozen=True, slots=True)
class Finding:
    """One cause; `baseline` and `candidate` are the smallest example. Indices are ``*``.

    `id` is the first 8 hex digits of the SHA-256 of the signature.
    """

    signature: str
    id: str
    endpoint: str
    kind: Kind
    pointer: str
    change: str
    occurrences: int
    nodeids: tuple[str, ...]
    baseline: str | None = None
    candidate: str | None = None


def finding_id(signature: str) -> str:
    """The short name of a signature."""
    return hashlib.sha256(signature.encode("utf-8", "backslashreplace")).hexdigest()[:8]


def cluster(evidence: Iterable[tuple[str, Difference]]) -> tuple[Finding, ...]:
    """The findings of all (node id, difference) pairs, sorted; their order changes nothing."""
    groups: dict[str, list[tuple[str, Difference]]] = {}
    for nodeid, difference in evidence:
        groups.setdefault(difference.signature, []).append((nodeid, difference))
    return tuple(
        sorted(
            (_finding(signature, members) for signature, members in groups.items()),
            key=lambda finding: (finding.endpoint, finding.pointer, finding.kind, finding.change),
        )
    )


def _finding(signature: str, members: list[tuple[str, Difference]]) -> Finding:
    example = min((difference for _, difference in members), key=_size)
    return Finding(
        signature=signature,
        id=finding_id(signature),
        endpoint=example.endpoint,
        kind=example.kind,
        pointer=wildcard(example.pointer),
        change=example.change,
        occurrences=len(members),
        nodeids=tuple(sorted({nodeid for nodeid, _ in members})),
        baseline=example.baseline,
        candidate=example.candidate,
    )


def _size(difference: Difference) -> tuple[int, str, str, bool, bool]:
    baseline, candidate = difference.baseline, difference.candidate
    one, other = baseline or "", candidate or ""
    return len(one) + len(other), one, other, baseline is None, candidate is None
