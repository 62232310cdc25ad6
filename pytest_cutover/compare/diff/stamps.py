"""Stamps in the links to scripts and styles: what makes a browser load them anew. Pure.

`style.css?v=47694475295b` names the file `style.css`. The stamp is drawn for an installation, taken
from when a process began, or a hash of what was built: nobody reads it. It is held to its form and
length, to being the partner of one stamp, and where it is told elsewhere in the answer to being
that partner. A version (`v=1.2`) is none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Final

_LINKS: Final = ("@href", "@src")
_ASSET: Final = re.compile(
    r"(?P<file>[^?#]*\.(?:m?js|css|woff2?|ttf|ico|webmanifest))\?(?P<more>[^#]*&)?"
    r"(?P<name>(?:v|ver|version|rev|h|hash|t|ts|cb|_|bust|build|cache)=)?"
    r"(?P<stamp>[\w-]+)(?P<end>#.*)?"
)
_HEX: Final = r"{0}{{6,64}}|{0}{{8}}(?:-{0}{{4}}){{3}}-{0}{{12}}"
_FORMS: Final = tuple(
    re.compile(form) for form in (r"\d{8,}", _HEX.format("[0-9a-f]"), _HEX.format("[0-9A-F]"))
)
_BASE64: Final = re.compile(r"[\w-]{4,64}", re.ASCII)
_WORD: Final = re.compile(r"[a-z]+|[A-Z]+|[A-Z][a-z]+|\d+")


@dataclass(slots=True)
class Stamps:
    """Which stamp of the baseline stands for which of the candidate, in one answer."""

    _pairs: dict[str, str] = field(default_factory=dict)

    def explain(self, name: str, base: Any, cand: Any) -> bool:
        """Return whether two texts differ in stamps alone. `name` is that of the member."""
        if not (isinstance(base, str) and isinstance(cand, str)):
            return False
        pair = _stamps_of(base, cand) if name in _LINKS else None
        if pair is None:
            return bool(self._pairs) and self.translate(base) == cand
        if pair[1] in self._pairs.values() and pair[0] not in self._pairs:
            return False
        return self._pairs.setdefault(*pair) == pair[1]

    def translate(self, text: str) -> str:
        """Return a text with the candidate's stamps in the place of the baseline's."""
        for ours, theirs in self._pairs.items():
            if ours in text:
                text = re.sub(rf"(?<![\w-]){re.escape(ours)}(?![\w-])", theirs, text)
        return text


def _stamps_of(base: str, cand: str) -> tuple[str, str] | None:
    """Return the stamps of two links to one file, of one form; None where something else differs
    too.
    """
    left, right = _ASSET.fullmatch(base), _ASSET.fullmatch(cand)
    if left is None or right is None or left["stamp"] == right["stamp"]:
        return None
    if any(left[part] != right[part] for part in ("file", "more", "name", "end")):
        return None
    both = left["stamp"], right["stamp"]
    return both if len(both[0]) == len(both[1]) and _are_of_one_form(*both) else None


def _are_of_one_form(*stamps: str) -> bool:
    matches = [[bool(form.fullmatch(stamp)) for stamp in stamps] for form in _FORMS]
    if all(matches[0]):
        return True
    if all(map(_WORD.fullmatch, stamps)):
        return False
    return any(map(all, matches)) or (
        not any(map(any, matches)) and all(map(_BASE64.fullmatch, stamps))
    )
