"""Which id, time and code of one side is which of the other: what writes gave out in this run.

Two databases give out ids of their own, and later answers show them: in lists, in what refers to
them. A write that both sides took pairs what stands at the same place of the two answers, if it is
of one form and was in no request. Workers tell each other through a file, for rows of one are seen
by all.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from threading import Lock
from typing import Any, Final

from pytest_cutover.backends.redaction.secrets import is_secret_name
from pytest_cutover.compare.confirm.confirmation import Round
from pytest_cutover.compare.diff.ids.correspondence import Correspondence
from pytest_cutover.compare.noise import formats
from pytest_cutover.compare.noise.lists.rows import names_an_id
from pytest_cutover.core.exchange import Exchange, Transcript
from pytest_cutover.fuzz.run.explaining import Stored
from pytest_cutover.fuzz.run.shared_lines import new_lines

_WRITING: Final = frozenset({"POST", "PUT", "PATCH"})
_MADE: Final = "\0made"
# Both sides write within a moment, and a time may tell no seconds.
_ONE_WRITE_S: Final = 90.0
_LONG_WORD: Final = re.compile(r"[\w\-.:+]+")
_WORD: Final = re.compile(r"[^\W_]+")
Pair = tuple[str, str, str]


class GivenOut:
    """The pairs that are known. `shared` is a file of all workers; None where there is one.

    One thread asks and learns while another one compares.
    """

    def __init__(self, shared: Path | None = None) -> None:
        # By a word that stands where the value does: of thousands a comparison needs a few.
        self._by_word: dict[str, dict[Pair, None]] = {}
        self._shared = shared
        self._read = 0
        self._lock = Lock()
        self.stored = Stored()

    def learn(self, one: Round) -> None:
        """Take down what both sides gave out or were given as new."""
        self.stored.learn(one)
        made = [
            (ours.value, theirs.value)
            for ours, theirs in zip(one.baseline.generated, one.candidate.generated, strict=False)
        ]
        pairs = [
            pair
            for ours, theirs in zip(one.baseline.exchanges, one.candidate.exchanges, strict=False)
            for pair in _pairs(ours, theirs, made)
        ]
        with self._lock:
            self._keep(made, pairs)
        if self._shared is not None and (made or pairs):
            with self._shared.open("ab") as file:
                file.write(json.dumps([made, pairs]).encode("ascii") + b"\n")

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
            made, pairs = json.loads(line)
            self._keep(made, pairs)

    def partners(self, value: str) -> tuple[str, ...]:
        """Return what stands for a value of the baseline on the candidate."""
        with self._lock:
            found = tuple(self._by_word.get(_word_of(value), ()))
        return tuple(right for name, left, right in found if name != _MADE and left == value)

    def _keep(self, made: list[tuple[str, str]], pairs: list[Pair]) -> None:
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


def _pairs(ours: Exchange, theirs: Exchange, made: list[tuple[str, str]]) -> Iterator[Pair]:
    if ours.request.method not in _WRITING or theirs.request.method != ours.request.method:
        return
    one, other = ours.response, theirs.response
    if one is None or other is None or not (one.status // 100 == other.status // 100 == 2):
        return  # which success it was is told by the comparison, and makes no other thing of it
    try:
        left, right = json.loads(one.body), json.loads(other.body)
    except (ValueError, RecursionError):
        return
    sent = ours.request.body + ours.request.target.encode("utf-8", "surrogateescape")
    for name, value, partner in _beside(left, right, ""):
        own = any(code in value and other in partner for code, other in made)
        was_sent = value.encode("utf-8", "surrogatepass") in sent
        if own or (_of_one_form(name, value, partner) and not was_sent):
            yield name, value, partner


def _beside(left: Any, right: Any, name: str) -> Iterator[Pair]:
    """Yield the values at the same places that differ and are of one form."""
    if isinstance(left, dict) and isinstance(right, dict):
        for key in left.keys() & right.keys():
            yield from _beside(left[key], right[key], str(key))
    elif isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
        for one, other in zip(left, right, strict=True):
            yield from _beside(one, other, name)
    elif left != right and type(left) is type(right) and not is_secret_name(name):
        yield from [(name, str(left), str(right))] if type(left) in (str, int) else ()


def _of_one_form(name: str, left: str, right: str) -> bool:
    form = formats.format_of(left)
    if form == formats.format_of(right) and form.startswith("timestamp"):
        # Both are the time of one write; others are times that one side has got wrong.
        one, other = formats.instant_s(left), formats.instant_s(right)
        return one is None or other is None or abs(one - other) <= _ONE_WRITE_S
    known = formats.has_identity(form) or names_an_id(name)
    return known and form.partition(" ")[0] == formats.format_of(right).partition(" ")[0]
