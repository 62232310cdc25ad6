"""What a side says of itself: its origin and its base path, in links, headers and cookies.

Each becomes the same on both sides, so that a link to oneself is a link to oneself. The scheme is a
part of an origin: ``http://`` to oneself behind ``https://`` is another link. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache, partial
from urllib.parse import quote, urlsplit

from pytest_cutover.core.exchange import Transcript
from pytest_cutover.normalize.byte_search import Hint, holds_any

# Noncharacters: reserved for use inside a program, never in text that is interchanged.
OPEN, CLOSE = "\ufdd0", "\ufdd1"
# Scheme, host, port and base path; host and port alone; what a path outside its base begins with.
ORIGIN, HOST, OUTSIDE = f"{OPEN}origin{CLOSE}", f"{OPEN}host{CLOSE}", f"{OPEN}outside{CLOSE}"
_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
# How a text spells a slash: as it is, in JSON of PHP, in a query.
_SLASHES = ("/", r"\/", "%2F", "%2f")
_LOSSLESS = "surrogateescape"
_NOT_BEFORE = r"(?<![\w/.:%~\\-])"
_NOT_AFTER = r"(?![\w.~-])"
_LONG_PORT = 4  # digits
_LINK_HEADERS = frozenset({"location", "content-location"})
_COOKIE_PATH = re.compile(r"(;\s*path=)(/[^;]*)", re.IGNORECASE)
_LINK = re.compile(r"<(/[^>]*)>")


@dataclass(frozen=True, slots=True)
class OwnAddress:
    """The address of one side: `text` and `body` put markers in its place.

    `hints`: a text that holds none of them has nothing of the address. `before`: what stands before
    a hint where it is of the address, for a port may be a number like others; empty for anything.
    `name_of_cookie` finds it in the name of a cookie: processes on one machine share their cookies.
    """

    hints: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    base: str = ""
    apart: bool = False
    name_of_cookie: re.Pattern[str] | None = None
    _text: Callable[[str], str] | None = None
    _body: Callable[[bytes], bytes] | None = None

    def text(self, text: str) -> str:
        """Return a text with markers."""
        if not any(_holds(text, hint, self.before) for hint in self.hints):
            return text
        if self._text is not None:
            return self._text(text)
        for old, new in self.pairs:
            if old in text:
                text = text.replace(old, new)
        return text

    def is_in(self, body: bytes) -> bool:
        """Whether a body may hold the address."""
        return holds_any(body, self.hints_in_bytes)

    @property
    def hints_in_bytes(self) -> list[Hint]:
        """What to look for in a body, and what stands before it there."""
        before = tuple(one.encode() for one in self.before)
        return [(hint.encode(), before) for hint in self.hints]

    def body(self, body: bytes) -> bytes:
        """Return a body with markers."""
        if not self.is_in(body):
            return body
        if self._body is not None:
            return self._body(body)
        for old, new in self.pairs:
            if old.encode() in body:
                body = body.replace(old.encode(), new.encode())
        return body

    def header(self, name: str, value: str) -> str:
        """Return the value of a header with markers, links that leave the own base among them."""
        lowered = name.lower()
        if self.base:
            if lowered in _LINK_HEADERS:
                value = self._outside(value)
            elif lowered == "link":
                value = _LINK.sub(lambda found: f"<{self._outside(found[1])}>", value)
            elif lowered == "set-cookie" and self.apart:
                value = _COOKIE_PATH.sub(lambda found: found[1] + self._outside(found[2]), value)
        if lowered == "set-cookie" and self.name_of_cookie is not None:
            name, equals, more = value.partition("=")
            value = self.name_of_cookie.sub(HOST, name) + equals + more
        return self.text(value)

    def _outside(self, path: str) -> str:
        below = path.startswith(self.base) and path[len(self.base) :][:1] in ("", "/", "?", "#")
        return path if below or not path.startswith("/") or path[:2] == "//" else OUTSIDE + path


def _holds(text: str, hint: str, before: tuple[str, ...]) -> bool:
    """Whether a text holds a hint behind one of `before`."""
    at = text.find(hint)
    while at >= 0 and before:
        if text.endswith(before, 0, at):
            return True
        at = text.find(hint, at + 1)
    return at >= 0


NOWHERE = OwnAddress()


def address_of(transcript: Transcript, beside: Transcript | None = None) -> OwnAddress:
    """Return the address of the side that a transcript is of.

    `beside` is the transcript of the other side. Where both have a base, a path of the suite that
    lost it is told from one below it; with one base only, the two would look alike.
    """
    url = next((e.request.base_url for e in transcript.exchanges if e.request.base_url), "")
    if not url:
        hosts = (
            value
            for exchange in transcript.exchanges
            for name, value in exchange.request.headers
            if name.lower() == "host"
        )
        host = next(hosts, "")
        return address(f"http://{host}") if host else NOWHERE
    if not urlsplit(url).path.strip("/"):
        return address(url)
    other = () if beside is None else beside.exchanges
    apart = any(urlsplit(e.request.base_url).path.strip("/") for e in other)
    segments: set[str] = set()
    if apart:
        targets = (e.request.path for e in (*transcript.exchanges, *other))
        segments = {path.split("/")[1] for path in targets if path.count("/")} - {""}
    return address(url, frozenset(segments), apart=apart)


@lru_cache(maxsize=256)
def address(
    base_url: str, segments: frozenset[str] = frozenset(), *, apart: bool = False
) -> OwnAddress:
    """Return the address of a base URL.

    A string of JSON that begins with one of `segments` and not with the base left the base.
    """
    parts = urlsplit(base_url)
    base = parts.path.rstrip("/")
    names = _names(parts.netloc.rpartition("@")[2])
    pairs = dict(
        pair for name in names for pair in _spelled(parts.scheme, name, with_name=":" in name)
    )
    ordered = tuple(sorted(pairs.items(), key=lambda pair: (-len(pair[0]), pair[0])))
    hints = _hints(names)
    if not base:
        ends = {name.rpartition(":")[0][-1] for name in names} if len(names) > 1 else set()
        before = sorted(ends | {"D", "d"}) if ends else ()  # `[::1]` ends in %5D
        return OwnAddress(hints, tuple(before), ordered, name_of_cookie=_in_a_name(names))
    steps = _steps(ordered, base, segments)
    last = base.rpartition("/")[2]
    return OwnAddress(
        (*hints, last, *sorted(segments)),
        (),
        ordered,
        base,
        apart,
        _in_a_name(names),
        lambda text: _run(text, steps),
        lambda body: _run(body.decode("utf-8", _LOSSLESS), steps).encode("utf-8", _LOSSLESS),
    )


def _names(host: str) -> tuple[str, ...]:
    """Return the names by which a client on this machine reaches the same socket."""
    name, colon, port = host.rpartition(":")
    if not colon or not port.isdigit():
        name, colon, port = host, "", ""
    if name not in _LOOPBACK or not port:
        return (host,)
    return tuple(f"{one}:{port}" for one in dict.fromkeys((name, *_LOOPBACK)))


def _in_a_name(names: tuple[str, ...]) -> re.Pattern[str]:
    """Return what finds host and port, or the port, at the end of a cookie's name: spelled with
    `-`, `_` or `.`, for a name has no colon. A port of four digits stands behind a letter too.
    """
    parts = [re.sub(r"[^A-Za-z0-9]+", "[-_.]", name.strip("[]")) for name in names]
    ports = [name.rpartition(":")[2] for name in names if ":" in name]
    ports = [port for port in dict.fromkeys(ports) if port.isdigit()]
    own = "|".join(dict.fromkeys((*parts, *ports)))
    long = "|".join(port for port in ports if len(port) >= _LONG_PORT)
    behind_a_letter = rf"|(?<=[A-Za-z])(?:{long})$" if long else ""
    return re.compile(rf"(?<=[-_.])(?:{own})$" + behind_a_letter)


def _hints(names: tuple[str, ...]) -> tuple[str, ...]:
    """Texts of which every spelling has one, for all names together where they share a port."""
    if len(names) > 1:
        ports = dict.fromkeys(name.rpartition(":")[2] for name in names)
        return (*(f":{port}" for port in ports), "%3")
    return (max(re.findall(r"[A-Za-z0-9._~-]+", names[0]), key=len, default=names[0]),)


def _spelled(scheme: str, name: str, *, with_name: bool) -> Iterable[tuple[str, str]]:
    for slash in _SLASHES:
        encoded = slash.startswith("%")
        colon, host = (":", name) if not encoded else ("%3A", quote(name, safe=""))
        if slash == "%2f":
            colon, host = colon.lower(), host.replace("%3A", "%3a")
        yield f"{scheme}{colon}{slash}{slash}{host}", ORIGIN
        yield f"{slash}{slash}{host}", f"{slash}{slash}{HOST}"
    if with_name:
        yield name, HOST


_Step = tuple[re.Pattern[str], Callable[[re.Match[str]], str]]


def _steps(
    pairs: tuple[tuple[str, str], ...], base: str, segments: frozenset[str]
) -> tuple[_Step, ...]:
    """Return what is replaced, in order, in a text of a side with a base path."""
    spelled = [base.replace("/", slash) for slash in _SLASHES]
    bases = "|".join(re.escape(one) for one in dict.fromkeys(spelled))
    steps: list[_Step] = []
    if segments:
        words = "|".join(re.escape(one) for one in sorted(segments))
        lost = rf'"(?!(?:{bases}){_NOT_AFTER})(?=\\?/(?:{words})(?![\w.~-]))'
        steps.append((re.compile(lost), partial(_constant, f'"{OUTSIDE}')))
    for old, new in pairs:
        if new == ORIGIN:
            pattern = re.compile(rf"{re.escape(old)}((?:{bases}){_NOT_AFTER})?")
            steps.append((pattern, lambda found: ORIGIN if found[1] else ORIGIN + OUTSIDE))
        else:
            steps.append((re.compile(re.escape(old)), partial(_constant, new)))
    for slash, one in zip(_SLASHES, spelled, strict=True):
        # Behind the origin the base is gone already: what stands there is a second one.
        own = rf"(?<!{ORIGIN}){_NOT_BEFORE}{re.escape(one)}"
        pattern = re.compile(rf"{own}{_NOT_AFTER}({re.escape(slash)})?")
        steps.append((pattern, partial(_constant, slash)))
    return tuple(steps)


def _constant(text: str, _found: re.Match[str]) -> str:
    return text


def _run(text: str, steps: tuple[_Step, ...]) -> str:
    for pattern, replacement in steps:
        text = pattern.sub(replacement, text)
    return text
