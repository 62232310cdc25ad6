"""The numbers that vary, and the lengths of lists, of both sides: what rounds are compared by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from pytest_cutover.compare.diff.ids.drawn_order import OrderTold, RowsOfSide

Place = tuple[int, str, int]  # exchange, pointer, and which part of the text there; 0 is the whole
WordPlace = tuple[int, str, int]  # the same, with indices left out
Spelled = str | bytes  # a text, or the lexeme of a number
Lists = tuple[Sequence[Any], Sequence[Any]]  # the rows of each side
ListPlace = tuple[int, str]  # exchange and the pointer of a list
# The whole of a text of nothing but digits, as a header is: it may be a code as well.
IN_DIGITS: Final = -1
# The whole of a number that an id's name is in: it has no course, and may tell of rows.
OF_AN_ID: Final = -2


@dataclass(slots=True)
class Numbers:
    """What varies by its course and not by its form.

    `lexemes` maps a place to the number that each side shows there, `rows` an exchange and the
    pointer of a list to its rows on each side. `tokens` are texts of letters and
    digits, `words` those that are held to being a text, at places without their indices, `spelled`
    the first values of any kind there.
    `unordered` are the rows of lists that the baseline shows in another order in each round.
    `parameters` are the names of numbers inside of links (``page=4``), as members have them;
    `in_links` all that stand in one.
    `shared`: both sides look at one database. `by_form`: in a row the two sides show values that
    differ, and that are held to their form alone.
    """

    lexemes: dict[Place, tuple[bytes, bytes]] = field(default_factory=dict)
    tokens: dict[Place, tuple[str, str]] = field(default_factory=dict)
    words: dict[WordPlace, list[tuple[str, str]]] = field(default_factory=dict)
    spelled: dict[WordPlace, list[tuple[Spelled, Spelled]]] = field(default_factory=dict)
    rows: dict[ListPlace, Lists] = field(default_factory=dict)
    pages: dict[ListPlace, Lists] = field(default_factory=dict)
    orders: dict[ListPlace, tuple[OrderTold, str]] = field(default_factory=dict)
    unordered: dict[ListPlace, tuple[RowsOfSide, RowsOfSide]] = field(default_factory=dict)
    parameters: dict[Place, str] = field(default_factory=dict)
    in_links: set[Place] = field(default_factory=set)
    shared: bool = True
    by_form: bool = False
