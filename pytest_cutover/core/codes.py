"""What a code of a blocker is. Each room declares its own in a `codes` module beside its gates."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Code:
    """One code: its short title, what it means, why it blocks, where to look, how to accept it.

    Codes are stable: one that is no longer used is kept and never given to something else.
    """

    code: str
    title: str
    what: str
    why: str
    how_to_look: str
    how_to_accept: str
