"""Text inside Markdown that nothing in it can leave: inline code, prose, list items, fenced blocks.

Data stands in ``<code>`` elements, every sign that Markdown or HTML acts on as an entity: Markdown
takes those for text everywhere, in tables too, and inside ``<code>`` GitHub looks for no @mention
and no #reference. What is to be copied stands in a fenced block instead, as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from pytest_cutover.core.sanitize import command_line, one_line

_ACTIVE = frozenset("\\`*_{}[]<>#!|~&@$^")
_STARTS = frozenset("-+0123456789")
# Half a command is worse than none.
_COMMAND = 4_000
_TOO_LONG = "# too long for a comment: gate.html has it"
_WWW = re.compile(r"(www)\.", re.IGNORECASE)
# A colon acts as the first of two around a name (an emoji), and before a slash (a link).
_COLON = re.compile(r":(?=/|[\w+-]+:)")


def code(text: str, limit: int = 120) -> str:
    """Return the text as inline code that nothing inside can leave; cut to `limit` characters."""
    return f"<code>{_escaped(text, limit)}</code>" if text else ""


def prose(text: str, limit: int = 300) -> str:
    """Return the text as running text in which no Markdown and no HTML is seen."""
    return _escaped(text, limit)


def item(text: str, limit: int = 300) -> str:
    """Return the text as a list item; at its start, "1." or "-" would begin a list of their own."""
    escaped = _escaped(text, limit).lstrip()
    first = escaped[:1]
    return f"- &#{ord(first)};{escaped[1:]}" if first and first in _STARTS else f"- {escaped}"


def _escaped(text: str, limit: int) -> str:
    escaped = "".join(map(_entity, one_line(text, limit)))
    escaped = _COLON.sub("&#58;", escaped)
    return _WWW.sub(r"\1&#46;", escaped)  # GitHub links "www." by itself


def _entity(character: str) -> str:
    return f"&#{ord(character)};" if character in _ACTIVE else character


def fenced(lines: Iterable[str]) -> str:
    """Return the lines as a block of code to be copied, behind a fence that none of them can
    close.
    """
    told = [line if len(line) <= _COMMAND else _TOO_LONG for line in map(command_line, lines)]
    longest = max((len(run) for line in told for run in re.findall("`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    return "\n".join([f"{fence}sh", *told, fence])
