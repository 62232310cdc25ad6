"""Whether the data of the two sides are still alike, and what follows where they are not. Pure.

Once a write was taken by one side alone, a list has a row more on one side, for good: that it does
is told by the write. What reads say of other data then, and did not say while the data were alike,
follows from it. What a case made itself and reads again is compared as ever, and so is what a list
does to the rows that both sides have.
"""

from __future__ import annotations

import json
import os
from dataclasses import astuple
from pathlib import Path
from typing import Any, Final

from pytest_cutover.compare.confirm.confirmation import Round
from pytest_cutover.compare.diff.difference import Difference, Kind
from pytest_cutover.core import json_pointer
from pytest_cutover.core.exchange import READS
from pytest_cutover.core.shared_lines import add_line, new_lines
from pytest_cutover.fuzz.generate.case import Case
from pytest_cutover.fuzz.run.one_sided import (
    BY_SIZE,
    OneSided,
    Partners,
    Things,
    Write,
    parts,
    written,
)
from pytest_cutover.fuzz.run.refusals import is_taken

_PARTED: Final = "parted"
_WRITTEN: Final = "written"


class DataOfSides:
    """What is known of the data behind both sides.

    `partners` gives what stands for a key of the baseline on the candidate. `shared` is a file by
    which workers tell each other; None where there is one.
    """

    def __init__(
        self, shared: Path | None = None, *, partners: Partners = lambda _key, _kinds: ()
    ) -> None:
        self._parted = False
        self._read: set[str] = set()
        self._alone = OneSided()
        self._partners = partners
        self._shared = shared
        self._seen = 0

    def note(self, one: Round) -> None:
        """Take down what the reads of a round reached, and whether a write was taken by one."""
        self._hear()
        for ours in one.baseline.exchanges:
            if ours.request.method in READS and is_taken(ours) and not self._parted:
                if ours.endpoint not in self._read:
                    self._say(ours.endpoint)
                self._read.add(ours.endpoint)
        self.part(one)

    def part(self, one: Round) -> None:
        """Take down whether a write was taken by one side, of a round that nobody compares."""
        self._parted |= parts(one)
        for write in written(one):
            self._alone.learn(write)

    def tell(self, one: Round) -> None:
        """Tell the other workers of a round before they ask anything: their data parted too."""
        if self._shared is None:
            return
        if parts(one):
            self._say(_PARTED)
        for write in written(one):
            self._say(f"{_WRITTEN} {json.dumps(astuple(write))}")

    def _say(self, word: str) -> None:
        if self._shared is not None:
            add_line(self._shared, f"{os.getpid()} {word}")

    def _hear(self) -> None:
        """Read what other workers have told since."""
        for end, line in new_lines(self._shared, self._seen):
            self._seen = end
            who, _, said = line.strip().partition(" ")
            word, _, document = said.partition(" ")
            if who == str(os.getpid()):
                continue
            if word == _PARTED:
                self._parted = True
            elif word == _WRITTEN:
                self._alone.learn(_write_of(json.loads(document)))
            else:
                self._read.add(said)

    def without_what_is_alone(self, one: Round) -> Round:
        """Return a round without the rows that one side alone has, nor what counts them."""
        self._hear()
        return self._alone.without(one, self._partners)

    def follows(self, case: Case, difference: Difference, one: Round) -> bool:
        """Return whether a difference shows other data, and nothing that the case made itself.

        The round is one without what one side alone has.
        """
        place = difference.exchange
        if place > _parts_at(one):
            return True
        if not self._parted or place >= min(
            len(one.baseline.exchanges), len(one.candidate.exchanges)
        ):
            return False
        named = difference.pointer.removeprefix("/headers/")
        if named != difference.pointer and named not in BY_SIZE:
            return False
        ours, theirs = one.baseline.exchanges[place], one.candidate.exchanges[place]
        if ours.request.method not in READS:
            return False
        if self._alone.asks_for(ours, theirs):
            return True
        if difference.kind is Kind.STATUS:
            return False
        # What is odd in itself is told of no operation: the one that was asked says what was read.
        if ours.endpoint not in self._read or _reads_its_own(case, difference):
            return False
        if difference.kind is Kind.LENGTH:
            return not self._alone.tears(ours, theirs, difference.pointer, self._partners)
        # What stands in a row was written with it.
        is_of_rows = not any(map(str.isdecimal, json_pointer.parse(difference.pointer)))
        return difference.kind is not Kind.ORDER or not is_of_rows


def _parts_at(one: Round) -> int:
    """Return the first write of a round that one side alone took; the number of requests for
    none.
    """
    pairs = zip(one.baseline.exchanges, one.candidate.exchanges, strict=False)
    for index, (ours, theirs) in enumerate(pairs):
        if ours.request.method not in READS and is_taken(ours) != is_taken(theirs):
            return index
    return len(one.baseline.exchanges)


def _write_of(document: list[Any]) -> Write:
    changed, named, made, more_on, apart, members, moved = document
    return Write(
        (_things(changed[0]), _things(changed[1])),
        _things(named),
        made,
        more_on,
        (_things(apart[0]), _things(apart[1])),
        tuple(members),
        moved,
    )


def _things(listed: list[list[str]]) -> Things:
    return tuple((kind, key) for kind, key in listed)


def _reads_its_own(case: Case, difference: Difference) -> bool:
    """Whether the path of a call names what an earlier write of the case made."""
    if difference.exchange >= len(case.calls):
        return False
    return any(
        binding.step is not None
        and binding.place.startswith("path/")
        and case.calls[binding.step].method not in READS
        for binding in case.calls[difference.exchange].bindings
    )
