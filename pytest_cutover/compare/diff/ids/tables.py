"""Bare ids of two databases, table by table: book 5 is another thing than author 5. Pure.

What an `id` names is told by where it stands: in the answers of one collection, which is the last
word of the endpoint. Two tables count apart, and so do both databases.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pytest_cutover.compare.diff.places import Path, tokens_of

BARE = frozenset(("id", "_id", "pk"))
_WRAPPERS = frozenset(("data", "attributes", "result", "item", "record", "resource", "object"))
_STEM = 4  # of a name, in singular and plural


@dataclass(slots=True)
class Tables:
    """The pairs of bare ids that one test was shown, by table; and what is answered just now."""

    _pairs: dict[tuple[str, str], str] = field(default_factory=dict)
    _back: dict[tuple[str, str], str] = field(default_factory=dict)
    _table: str = ""
    _ends_in_table: bool = True
    _creates: bool = False
    _is_one: bool = False

    def copy(self) -> Tables:
        """Return what can grow by itself."""
        return Tables(dict(self._pairs), dict(self._back))

    def begin(self, endpoint: str, status: int, answer: Any = None) -> None:
        """Take down which table the next answer is of, whether it leads to a new thing, and whether
        it is a thing that says its own id.
        """
        self._is_one = isinstance(answer, dict) and not BARE.isdisjoint(answer)
        parts = [part for part in endpoint.partition(" ")[2].split("/") if part]
        words = [part for part in parts if not part.startswith("{") and not part.isdigit()]
        self._table = words[-1] if words else ""
        self._ends_in_table = parts[-1:] == words[-1:]
        self._creates = status == 201 or (status in (302, 303) and endpoint.startswith("POST "))

    def add(self, left: str, right: str) -> None:
        """Take down a pair of this table."""
        self._pairs[self._table, left] = right
        self._back[self._table, right] = left

    def have_another(self, left: str, right: str) -> bool:
        """Whether one of two ids has another partner in this table."""
        return (
            self._pairs.get((self._table, left), right) != right
            or self._back.get((self._table, right), left) != left
        )

    def gives_out(self, before: str, left: str, right: str) -> bool:
        """Whether this answer may give two new ids out: it is about a new thing of the collection
        whose path stands `before` them, and that knows neither.
        """
        table = before.rstrip("/").rpartition("/")[2]
        if not self._creates or table != self._table:
            return False
        return (table, left) not in self._pairs and (table, right) not in self._back

    def refers_to_another(self, name: str) -> bool:
        """Whether a member of a thing that says its own id is called like that of another thing."""
        return self._is_one and name not in BARE and not name.startswith(self._table[:_STEM])

    def names_what_was_asked(self, path: Path) -> bool:
        """Whether a bare id here is of the thing that the request names by one in its path: that of
        a new thing is not, nor are those of rows below it, or of a part that has another name
        (`status.id` deep in an issue, `owner.id` beside an id of its own).
        """
        if not self._ends_in_table:
            owners = [token.lower() for token in tokens_of(path)[:-1] if not token.isdigit()]
            is_deep = len(owners) > (0 if self._is_one else 1) and owners[-1] not in _WRAPPERS
            return not is_deep or owners[-1].startswith(self._table.lower()[:_STEM])
        return not (self._creates or any(token.isdigit() for token in tokens_of(path)))
