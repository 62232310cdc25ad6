"""How a run launched both sides: when, and in which folders of their own. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Launched:
    """What is known of two launches; nothing where a side was not launched.

    `between_s`: between which times both were started, in seconds since the epoch. `folders`: the
    pairs of paths of which the configuration gives each side its own.
    """

    between_s: tuple[float, ...] = ()
    folders: tuple[tuple[str, str], ...] = ()

    def name_one_path(self, base: Any, cand: Any) -> bool:
        """Whether two texts are one but for the folder that each side was given."""
        if not (self.folders and isinstance(base, str) and isinstance(cand, str)):
            return False
        return any(_below(ours, base, theirs) == cand for ours, theirs in self.folders)


NOT_LAUNCHED = Launched()


def _below(ours: str, text: str, theirs: str) -> str | None:
    """Return a text with one folder in the place of another; None where it is not in it."""
    if ours not in text:
        return None
    return re.sub(rf"(?<![\w.~-]){re.escape(ours)}(?![\w.~-])", lambda _: theirs, text)
