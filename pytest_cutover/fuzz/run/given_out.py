"""Which id, time and code of one side is which of the other: what writes gave out in this run.

Two databases give out ids of their own, and later answers show them: in lists, in what refers to
them. Workers tell each other through a file, for rows of one are seen
by all.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from threading import Lock
from typing import Final

from pytest_cutover.compare.confirm.confirmation import Round
from pytest_cutover.compare.confirm.given_out import Pair, given_out_in, made_in
from pytest_cutover.compare.diff.ids.correspondence import Correspondence
from pytest_cutover.core.exchange import Exchange, Transcript
from pytest_cutover.core.shared_lines import add_line, new_lines
from pytest_cutover.fuzz.run.explaining import Stored
from pytest_cutover.fuzz.run.refusals import body_of, is_taken
from pytest_cutover.fuzz.run.row_keys import keys_of, kind_of

_WRITING: Final = frozenset({"POST", "PUT", "PATCH"})
_MADE: Final = "\0made"
_LONG_WORD: Final = re.compile(r"[\w\-.:+]+")
_WORD: Final = re.compile(r"[^\W_]+")


class GivenOut:
    """The pairs that are known. `shared` is a file of all workers; None where there is one.

    One thread asks and learns while another one compares.
    """

    def __init__(self, shared: Path | None = None) -> None:
        # By a word that stands where the value does: of thousands a comparison needs a few.
        self._by_word: dict[str, dict[Pair, None]] = {}
        self._rows: dict[tuple[str, str], str] = {}  # numbers, by the kind of what has them
        self._shared = shared
        self._read = 0
        self._lock = Lock()
        self.stored = Stored()

    def learn(self, one: Round) -> None:
        """Take down what both sides gave out or were given as new."""
        self.stored.learn(one)
        made, pairs = made_in(one), given_out_in(one)
        rows = [
            row
            for ours, theirs in zip(one.baseline.exchanges, one.candidate.exchanges, strict=False)
            for row in _rows(ours, theirs)
        ]
        with self._lock:
            self._keep(made, pairs, rows)
        if self._shared is not None and (made or pairs):
            add_line(self._shared, json.dumps([made, pairs, rows]))

    def known(self, *rounds: Round) -> Correspondence:
        """Return the pairs that are about what these answers hold, those of other workers too."""
        words = {word for one in rounds for word in _words_of(one.baseline)}
        found: dict[Pair, None] = {}
        with self._lock:
            self._hear()
            for word in words:
                found |= self._by_word.get(word, {})
        known = Correspondence()
        known.generated([(left, right) for name, left, right in found if name == _MADE])
        for name, left, right in found:
            if name != _MADE:
                known.given_out(name, left, right)
        return known

    def _hear(self) -> None:
        """Read what other workers have told since."""
        for end, line in new_lines(self._shared, self._read):
            self._read = end
            self._keep(*json.loads(line))

    def partners(self, value: str, kinds: Sequence[str] = ()) -> tuple[str, ...]:
        """Return what stands for a value of the baseline on the candidate.

        A number stands for another one among things of one kind alone, which are those of `kinds`.
        """
        with self._lock:
            self._hear()
            if kinds and value.isdecimal():
                known = (self._rows.get((kind, value)) for kind in kinds)
                return tuple(one for one in known if one is not None)
            found = tuple(self._by_word.get(_word_of(value), ()))
        return tuple(right for name, left, right in found if name != _MADE and left == value)

    def _keep(
        self, made: list[tuple[str, str]], pairs: list[Pair], rows: Iterable[Pair] = ()
    ) -> None:
        self._rows.update({(kind, left): right for kind, left, right in rows})
        for left, right in made:
            for spelled in {left, left.lower(), left.upper()}:
                self._by_word.setdefault(spelled, {})[_MADE, left, right] = None
        for name, left, right in pairs:
            self._by_word.setdefault(_word_of(left), {})[name, left, right] = None


def _word_of(value: str) -> str:
    return max(_LONG_WORD.findall(value), key=len, default=value)


def _words_of(transcript: Transcript) -> Iterator[str]:
    """Yield the words of what was asked and answered: whole ids and times, and the parts of
    texts.
    """
    for exchange in transcript.exchanges:
        parts = [exchange.request.target.encode("utf-8", "surrogateescape"), exchange.request.body]
        if exchange.response is not None:
            parts.append(exchange.response.body)
            parts += [value.encode("latin-1", "replace") for _, value in exchange.response.headers]
        for part in parts:
            text = part.decode("utf-8", "replace")
            yield from _LONG_WORD.findall(text)
            yield from _WORD.findall(text)


def _rows(ours: Exchange, theirs: Exchange) -> Iterator[Pair]:
    """Yield the numbers of what both sides made, with its kind."""
    if ours.request.method in _WRITING and is_taken(ours) and is_taken(theirs):
        kind = kind_of(ours)
        keys = keys_of(body_of(ours), (kind,)), keys_of(body_of(theirs), (kind,))
        for left, right in zip(*keys, strict=False):
            if left.isdecimal() and right.isdecimal():
                yield kind, left, right
