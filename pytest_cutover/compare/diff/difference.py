"""One observed departure of the candidate from the baseline, and its signature."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What departed."""

    STATUS = "status"
    HEADER_MISSING = "header-missing"
    HEADER_ADDED = "header-added"
    HEADER_VALUE = "header-value"
    BODY_KIND = "body-kind"
    MISSING = "missing"
    ADDED = "added"
    TYPE = "type"
    FORMAT = "format"
    SCALE = "scale"
    VALUE = "value"
    LENGTH = "length"
    ORDER = "order"
    IDENTITY = "identity"
    WIRE = "wire"


@dataclass(frozen=True, slots=True)
class Difference:
    """A departure: where (`pointer` is RFC 6901; headers stand under ``/headers``), what, and how.

    `change` names types, formats or statuses, never values. `baseline` and `candidate` are short
    excerpts for a reader, None where that side has nothing there. `values` are both values whole,
    in each round: what somebody reviews; none where the signature says all. `relation` says how it
    relates to what stands beside it, where undoing that leaves nothing to report. `write` is the
    exchange of which it shows what came, where its own shows that only after it.
    """

    exchange: int
    endpoint: str
    kind: Kind
    pointer: str
    change: str
    baseline: str | None = None
    candidate: str | None = None
    values: tuple[tuple[str, str], ...] = field(default=(), compare=False)
    relation: str = field(default="", compare=False)
    write: int | None = field(default=None, compare=False)

    @property
    def signature(self) -> str:
        """What all occurrences of one cause share; indices in the pointer are left out."""
        return f"{self.endpoint} | {self.kind} | {wildcard(self.pointer)} | {self.change}"


_INDEX = re.compile(r"/\d+(?=/|$)")


def wildcard(pointer: str) -> str:
    """Return the pointer with array indices replaced by ``*``."""
    return _INDEX.sub("/*", pointer)
