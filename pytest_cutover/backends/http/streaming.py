"""Answers that are given out as they arrive, and noted as far as the test read them.

A stream of events has no end: what is compared is what the test took, line by line where it read
lines, so that neither the cutting of the network nor what was read ahead counts. Called by
`recorder`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol, TypeVar

from pytest_cutover.backends.http import library as http

Part = TypeVar("Part")
# Of a request's `extensions`: its answer is to be given out as it arrives.
STREAM = "cutover_stream"


class LiveAnswer(Protocol):
    """An answer whose head is here and whose body is still arriving."""

    response: http.Response

    def parts(self) -> Iterator[bytes]:
        """Give out the raw body as it arrives. Raises the library's errors."""

    def close(self) -> None:
        """Let go of the connection."""


class OnEnd(Protocol):
    """Called once, with what the test has read of an answer."""

    def __call__(self, read: bytes, *, whole: bool, error: Exception | None) -> None:
        """Take what was read; `error` is what ended the reading, where something did."""


@dataclass(frozen=True, slots=True)
class Event:
    """A server-sent event: its type (``message`` where none is said), data and last id."""

    event: str
    data: str
    id: str = ""
    retry_ms: int | None = None


class _LiveStream(http.SyncByteStream):
    def __init__(self, live: LiveAnswer) -> None:
        self._live = live
        self.error: Exception | None = None
        self.ended = False

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self._live.parts()
            self.ended = True
        except http.TransportError as error:
            self.error = error
            raise

    def close(self) -> None:
        self._live.close()


class StreamedResponse(http.Response):
    """An `httpx.Response` that notes what was taken from it, by whichever reader."""

    def __init__(self, live: LiveAnswer, *, request: http.Request, ended: OnEnd) -> None:
        self._taken: list[bytes] = []
        self._reader: str | None = None
        self._ended: OnEnd | None = ended
        self._source = _LiveStream(live)
        super().__init__(
            status_code=live.response.status_code,
            headers=live.response.headers,
            stream=self._source,
            extensions=live.response.extensions,
            request=request,
        )

    def iter_raw(self, chunk_size: int | None = None) -> Iterator[bytes]:
        """Give out the body as it arrives, still encoded."""
        return self._noting("raw", super().iter_raw(chunk_size), bytes)

    def iter_bytes(self, chunk_size: int | None = None) -> Iterator[bytes]:
        """Give out the body as it arrives, decoded."""
        return self._noting("bytes", super().iter_bytes(chunk_size), bytes)

    def iter_text(self, chunk_size: int | None = None) -> Iterator[str]:
        """Give out the body as text."""
        return self._noting("text", super().iter_text(chunk_size), _encoded)

    def iter_lines(self) -> Iterator[str]:
        """Give out the body line by line, without their ends."""
        return self._noting("lines", super().iter_lines(), lambda line: _encoded(line) + b"\n")

    def iter_events(
        self, *, count: int | None = None, seconds: float | None = None
    ) -> Iterator[Event]:
        """Give out server-sent events; at most `count`, and none that ends after `seconds`.

        Comments are skipped. An event counts when the blank line behind it has arrived.
        """
        until = None if seconds is None else time.monotonic() + seconds
        outer, self._reader = self._reader, "events"
        given = 0
        lines: list[str] = []
        try:
            for line in self.iter_lines():
                if until is not None and time.monotonic() > until:
                    return
                if line.strip():
                    lines += [] if line.startswith(":") else [line]
                    continue
                event = _event(lines)
                if event is not None:
                    if outer is None:
                        self._taken.append(_encoded("\n".join([*lines, "", ""])))
                    given += 1
                    yield event
                if count is not None and given >= count:
                    return
                lines = []
        finally:
            self._reader = outer

    def close(self) -> None:
        """Let go of the connection; what was read until now is what counts."""
        super().close()
        ended, self._ended = self._ended, None
        if ended is not None:
            ended(b"".join(self._taken), whole=self._source.ended, error=self._source.error)

    def _noting(
        self, reader: str, parts: Iterator[Part], encoded: Callable[[Part], bytes]
    ) -> Iterator[Part]:
        # Lines are read through text, that through bytes: the outermost is what the test took.
        outer = self._reader is None
        if outer:
            self._reader = reader
        try:
            for part in parts:
                if outer:
                    self._taken.append(encoded(part))
                yield part
        finally:
            if outer:
                self._reader = None


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _event(lines: list[str]) -> Event | None:
    """Return the event that some lines are; None where they hold neither a type nor data."""
    fields: dict[str, list[str]] = {}
    for line in lines:
        name, _, value = line.partition(":")
        fields.setdefault(name, []).append(value.removeprefix(" "))
    if "data" not in fields and "event" not in fields:
        return None
    retry = fields.get("retry", [""])[-1]
    return Event(
        event=fields.get("event", [""])[-1] or "message",
        data="\n".join(fields.get("data", [])),
        id=fields.get("id", [""])[-1],
        retry_ms=int(retry) if retry.isdigit() else None,
    )
