"""Values that a server works out from what it was sent: a checksum of a name, a code cut out of it.

Where the test sends another name to each side, and in each round, the checksum is another one as
well, and its form alone says nothing. But where the baseline's is the checksum of what the baseline
was sent, the candidate's has to be that of what the candidate was sent; what was sent to both
alike, a file of an upload too, has one checksum. Looked for are the hashes that everybody uses,
whole or their beginning, in hex, base64, as a UUID or a number, and parts of the text itself; what
is worked out in another way is held to its form. Pure.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import hashlib
import re
import uuid
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final, NamedTuple
from urllib.parse import unquote

from pytest_cutover.compare.diff.ids.correspondence import text_of
from pytest_cutover.compare.diff.ids.drawn_order import spelled
from pytest_cutover.compare.noise import signed
from pytest_cutover.compare.noise.lists.rows import leaves
from pytest_cutover.core.exchange import Transcript
from pytest_cutover.normalize.body import Body
from pytest_cutover.normalize.normalized import NormalizedExchange

OF_SOMETHING_ELSE: Final = "of what was sent → of something else"
_HEX: Final = re.compile(r"[0-9a-f]{8,128}|[0-9A-F]{8,128}")
_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_RANDOM_UUID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-.{12}")
_BASE64: Final = re.compile(r"[A-Za-z0-9+/_-]{6,88}={0,2}")
_LABELLED: Final = re.compile(r"(?:W/)?\"?(?:(?:md5|sha-\d+|sha\d*|crc32)[=:-]:?)?(.*?):?\"?", re.I)
_NUMBER: Final = re.compile(r"-?\d{5,10}")
_KEY: Final = 8  # characters of a hash by which it is looked up
_MOST_SENT, _MOST_GIVEN = 40, 16
_LONGEST_SOURCE: Final = 65_536
_SHORTEST_PART: Final = 6
_LONGEST_WORD: Final = 256
_SHORTEST_NUMBER: Final = 5
_SPACES: Final = (uuid.NAMESPACE_DNS, uuid.NAMESPACE_URL, uuid.NAMESPACE_OID, uuid.NAMESPACE_X500)

Sent = tuple[str, str, int]  # to the baseline, to the candidate, and with which exchange
Hash = Callable[[bytes], str]
Way = Callable[[str], str]


def _named(name: str) -> Hash:
    def hashed(content: bytes) -> str:
        return hashlib.new(name, content, usedforsecurity=False).hexdigest()

    return hashed


def _by_name(make: Callable[[uuid.UUID, str], uuid.UUID], space: uuid.UUID) -> Hash:
    return lambda content: make(space, content.decode("utf-8", "replace")).hex


_USUAL: Final[tuple[Hash, ...]] = tuple(map(_named, ("md5", "sha1", "sha256")))
_HASHES: Final[tuple[Hash, ...]] = (
    *_USUAL,
    *map(_named, ("sha512", "sha224", "sha384", "sha3_256", "blake2b")),
    lambda content: hashlib.blake2b(content, digest_size=16).hexdigest(),
    lambda content: hashlib.blake2s(content).hexdigest(),
    lambda content: f"{zlib.crc32(content):08x}",
    lambda content: f"{zlib.adler32(content):08x}",
    lambda content: hashlib.sha1(  # as git names what it keeps
        b"blob %d\0" % len(content) + content, usedforsecurity=False
    ).hexdigest(),
    *(_by_name(make, space) for make in (uuid.uuid3, uuid.uuid5) for space in _SPACES),
)
_WAYS: Final[tuple[Way, ...]] = (str, str.lower, str.upper, str.strip, lambda text: text + "\n")
_SPELLINGS: Final[tuple[Way, ...]] = (
    *(str, str.lower, str.upper, str.strip, str.title, str.capitalize),
    lambda text: text.strip().lower(),
)
_TURNED: Final[tuple[Way, ...]] = (
    *(str, str.lower, str.upper, str.swapcase),
    *(lambda text: text[::-1], lambda text: text[::-1].lower(), lambda text: text[::-1].upper()),
    *(lambda text: base64.b64encode(_as_bytes(text)).decode(),),
    *(lambda text: base64.urlsafe_b64encode(_as_bytes(text)).decode().rstrip("="),),
    *(lambda text: _as_bytes(text).hex(),),
)


class _Found(NamedTuple):
    """A hash of what the baseline was sent, and how it came about."""

    whole: str
    hashed: Hash
    way: Way
    source: int


class _Part(NamedTuple):
    """A text that the baseline was sent, turned or packed, and how."""

    whole: str
    way: Way
    source: int


def sent_to_both(
    baseline: Transcript,
    candidate: Transcript,
    read: tuple[Sequence[NormalizedExchange], Sequence[NormalizedExchange]],
    made: tuple[Mapping[str, str], Mapping[str, str]],
) -> Iterator[Sent]:
    """Yield what each side was sent in the place of what the other was, codes of the test first,
    and with which exchange.

    `read` are the exchanges in comparable form, `made` what the markers in them stand for.
    """
    for one, other in zip(baseline.generated, candidate.generated, strict=False):
        yield one.value, other.value, 0
    for at, (ours, theirs) in enumerate(zip(*read, strict=False)):
        for part in ("target", "body"):
            left, right = (_leaves_of(getattr(side.request, part)) for side in (ours, theirs))
            if len(left) == len(right):
                for text, other_text in zip(left, right, strict=True):
                    yield spelled(text, made[0]), spelled(other_text, made[1]), at
    for at, pair in enumerate(zip(baseline.exchanges, candidate.exchanges, strict=False)):
        left_body, right_body = (one.request.body for one in pair)
        if left_body and max(len(left_body), len(right_body)) <= _LONGEST_SOURCE:
            yield _as_text(left_body), _as_text(right_body), at
            contents = map(_contents_of_parts, (left_body, right_body))
            yield from ((one, other, at) for one, other in zip(*contents, strict=False))


def _contents_of_parts(body: bytes) -> Iterator[str]:
    """Yield what the parts of a multipart body hold; nothing for a body of another kind."""
    delimiter, line_end, parts = body.partition(b"\r\n")
    if line_end and delimiter.startswith(b"--"):
        for part in parts.split(line_end + delimiter):
            yield _as_text(part.partition(b"\r\n\r\n")[2])


def _leaves_of(tree: Any) -> list[str]:
    if isinstance(tree, Body):
        tree = tree.tree
    if isinstance(tree, str) and tree.startswith("/"):
        tree = [unquote(piece) for piece in re.split(r"[/?&=]", tree)]
    return [text for _, text in leaves(tree) if isinstance(text, str)]


def _as_text(content: bytes) -> str:
    return content.decode("utf-8", "surrogateescape")


def _as_bytes(text: str) -> bytes:
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # JSON may spell half of a pair
        return text.encode("utf-8", "replace")


@dataclass(slots=True)
class Derived:
    """What was sent to the two sides, and all that is worked out from it.

    `sent` is asked once; `given` holds what answers gave out so far, by name, and grows.
    """

    sent: Callable[[], Iterable[Sent]]
    given: Mapping[tuple[str, str], str]
    _known: dict[tuple[str, str], int] | None = None  # and the exchange that sent it first
    _listed: list[tuple[str, str]] = field(default_factory=list)  # what is known, by its number
    _hashes: dict[str, list[_Found]] = field(default_factory=dict)
    _parts: dict[str, list[_Part]] = field(default_factory=dict)
    _alike: dict[str, None] = field(default_factory=dict)  # what both sides were sent
    _of_alike: dict[str, list[str]] | None = None
    _heard: int = 0

    def departs(self, base: Any, cand: Any) -> bool:
        """Return whether the baseline's value is worked out from what the baseline was sent, and
        the candidate's not in the same way from what the candidate was sent.
        """
        left, right = text_of(base), text_of(cand)
        if left is None or right is None or left == right or len(left) < _SHORTEST_NUMBER:
            return False
        known = self._learned()
        if not (known or self._alike):
            return False
        hashes = _as_hex(left)
        if not (hashes or self._parts):
            return False
        if _RANDOM_UUID.fullmatch(left) or signed.said_in(left) is not None:
            return False  # what is signed is another one in each second, and says what it says
        told = [*self._expected(left, hashes, known), *self._expected_of_alike(hashes)]
        return bool(told) and not any(_is_spelled(right, one) for one in told)

    def follows(self, base: Any, cand: Any, *, exchange: int) -> bool:
        """Return whether two texts are what each side was sent, in one spelling, with a request
        that was no later than the exchange in which they are answered: what a test read there, and
        sends back, it did not make up.
        """
        if not (isinstance(base, str) and isinstance(cand, str)):
            return False
        known = self._learned()
        return any(
            way(left) == base and way(right) == cand and not self._are_of_both(left, right)
            for left, right in known
            if self._sent_at(left, right) <= exchange
            for way in _SPELLINGS
        )

    def _sent_at(self, left: str, right: str) -> int:
        return self._known[left, right] if self._known is not None else 0

    def _are_of_both(self, *pair: str) -> bool:
        """Whether each of two texts was sent to either side: things, in another order, and none
        that the test made up for one.
        """
        sides = [set(texts) for texts in zip(*self._listed, strict=True)]
        return all(text in self._alike or all(text in texts for texts in sides) for text in pair)

    def _learned(self) -> list[tuple[str, str]]:
        if self._known is None:
            self._known = {}
            for left, right, at in self.sent():
                if left == right:
                    self._learn_alike(left)
                elif len(self._known) < _MOST_SENT and self._learn(
                    (left, right), self._known, _HASHES, _WAYS, at
                ):
                    self._turn(left, len(self._known) - 1)
        if len(self.given) > self._heard < _MOST_GIVEN:
            new = list(islice(self.given.items(), self._heard, _MOST_GIVEN))
            self._heard += len(new)
            for (_, left), right in new:
                self._learn((left, right), self._known, _USUAL, (str,))
        if len(self._listed) < len(self._known):
            self._listed = list(self._known)
        return self._listed

    def _learn(
        self,
        pair: tuple[str, str],
        known: dict[tuple[str, str], int],
        hashes: Iterable[Hash],
        ways: Sequence[Way],
        sent_at: int = 0,
    ) -> bool:
        """Work out the hashes of what the baseline was sent; False for what tells nothing."""
        if pair[0] == pair[1] or pair in known or max(map(len, pair)) > _LONGEST_SOURCE:
            return False
        at, text = len(known), pair[0]
        known[pair] = sent_at
        spellings = {way(text): way for way in reversed(ways)}
        for spelling, way in spellings.items():
            content = _as_bytes(spelling)
            for hashed in hashes:
                whole = hashed(content)
                self._hashes.setdefault(whole[:_KEY], []).append(_Found(whole, hashed, way, at))
        return True

    def _learn_alike(self, text: str) -> None:
        if len(self._alike) < _MOST_SENT and len(text) <= _LONGEST_SOURCE:
            self._alike[text] = None

    def _turn(self, text: str, at: int) -> None:
        if not _SHORTEST_PART <= len(text) <= _LONGEST_WORD:
            return
        for way in _TURNED:
            whole = way(text)
            for key in {whole[:_SHORTEST_PART], whole[-_SHORTEST_PART:]}:
                self._parts.setdefault(key, []).append(_Part(whole, way, at))

    def _expected(
        self, left: str, hashes: Sequence[str], known: Sequence[tuple[str, str]]
    ) -> Iterator[str]:
        """Yield what the candidate's value may be, as the baseline's spells it; a hash in hex."""
        for hexadecimal in hashes:
            for found in self._hashes.get(hexadecimal[:_KEY], ()):
                if found.whole.startswith(hexadecimal):
                    source = found.way(known[found.source][1])
                    yield found.hashed(_as_bytes(source))[: len(hexadecimal)]
        for part in self._parts.get(left[:_SHORTEST_PART], ()):
            if part.whole.startswith(left) and part.whole != left:
                yield part.way(known[part.source][1])[: len(left)]
        for part in self._parts.get(left[-_SHORTEST_PART:], ()):
            if part.whole.endswith(left) and left != known[part.source][0]:
                turned = part.way(known[part.source][1])
                yield turned if part.whole == left else turned[-len(left) :]

    def _expected_of_alike(self, hashes: Sequence[str]) -> Iterator[str]:
        """Yield the same of what both sides were sent: one text has one hash on the two."""
        if not (hashes and self._alike):
            return
        if self._of_alike is None:
            self._of_alike = {}
            for text in self._alike:
                for hashed in _HASHES:
                    whole = hashed(_as_bytes(text))
                    self._of_alike.setdefault(whole[:_KEY], []).append(whole)
        for hexadecimal in hashes:
            for whole in self._of_alike.get(hexadecimal[:_KEY], ()):
                if whole.startswith(hexadecimal):
                    yield whole[: len(hexadecimal)]


def of_bodies(base: bytes, cand: bytes) -> Derived:
    """Return what is worked out from two bodies, as a validator of them is."""
    return Derived(lambda: [(_as_text(base), _as_text(cand), 0)], {})


def _is_spelled(text: str, expected: str) -> bool:
    return text == expected or expected in _as_hex(text)


def _as_hex(text: str) -> list[str]:
    """Return the hashes, in hex, that a text may be."""
    found: list[str] = []
    if text[4:5] == text[7:8] == "-" and text[13:14] == text[16:17] == ":" and len(text) > 19:
        return found  # a time, as most are written: no hash is, whatever label it has
    labelled = _LABELLED.fullmatch(text)
    bare = labelled[1] if labelled else text
    if _HEX.fullmatch(bare):
        found.append(bare.lower())
    elif _UUID.fullmatch(bare):
        found.append(bare.replace("-", "").lower())
    if _NUMBER.fullmatch(bare) and -(2**31) <= int(bare) < 2**32:
        found.append(f"{int(bare) % 2**32:08x}")
    if _BASE64.fullmatch(bare) and len(bare.rstrip("=")) % 4 != 1:
        plain = bare.rstrip("=").translate(_URL_SAFE)
        with contextlib.suppress(ValueError, binascii.Error):
            found.append(base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True).hex())
    return [one for one in found if len(one) >= _KEY]


_URL_SAFE: Final = str.maketrans("-_", "+/")
