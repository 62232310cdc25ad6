"""The record of what was said: an `Exchange` for every request of a client that left.

A `RecordingTransport` stands around the `SideTransport` of its side, and tells the recorder of the
test what was sent and what came back, as the client was told it.
"""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace

from pytest_cutover.backends.http import library as http
from pytest_cutover.backends.http.encoding import base_path, origin, relative_target
from pytest_cutover.backends.http.recorder import Recorder
from pytest_cutover.backends.http.streaming import STREAM, StreamedResponse
from pytest_cutover.backends.http.transport import (
    SURPLUS,
    UNASKED,
    BodyTooLargeError,
    RefusedError,
    SideTransport,
    disconnected,
)
from pytest_cutover.core.exchange import Exchange, Failure, FailureKind, Request, Response

# Of a request's `extensions`: the number of the poll that it belongs to.
POLL = "cutover_poll"
_SLICE_BYTES = 64
_GZIP_MAGIC = b"\x1f\x8b"
# Enough to recognise what it was.
_KEPT_OF_TOO_LARGE_BYTES = 1000


class RecordingTransport(http.BaseTransport):
    """Writes an `Exchange` for every request of one test into its recorder."""

    def __init__(
        self,
        inner: SideTransport,
        recorder: Recorder,
        *,
        endpoint_of: Callable[[str, str], str],
    ) -> None:
        self._inner = inner
        self._recorder = recorder
        self._endpoint_of = endpoint_of
        self._base = base_path(inner.base_url)
        self._base_url = origin(inner.base_url) + self._base

    def take_turn(self) -> int:
        """Take a place in the transcript for a request that is about to be handled."""
        return self._recorder.take_turn()

    def handle_request(self, request: http.Request) -> http.Response:
        """Check, send and record one request."""
        return self.handle_in_turn(request, self.take_turn())

    def handle_in_turn(self, request: http.Request, turn: int) -> http.Response:
        """Do so for a request that has its turn in the transcript; the turn is given back."""
        streaming = False
        try:
            sent = self._sent(request)
            started_s = time.time()
            if request.extensions.get(STREAM):
                response = self._streamed(request, sent, started_s, turn)
                streaming = True
                return response
            return self._whole(request, sent, started_s, turn)
        finally:
            if not streaming:
                self._recorder.give_turn_back()

    def _sent(self, request: http.Request) -> Exchange:
        """Return the request as it will be recorded. Raises RefusedError where it must not be
        sent.
        """
        try:
            self._inner.check(request)
        except RefusedError as error:
            self._recorder.refusals.append(str(error))
            raise
        sent_target: bytes = request.extensions.get("target", request.url.raw_path)
        sent = Request(
            method=request.method,
            target=relative_target(sent_target.decode("ascii"), self._base),
            headers=_decoded(request.headers.raw),
            body=request.read(),
            base_url=self._base_url,
        )
        endpoint = self._endpoint_of(sent.method, sent.path)
        poll = request.extensions.get(POLL, 0)
        return Exchange(sent, None, endpoint, poll=poll)

    def _whole(
        self, request: http.Request, sent: Exchange, started_s: float, turn: int
    ) -> http.Response:
        failure: Failure | None = None
        received: http.Response | None
        try:
            received, raw = self._inner.send(request)
        except http.TransportError as error:
            received, raw = getattr(error, "cutover_partial", (None, b""))
            failure = _failure(error, partial=received is not None)
            self._note(sent, received, raw, failure, started_s=started_s, turn=turn)
            raise
        failure = self._note(
            sent, received, raw, _surplus(received), started_s=started_s, turn=turn
        )
        if failure is not None and failure.kind is FailureKind.TOO_LARGE:
            # The client would unpack what we did not.
            raise BodyTooLargeError(failure.message, request=request)
        return http.Response(
            status_code=received.status_code,
            headers=received.headers,
            stream=http.ByteStream(raw),
            extensions=received.extensions,
            request=request,
        )

    def _streamed(
        self, request: http.Request, sent: Exchange, started_s: float, turn: int
    ) -> http.Response:
        """Give the answer out as it arrives; what was read is recorded when it is closed."""
        try:
            live = self._inner.open(request)
        except http.TransportError as error:
            failure = _failure(error, partial=False)
            self._note(sent, None, b"", failure, started_s=started_s, turn=turn)
            raise

        def ended(read: bytes, *, whole: bool, error: Exception | None) -> None:
            failure = None
            if isinstance(error, http.TransportError):
                failure = _failure(error, partial=True)
            seen = replace(sent, whole=whole)
            head = live.response
            try:
                self._keep(seen, head, read, failure, started_s=started_s, turn=turn)
            finally:
                self._recorder.give_turn_back()

        return StreamedResponse(live, request=request, ended=ended)

    def close(self) -> None:
        """Nothing: the connections belong to the session."""

    def _note(
        self,
        sent: Exchange,
        received: http.Response | None,
        raw: bytes,
        failure: Failure | None,
        *,
        started_s: float,
        turn: int,
    ) -> Failure | None:
        """Record the exchange; returns its failure, found in the body or before."""
        body = raw
        if received is not None:
            body, coding_failure = _decode(received, raw, self._inner.bounds.max_body_bytes)
            failure = failure or coding_failure
            if failure is not None and failure.kind is FailureKind.TOO_LARGE:
                body = body[:_KEPT_OF_TOO_LARGE_BYTES]
        self._keep(sent, received, body, failure, started_s=started_s, turn=turn)
        return failure

    def _keep(
        self,
        sent: Exchange,
        received: http.Response | None,
        body: bytes,
        failure: Failure | None,
        *,
        started_s: float,
        turn: int,
    ) -> None:
        response = None
        if received is not None:
            response = Response(
                status=received.status_code,
                headers=_decoded(received.headers.raw),
                body=body,
                http_version=_text(received.extensions.get("http_version", b"HTTP/1.1")),
                reason=_text(received.extensions.get("reason_phrase", b"")),
            )
        exchange = replace(
            sent, response=response, failure=failure, started_s=started_s, ended_s=time.time()
        )
        self._recorder.record(exchange, turn)


def _text(value: object) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _decoded(raw: list[tuple[bytes, bytes]]) -> tuple[tuple[str, str], ...]:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in raw)


def _surplus(received: http.Response) -> Failure | None:
    """Return the failure of an answer that goes on after its end."""
    unasked = received.extensions.get(UNASKED)
    if unasked:
        count = _bytes_counted(unasked)
        return Failure(FailureKind.UNASKED, f"{count} of a body where none may be")
    surplus = received.extensions.get(SURPLUS)
    if not surplus:
        return None
    count = _bytes_counted(surplus)
    return Failure(FailureKind.SURPLUS, f"{count} arrived after the end of the answer")


def _bytes_counted(data: bytes) -> str:
    return f"{len(data)} byte{'s' * (len(data) > 1)}"


def _decode(received: http.Response, raw: bytes, cap: int) -> tuple[bytes, Failure | None]:
    """Undo Content-Encoding, up to the cap; the raw bytes where that fails."""
    coding = received.headers.get("content-encoding", "").strip().lower()
    if not coding or not raw:
        return raw, None
    surplus = b""
    try:
        if coding in ("gzip", "x-gzip"):
            body, surplus = _gunzip(raw, cap)
        else:
            body = _unpacked(received, raw, cap)
    except (http.DecodingError, zlib.error) as error:
        return raw, Failure(FailureKind.CODING, f"the body is not {coding}: {error}")
    if body is None:
        return raw, Failure(FailureKind.TOO_LARGE, f"unpacked, the body passed {cap} bytes")
    if surplus:
        count = _bytes_counted(surplus)
        return body, Failure(FailureKind.PADDED, f"{count} stand after the end of the gzip data")
    return body, None


def _gunzip(raw: bytes, cap: int) -> tuple[bytes | None, bytes]:
    """Return the unpacked members, None above the cap, and what follows them that is no member.

    Raises `zlib.error`, also where the end of a member is missing.
    """
    parts: list[bytes] = []
    left, rest = cap + 1, raw
    while not parts or rest.startswith(_GZIP_MAGIC):
        unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
        parts.append(unpacker.decompress(rest, left))
        left -= len(parts[-1])
        if left <= 0:
            return None, b""
        if not unpacker.eof:
            raise zlib.error("it ends early")
        rest = unpacker.unused_data
    return b"".join(parts), rest


class _Slices(http.SyncByteStream):
    """A body in small pieces: a few bytes of some codings unpack to megabytes."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw

    def __iter__(self) -> Iterator[bytes]:
        for start in range(0, len(self._raw), _SLICE_BYTES):
            yield self._raw[start : start + _SLICE_BYTES]


def _unpacked(received: http.Response, raw: bytes, cap: int) -> bytes | None:
    """Return the body as the library unpacks it; None above the cap. Raises `DecodingError`."""
    copy = http.Response(
        status_code=received.status_code, headers=received.headers, stream=_Slices(raw)
    )
    parts: list[bytes] = []
    size = 0
    for part in copy.iter_bytes():
        parts.append(part)
        size += len(part)
        if size > cap:
            return None
    return b"".join(parts)


def _failure(error: http.TransportError, *, partial: bool) -> Failure:
    """Return the failure that an error of the library stands for."""
    message = str(error) or type(error).__name__
    kind = FailureKind.RESET
    if isinstance(error, BodyTooLargeError):
        kind = FailureKind.TOO_LARGE
    elif isinstance(error, http.TimeoutException):
        kind = FailureKind.TIMEOUT
        message = f"{type(error).__name__}: {message}"
    elif partial:
        kind = FailureKind.TRUNCATED
    elif isinstance(error, http.ConnectError):
        kind = FailureKind.CONNECT
    elif isinstance(error, http.RemoteProtocolError) and not disconnected(error):
        kind = FailureKind.GARBAGE
    return Failure(kind, message)
