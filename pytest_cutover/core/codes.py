"""What a code of a blocker is. Each room declares its own in a `codes` module beside its gates."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Severity(IntEnum):
    """The worst first."""

    HARM = 1
    """Wrong or lost data, refused or let in, less secure, no answer."""
    BREAK = 2
    """Missing, of another type, slower: clients break, and see that they do."""
    FORM = 3
    """The same said in another way."""
    ADDITION = 4
    """Something more, which clients do not read."""


@dataclass(frozen=True, slots=True)
class Code:
    """One code: its short title, how much it matters, what it means, why it blocks, where to look,
    how to accept it.

    Codes are stable: one that is no longer used is kept and never given to something else.
    """

    code: str
    title: str
    severity: Severity
    what: str
    why: str
    how_to_look: str
    how_to_accept: str
