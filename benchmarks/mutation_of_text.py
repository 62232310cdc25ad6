"""Mutations of answers that are texts: words, figures, lines, and what stands between them."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from itertools import pairwise

from benchmarks.mutations import Mutation, json_response, with_response
from pytest_cutover.core.exchange import Exchange

ANY: frozenset[str] = frozenset()
_WORD = re.compile(r"\w+")
_NUMBER = re.compile(r"\d+")
Edit = Callable[[str, random.Random], str]


def _at(expression: re.Pattern[str], edit: Callable[[str, random.Random], str]) -> Edit:
    def change(text: str, rng: random.Random) -> str:
        found = list(expression.finditer(text))
        if not found:
            return text
        one = rng.choice(found)
        return text[: one.start()] + edit(one[0], rng) + text[one.end() :]

    return change


def _of_lines(edit: Callable[[list[str], int], list[str]]) -> Edit:
    def change(text: str, rng: random.Random) -> str:
        lines = text.splitlines(keepends=True)
        return "".join(edit(lines, rng.randrange(len(lines)))) if len(lines) > 1 else text

    return change


def _other_letter(word: str, rng: random.Random) -> str:
    at = rng.randrange(len(word))
    kinds = ("0123456789", "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    kind = next((one for one in kinds if word[at] in one), "xyz")
    return word[:at] + rng.choice([c for c in kind if c != word[at]]) + word[at + 1 :]


def _exchanged(lines: list[str], at: int) -> list[str]:
    at = min(at, len(lines) - 2)
    return [*lines[:at], lines[at + 1], lines[at], *lines[at + 2 :]]


EDITS: dict[str, Edit] = {
    "another letter": _at(_WORD, _other_letter),
    "another letter of a number": _at(_NUMBER, _other_letter),
    "a word less": _at(_WORD, lambda _w, _r: ""),
    "a word twice": _at(_WORD, lambda w, _r: f"{w} {w}"),
    "a word more": _at(_WORD, lambda w, _r: f"{w} drifted"),
    "a word cut": _at(_WORD, lambda w, _r: w[:-1]),
    "in capitals": _at(_WORD, lambda w, _r: w.swapcase()),
    "a number one more": _at(_NUMBER, lambda w, _r: str(int(w) + 1)),
    "a number of other size": _at(_NUMBER, lambda w, _r: f"{w}0"),
    "a line less": _of_lines(lambda lines, at: lines[:at] + lines[at + 1 :]),
    "a line twice": _of_lines(lambda lines, at: [*lines[: at + 1], *lines[at:]]),
    "two lines exchanged": _of_lines(_exchanged),
    "cut in half": lambda text, _r: text[: len(text) // 2],
    "the last line less": _of_lines(lambda lines, _at: lines[:-1]),
    "another sign": _at(re.compile(r"[,;:<>=/&#-]"), lambda s, _r: "|" if s != "|" else ";"),
    "nothing but the first line": _of_lines(lambda lines, _at: lines[:1]),
}


def words_exchanged(text: str, rng: random.Random) -> str:
    """Two neighbours that are not the same have changed places."""
    pairs = [(a, b) for a, b in pairwise(_WORD.finditer(text)) if a[0] != b[0]]
    if not pairs:
        return text
    one, other = rng.choice(pairs)
    between = text[one.end() : other.start()]
    return text[: one.start()] + other[0] + between + one[0] + text[other.end() :]


EDITS["two words exchanged"] = words_exchanged
_OF_STREAMS = ("text/event-stream", "ndjson", "jsonl", "json-seq", "json-lines")


def group_of(exchange: Exchange) -> str | None:
    """The class of an answer's body; None where it is no text, or JSON."""
    response = exchange.response
    if response is None or not response.body:
        return None
    kind = response.header("content-type") or ""
    if any(name in kind for name in _OF_STREAMS):
        return "stream"
    if json_response(response):
        return None
    try:
        response.body.decode()
    except UnicodeDecodeError:
        return None
    return "text"


def mutation_of_text(exchange: Exchange, times: int = 1) -> Iterator[Mutation]:
    """Every edit of a text or stream, each at so many places that chance picks."""
    group = group_of(exchange)
    if group is None:
        return
    for edit in EDITS.values():
        for _ in range(times):
            yield Mutation(group, _made(edit), ANY)


def _made(edit: Edit) -> Callable[[Exchange, random.Random], Exchange | None]:
    def make(exchange: Exchange, rng: random.Random) -> Exchange | None:
        assert exchange.response is not None
        new = edit(exchange.response.body.decode(), rng).encode()
        return None if new == exchange.response.body else with_response(exchange, body=new)

    return make
