"""What was said on the wire: one request, and the response to it, as bytes.

These values are written by the recording transport and read by every room above. They hold no
behaviour of httpx, so that the pure rooms never see a client library.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

# Methods that ask and change nothing.
READS: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class Side(StrEnum):
    """Which of the two backends."""

    BASELINE = "baseline"
    CANDIDATE = "candidate"

    @property
    def other(self) -> Side:
        """The opposite side."""
        return Side.CANDIDATE if self is Side.BASELINE else Side.BASELINE


class FailureKind(StrEnum):
    """What was wrong with an exchange; with the last two there is a whole response all the same."""

    CONNECT = "connect"  # no connection: refused, unresolved, TLS
    TIMEOUT = "timeout"  # connect, read, write or the total deadline
    RESET = "reset"  # closed or reset before the first byte of a response
    TRUNCATED = "truncated"  # closed in mid-body, or a broken chunk
    GARBAGE = "garbage"  # not HTTP
    TOO_LARGE = "too-large"  # the body passed the cap and was not read further
    CODING = "coding"  # the body is not what Content-Encoding says
    SURPLUS = "surplus"  # bytes after the end of the answer: its length is wrong
    UNASKED = "unasked-body"  # a body where HTTP has none: an answer to HEAD, 204, 304
    PADDED = "padded"  # bytes after the end of what Content-Encoding packed


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no whole response; `message` is one sentence without secrets."""

    kind: FailureKind
    message: str


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it was sent; headers keep order.

    `target` is path and query, percent-encoded and relative to `base_url`: scheme, host and base
    path of the backend, without a slash at the end. A base belongs to its side, not to the request.
    """

    method: str
    target: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    base_url: str = ""

    @property
    def path(self) -> str:
        """The target without its query."""
        return self.target.partition("?")[0]


@dataclass(frozen=True, slots=True)
class Response:
    """A response as it arrived.

    Headers are decoded as latin-1 and keep order, case and repetitions. `body` is what a client
    reads after Content-Encoding is undone; where that failed it is the raw bytes.
    """

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    http_version: str = "HTTP/1.1"
    reason: str = ""

    def header(self, name: str) -> str | None:
        """Return the first value of a header, by its name in any case."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and what came back.

    `endpoint` is ``METHOD /path/{template}``. A truncated exchange has both a (partial) response
    and a failure. `started_s` and `ended_s` are seconds since the epoch, by this machine's clock:
    they let a learner tell a clock reading from a constant. `poll` numbers the polls of a test from
    1 (0: none): the exchanges of one are one question, and its last answer counts. Where the test
    stopped reading an answer before its end, `whole` is False and the body is what it read.
    """

    request: Request
    response: Response | None
    endpoint: str
    failure: Failure | None = None
    started_s: float = 0.0
    ended_s: float = 0.0
    poll: int = 0
    whole: bool = True


OF_THE_LOGIN: Final = " of the login"
"""Stands behind the label of a value that the login made, and not a test."""


@dataclass(frozen=True, slots=True)
class Generated:
    """A value that `backend.unique` made for this run: never the same again, known to be so."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Transcript:
    """The exchanges of one test on one backend, in order.

    `test` is the node id without the side. `generated` holds the values made by `backend.unique`,
    in the order of their making: the n-th on one side stands for the n-th on the other. `secrets`
    must not be shown; those of them that are `credentials` are each side's own.
    """

    test: str
    side: Side
    exchanges: tuple[Exchange, ...] = ()
    generated: tuple[Generated, ...] = ()
    session_started_s: float = 0.0
    secrets: frozenset[str] = frozenset()
    credentials: frozenset[str] = frozenset()
