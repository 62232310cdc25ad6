"""Texts for tests: pages, tables and lines with values that are other ones each time."""

from __future__ import annotations

import base64
import random
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from hypothesis import strategies as st

from pytest_cutover.compare.noise.constraints import formats_for
from pytest_cutover.compare.noise.texts.text_match import fits, match
from pytest_cutover.compare.noise.texts.text_template import align, piece_formats
from pytest_cutover.normalize.matchers import Placeholder, Template

START = datetime(2026, 11, 25, 22, 0, 1, tzinfo=UTC)
Chance = random.Random


def _moment(chance: Chance) -> datetime:
    return START + timedelta(seconds=chance.randrange(10**6), milliseconds=chance.randrange(1000))


def _date(form: str) -> Callable[[Chance], str]:
    return lambda chance: _moment(chance).strftime(form)


def _milliseconds(chance: Chance) -> str:
    return _moment(chance).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _zoned(chance: Chance) -> str:
    return _moment(chance).astimezone(timezone(timedelta(hours=2))).isoformat(timespec="seconds")


def _base64(chance: Chance) -> str:
    return base64.b64encode(chance.randbytes(18)).decode()


def _padded(chance: Chance) -> str:
    return base64.b64encode(chance.randbytes(32)).decode()


def _safe(chance: Chance) -> str:
    return base64.urlsafe_b64encode(chance.randbytes(33)).decode()


def _jwt(chance: Chance) -> str:
    head, body = b'{"alg":"HS256"}', b'{"sub":"%d"}' % chance.randrange(10**9)
    pieces = (head, body, chance.randbytes(32))
    return ".".join(base64.urlsafe_b64encode(one).decode().rstrip("=") for one in pieces)


# Each kind of value, and something that is none.
VALUES: dict[str, tuple[Callable[[Chance], str], str]] = {
    "base64": (_base64, "not-a-nonce!"),
    "padded base64": (_padded, "==="),
    "url-safe base64": (_safe, "?"),
    "hex": (lambda chance: chance.randbytes(16).hex(), "fff"),
    "uuid": (lambda chance: str(uuid.UUID(bytes=chance.randbytes(16), version=4)), "12-34"),
    "jwt": (_jwt, "eyJ"),
    "iso": (_milliseconds, "2026-13-41T99:00:00.000Z"),
    "zoned": (_zoned, "2026-11-25"),
    "sql": (_date("%Y-%m-%d %H:%M:%S"), "2026-11-25"),
    "http": (_date("%a, %d %b %Y %H:%M:%S GMT"), "Wed, 25 Nov 2026"),
    "mail": (_date("%a, %d %b %Y %H:%M:%S +0000"), "Wed, 25 Nov 2026"),
    "log": (_date("%d/%b/%Y:%H:%M:%S +0000"), "25/Nov/2026"),
    "c": (_date("%a %b %d %H:%M:%S %Y"), "Wed Nov 25"),
    "clock": (_date("%H:%M:%S"), "noon"),
    "epoch": (lambda chance: str(int(_moment(chance).timestamp())), "never"),
    "decimal": (lambda chance: f"{chance.randrange(10**6) / 1000:.3f}", "many"),
    "ip": (lambda chance: ".".join(str(chance.randrange(1, 255)) for _ in range(4)), "localhost"),
}
WORDS = ["alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel", "india"]


@dataclass(frozen=True)
class Piece:
    """A piece of a text: a literal, or a kind of value."""

    text: str = ""
    kind: str = ""

    def render(self, chance: Chance) -> str:
        return VALUES[self.kind][0](chance) if self.kind else self.text


Pieces = Sequence[Piece]


def rendered(pieces: Pieces, seed: int) -> str:
    """The text with new values for each seed."""
    chance = random.Random(seed)
    return "".join(piece.render(chance) for piece in pieces)


def part(left: str, right: str) -> Placeholder | str:
    """What a learner that knows neither clock nor secrets makes of two values."""
    return left if left == right else Placeholder(piece_formats(left, right))


def template_of(first: str, again: str) -> Template:
    """The template of two texts, which has to have a hole."""
    found = align(first, again, part)
    if isinstance(found, Placeholder):
        found = Template((Placeholder(formats_for((first, again))),))
    assert isinstance(found, Template)
    return found


def departs(template: Template, text: str) -> bool:
    """Whether a text does not follow, or has a value that does not fit."""
    found = match(template, text)
    return not found.follows or not all(fits(hole, value) for hole, value in found.pieces)


_KINDS = st.sampled_from(sorted(VALUES))
_WORDS = st.sampled_from(WORDS)
_NUMBERS = st.integers(1, 999).map(str)


@st.composite
def rows(draw: st.DrawFn) -> list[Piece]:
    """A line of text, of a table or of a page, with a value in it or none."""
    kind = draw(_KINDS)
    value = Piece(kind=kind)
    one, other, number = draw(_WORDS), draw(_WORDS), draw(_NUMBERS)
    forms: list[list[Piece]] = [
        [Piece(f"{one} {other} {number}\n")],
        [Piece(f"{one} at "), value, Piece(f" {other}\n")],
        [Piece(f"{number},{one},"), value, Piece(f",{other}\r\n")],
        [Piece(f'<p class="{one}" id="'), value, Piece(f'">{other} {number}</p>\n')],
        [Piece(f'<tr><td>{number}</td><td>{one}</td></tr>')],
        [Piece('<script nonce="'), value, Piece(f'">{one}()</script>')],
        [Piece(f'{{"{one}": "'), value, Piece(f'", "{other}": {number}}}\n')],
        [Piece(f"{one}="), value, Piece(f"&{other}={number}\n")],
        [Piece(f"[{one}] ("), value, Piece(f") {other}.\n")],
    ]  # fmt: skip
    return draw(st.sampled_from(forms))


def texts() -> st.SearchStrategy[list[Piece]]:
    """Texts with at least one value that is another each time."""
    return (
        st.lists(rows(), min_size=2, max_size=12)
        .map(lambda lines: [piece for line in lines for piece in line])
        .filter(lambda pieces: any(piece.kind for piece in pieces))
    )
