"""A text cut into tokens: ids, times, numbers, random strings, words, blanks and signs.

What reads as one value is one token, so that a hole in a template spans the whole value: a nonce in
base64 with its ``+``, ``/`` and ``=``, a UUID, a JWT, a time with a blank in it, an HTTP date. A
link is one token that `links` cuts into its parts; a path is several: what does not vary must stay
a literal. Pure; every function is linear in the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from pytest_cutover.compare.noise.constraints import formats_for

UUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
TIME_WITHOUT_ZONE = (
    r"[0-9]{4}+-[0-9]{2}+-[0-9]{2}+[Tt ][0-9]{2}+:[0-9]{2}+(?::[0-9]{2}+(?:\.[0-9]++)?+)?+"
)
TIMESTAMP = rf"{TIME_WITHOUT_ZONE}(?:[Zz](?!\w)|[+-][0-9]{{2}}:?[0-9]{{2}}(?![0-9]))?"
# The same in a link, where a colon is written %3A.
ESCAPED_TIME = (
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}%3[Aa][0-9]{2}(?:%3[Aa][0-9]{2}(?:\.[0-9]+)?)?"
    r"(?:Z(?!\w)|%2[Bb][0-9]{2}%3[Aa][0-9]{2})?"
)
JWT = r"eyJ[A-Za-z0-9_-]+\.eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*"
_DAY, _MONTH = r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)", r"[A-Z][a-z]{2}"
_CLOCK = r"[0-9]{2}:[0-9]{2}:[0-9]{2}"
HTTP_DATE = rf"{_DAY}, [0-9]{{2}} {_MONTH} [0-9]{{4}} {_CLOCK} (?:GMT|[+-][0-9]{{4}})"
LOG_DATE = rf"[0-9]{{2}}/{_MONTH}/[0-9]{{4}}:{_CLOCK} [+-][0-9]{{4}}"
C_DATE = rf"{_DAY} {_MONTH} [ 0-9][0-9] {_CLOCK} [0-9]{{4}}"
DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?![\w-])"
_MARKER = r"\ufdd0[^\ufdd1]*\ufdd1"
# A whole link is cut into its parts by those who know what a link is (`links`).
_LINK = (
    r"(?:[A-Za-z][A-Za-z0-9+.-]*://|\ufdd0(?:origin|host)\ufdd1/)"
    r"[^\s<>\"'\\]*[^\s<>\"'\\.,;:!?(){}\[\]]"
)
# What begins inside a path or a word with hyphens and is a value by itself.
_BEGINS = (
    rf"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}[T ][0-9]|{_DAY},? [A-Z0-9]|[0-9]{{2}}/{_MONTH}/[0-9]{{4}}:"
    r"|[0-9]{1,3}\.[0-9]|[0-9]{2}:[0-9]{2}|eyJ[A-Za-z0-9_-]+\.eyJ"
)
# What a random string is written in; `=` only where nothing follows that it could be a name of.
_RUN = (
    r"(?<![\w+/-])(?=[A-Za-z0-9+/_-]{16})"
    rf"(?:(?!{_BEGINS})[A-Za-z0-9+/_-]){{16,}}(?:={{1,2}}(?![\w=]))?"
)
_TIMES = rf"{ESCAPED_TIME}|{TIMESTAMP}|{JWT}|{HTTP_DATE}|{LOG_DATE}|{C_DATE}|{DATE}"
_SHORT = (
    rf"|{_CLOCK}(?:\.[0-9]+)?"
    r"|(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?!\w|\.\w)"
    r"|[0-9]+(?:\.[0-9]+)?(?=(?:ns|us|µs|ms|s|m|h|%)(?!\w))"
    r"|[0-9]+\.[0-9]+(?:[eE][+-]?[0-9]+)?"
    r"|\w+|[^\S\r\n]+|\r?\n|."
)
_TOKENS = re.compile(rf"{_LINK}|{_MARKER}|{UUID}|{_TIMES}|{_RUN}{_SHORT}", re.DOTALL)
# The same where nothing is that the others are for, which `_is_simple` tells at a glance. First
# what needs no look at the rest: a sign, and a word that begins as no date does.
_SIMPLE_TOKENS = re.compile(
    r"[^\w\s]|(?![MTWFS])[^\W\d]\w*"
    rf"|{TIMESTAMP}|{ESCAPED_TIME}|{HTTP_DATE}|{LOG_DATE}|{C_DATE}|{DATE}{_SHORT}",
    re.DOTALL,
)
_LONG_RUN = re.compile("(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{16}")
_PIECES_OF_A_RUN = re.compile(rf"{UUID}|{_TIMES}{_SHORT}", re.DOTALL)
_IDS = re.compile(rf"{UUID}|{TIMESTAMP}")
# A cell at the end of a row, as most that differ are: its tokens are known at once.
_LAST_CELL_OF_A_TIME = re.compile(rf"([,;|])({TIMESTAMP})(\n)")
# Tokens that may belong to one run although both recordings show the same: long enough, a digit.
_TELLING = re.compile(
    rf"{_MARKER}|(?<![\w-])(?:{UUID}|{_TIMES})|{_RUN}|(?<![\w+/-])(?=[A-Za-z_]*[0-9])\w{{16,}}"
)
# Each of them is one, or holds one: told in a fraction of the time in texts that have none.
_LONG = re.compile(r"(?<![\w+/-])[\w+/-]{16}")
_SHORTEST_TIME = re.compile(r"-(?<=[0-9]{4}-)[0-9]{2}-[0-9]{2}|:[0-9]{2}:")
_LAST_END = re.compile(r'.*[,;|<"]', re.DOTALL)
_UUID = re.compile(UUID)
_RANDOM = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")
_CHANGE = re.compile(r"[a-z](?=[A-Z0-9])|[0-9](?=[A-Za-z])|[A-Z](?=[0-9])")
_DIGIT = re.compile(r"[0-9]")
_MIXED = re.compile(r"(?=.*[a-z])(?=.*[A-Z])[A-Za-z0-9_-]+")
_SIGN = re.compile(r"[_-]")
_EDGES = frozenset('\t;|<>"')
_WORD_OF_A_PATH = re.compile(r"[a-z]{3,}")
_SLASH = re.compile("(/)")
_SEPARATORS = "-_/+."
SHORTEST_RANDOM = 16
_SHORTEST_DRAWN = 8
_SHORT_TEXT = 256  # characters: of more, halves are told apart sooner than numbers are made
_SHORTEST_STEM = 3  # a sign among them
# What kind of value a token is, before the random part: ``sk_live_``, ``v4.public.``, ``s%3A``.
_RANDOM_REST = re.compile(r"[A-Za-z0-9+/_.%=-]{16,}")
_KIND = re.compile(r"(?:[A-Za-z][A-Za-z0-9]{0,11}(?:[._:-]|%3[Aa]))+")


def tokens(text: str) -> list[str]:
    """Return the tokens of a text; joined they are the text."""
    cell = _LAST_CELL_OF_A_TIME.fullmatch(text)
    if cell is not None:
        return [*cell.groups()]
    if _is_simple(text):
        simple: list[str] = _SIMPLE_TOKENS.findall(text)
        return simple
    found: list[str] = _TOKENS.findall(text)
    if all(len(token) < SHORTEST_RANDOM for token in found):
        return found
    parts: list[str] = []
    for token in found:
        if len(token) < SHORTEST_RANDOM or not _RANDOM.fullmatch(token) or _is_value(token):
            parts.append(token)
        else:
            parts += _pieces(token)
    return parts


def _first_apart(one: str, other: str) -> int:
    """Return where two lines begin to be apart: at a sign before it at which tokens end.

    What stands before that is cut into the same tokens on both sides, and the rest into the same
    as in the whole.
    """
    if "://" in one or "://" in other or "\ufdd0" in one or "\ufdd0" in other:
        return 0
    shared = shared_beginning(one, other)
    end = _LAST_END.match(one, 0, shared)
    at = 0 if end is None else end.end() - 1
    if at == 0 or one[at + 1 : at + 2].isspace() or other[at + 1 : at + 2].isspace():
        return 0  # `Mon, 02 Mar` is one token
    return at


def _is_simple(text: str) -> bool:
    """Whether a text holds no link, marker, UUID, JWT or run that may be random."""
    if "://" in text or "\ufdd0" in text or "eyJ" in text:
        return False
    return _LONG_RUN.search(text) is None


def _is_value(run: str) -> bool:
    """Whether a run of letters, digits and signs is one value, not a path or words with hyphens."""
    if _UUID.fullmatch(run):
        return True
    if "/" in run and any(map(_WORD_OF_A_PATH.fullmatch, run.split("/"))):
        return False
    return is_random(run)


def is_random(run: str) -> bool:
    """Whether letters and digits follow each other as if by chance: ``q3Rt+0aZ…``."""
    if not _RANDOM.fullmatch(run) or _IDS.search(run):
        return False
    return changes_by_chance((run,))


def are_one_value(left: str, right: str) -> bool:
    """Whether two runs that share single signs are random: long ones, or short ones of one length
    and of letters of both kinds, in which the signs stand at other places (``tFZyXlpa0wF-``).
    """
    if is_random(left) and is_random(right):
        return True
    if not _SHORTEST_DRAWN <= len(left) == len(right):
        return False
    signs = [_SIGN.search(one) for one in (left, right) if _MIXED.fullmatch(one)]
    return len({one and one.start() for one in signs}) == 2


def changes_by_chance(runs: Iterable[str]) -> bool:
    """Whether letters and digits of some runs follow each other as if by chance, in all."""
    known = list(runs)
    return 6 * sum(len(_CHANGE.findall(run)) for run in known) >= sum(map(len, known))


def _pieces(run: str) -> Iterator[str]:
    """Yield the tokens of a run that is none by itself: an id in it stays whole, words are
    words.
    """
    for segment in _SLASH.split(run):
        if segment == "/" or (segment and _is_value(segment)):
            yield segment
            continue
        position = 0
        for found in _IDS.finditer(segment):
            yield from _PIECES_OF_A_RUN.findall(segment[position : found.start()])
            yield found[0]
            position = found.end()
        yield from _PIECES_OF_A_RUN.findall(segment[position:])


def telling(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the text in pieces, each with whether it may be a value that somebody made up."""
    if not may_tell(text):
        if text:
            yield text, False
        return
    position = 0
    for found in _TELLING.finditer(text):
        if found.start() > position:
            yield text[position : found.start()], False
        yield from ((piece, len(piece) >= 10) for piece in tokens(found[0]))
        position = found.end()
    if position < len(text):
        yield text[position:], False


def may_tell(text: str) -> bool:
    """Whether a text may hold a marker, an id, a token, a time or a long word."""
    if _LONG.search(text) is not None or _SHORTEST_TIME.search(text) is not None:
        return True
    return "\ufdd0" in text or "eyJ" in text


def shape(line: list[str]) -> str:
    """Return the tokens of a line with all values left out: equal for rows of one kind."""
    return "".join(
        "\0"
        if _DIGIT.search(token) or (len(token) >= SHORTEST_RANDOM and is_random(token))
        else token
        for token in line
    )


def is_word(token: str) -> bool:
    """Whether a token says something, beside blanks and signs that only separate."""
    return token[:1].isalnum() or any(character.isalnum() for character in token)


def shared_beginning(left: str, right: str) -> int:
    """Return how many characters two texts have in common at their beginnings."""
    low, high = 0, min(len(left), len(right))
    if high < _SHORT_TEXT and left.isascii() and right.isascii():
        ours, theirs = (
            int.from_bytes(text[:high].encode("utf-8", "surrogatepass"), "big")
            for text in (left, right)
        )
        return high - ((ours ^ theirs).bit_length() + 7) // 8  # the first bytes are the high ones
    while low < high:
        middle = (low + high + 1) // 2
        if left[low:middle] == right[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def alike(left: list[str], right: list[str]) -> bool:
    """Whether two lists of tokens have the same signs at the same places: they pair one by one."""
    if len(left) != len(right):
        return False
    for a, b in zip(left, right, strict=True):
        if a != b and not ((is_word(a) and is_word(b)) or (a.isspace() and b.isspace())):
            return False
    return True


def alike_in_place(
    lines: list[str], others: list[str], cut: Callable[[str], list[str]], *, is_cut: bool
) -> list[tuple[str, list[str], list[str]]] | None:
    """Return, for lines that are alike in their places, how each pair begins and the tokens of the
    rest; None where not all are alike. `cut` gives tokens; `is_cut`: others than `tokens` does.
    """
    if len(lines) != len(others):
        return None
    rows = []
    for line, other in zip(lines, others, strict=True):
        at = 0 if is_cut else _first_apart(line, other)
        left, right = cut(line[at:]), cut(other[at:])
        if not alike(left, right):
            return None
        rows.append((line[:at], left, right))
    return rows


def stems(left: str, right: str) -> tuple[int, int]:
    """Return how much two values share at their beginnings and ends, in whole words: ``nonce-``.

    What stands before a random part by rule is a literal. A single sign may be there by chance.
    """
    if not (_RANDOM.fullmatch(left) and _RANDOM.fullmatch(right)):
        return 0, 0
    if _UUID.fullmatch(left) or _UUID.fullmatch(right):
        return 0, 0
    shortest = min(len(left), len(right))
    start = next((at for at in range(shortest) if left[at] != right[at]), shortest)
    while start and left[start - 1] not in _SEPARATORS:
        start -= 1
    rest = shortest - start
    end = next((at for at in range(rest) if left[-1 - at] != right[-1 - at]), rest)
    while end and left[-end] not in _SEPARATORS:
        end -= 1
    return (
        start if start >= _SHORTEST_STEM else 0,
        end if end >= _SHORTEST_STEM else 0,
    )


def has_stem(first: str, again: str, names: tuple[str, ...]) -> bool:
    """Whether two codes share a word at an end by rule: ``LOT-0017``, ``cus_9xK2``, ``…-01``.

    `names` are the formats of both.
    """
    if names == ("duration",):
        return False
    may_share = first[:3] == again[:3] or first[-3:] == again[-3:]  # no stem is shorter
    if may_share and stems(first, again) != (0, 0):
        return True
    if first[:1] != again[:1] or not (first[:1].isalpha() and first[-1:].isdigit()):
        return False
    left, right = tokens(first), tokens(again)
    return (
        len(left) == len(right) > 1
        and left[0] == right[0]
        and left[0].isalpha()
        and formats_for((left[-1], right[-1])) == ("digits",)
    )


def kind_prefix(left: str, right: str) -> str:
    """Return the words that two tokens begin with by rule, with the sign behind them; or nothing.

    A random part has to follow: of two texts that are made up for people nothing is known.
    """
    if left == right or _UUID.match(left) or re.match(JWT, left):
        return ""
    found = _KIND.match(left[: shared_beginning(left, right)])
    if found is None or len(found[0]) < _SHORTEST_STEM:
        return ""
    rests = (left[found.end() :], right[found.end() :])
    return found[0] if all(map(_RANDOM_REST.fullmatch, rests)) else ""
