"""The client of `async def` tests: what `Backend` is, as an `httpx.AsyncClient`.

Its requests go through the very transport of the synchronous client, each in a thread of its own:
one pool, one transcript, one way to retry and to record, and nothing that belongs to an event loop.
Their place in the transcript is that in which they were asked for, whatever ended first.
"""

from __future__ import annotations

import functools
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import anyio
import anyio.to_thread

from pytest_cutover.backends.http import library as http
from pytest_cutover.backends.http.clear_cookies import kept_in_clear
from pytest_cutover.backends.http.client import Backend, PollTimeoutError
from pytest_cutover.backends.http.encoding import built
from pytest_cutover.backends.http.recording_transport import POLL, RecordingTransport
from pytest_cutover.backends.http.streaming import STREAM

_END = b""


class AsyncRecordingTransport(http.AsyncBaseTransport):
    """A `RecordingTransport` that does not hold up the event loop."""

    def __init__(self, inner: RecordingTransport) -> None:
        self._inner = inner
        self.retired = False

    async def handle_async_request(self, request: http.Request) -> http.Response:
        """Send one request in a thread, in the turn in which it was asked for."""
        if self.retired:
            raise RuntimeError("the test of this async_backend has ended: await what it asks")
        await request.aread()
        turn = self._inner.take_turn()
        send = functools.partial(self._inner.handle_in_turn, request, turn)
        response = await anyio.to_thread.run_sync(send, abandon_on_cancel=False)
        stream: http.AsyncByteStream = http.ByteStream(b"")
        if request.extensions.get(STREAM):
            stream = _Streamed(response)
        else:
            stream = http.ByteStream(b"".join(_raw_of(response)))
        return http.Response(
            status_code=response.status_code,
            headers=response.headers,
            stream=stream,
            extensions=response.extensions,
            request=request,
        )


class _Streamed(http.AsyncByteStream):
    """A live answer, read piece by piece in a thread."""

    def __init__(self, response: http.Response) -> None:
        self._response = response

    async def __aiter__(self) -> AsyncIterator[bytes]:
        parts = self._response.iter_raw()
        while part := await anyio.to_thread.run_sync(next, parts, _END):
            yield part

    async def aclose(self) -> None:
        with anyio.CancelScope(shield=True):
            await anyio.to_thread.run_sync(self._response.close)


def _raw_of(response: http.Response) -> Iterator[bytes]:
    stream = response.stream
    assert isinstance(stream, http.SyncByteStream)
    yield from stream


class AsyncBackend(http.AsyncClient):
    """An `httpx.AsyncClient` bound to one backend; every request is recorded.

    It shares side, transcript, credentials and codes with the `Backend` that it is made from.
    """

    def __init__(self, backend: Backend, transport: AsyncRecordingTransport) -> None:
        super().__init__(
            base_url=str(backend.base_url),
            transport=transport,
            headers=backend.headers,
            cookies=backend.cookies,
            auth=backend.auth,
            timeout=backend.timeout,
            trust_env=False,
        )
        self._backend = backend
        self._over = transport
        self._users: dict[str | None, AsyncBackend] = {}
        self.side = backend.side

    @classmethod
    def over(cls, backend: Backend) -> AsyncBackend:
        """Return an asynchronous client beside a synchronous one, into the same transcript."""
        return cls(backend, AsyncRecordingTransport(backend.recording))

    def retire(self) -> None:
        """Refuse what is asked from now on; there is nothing of an event loop to close."""
        self._over.retired = True
        for other in self._users.values():
            other.retire()

    @property
    def name(self) -> str:
        """Which side this is, as a word."""
        return str(self.side)

    @property
    def cookies(self) -> http.Cookies:
        """What later requests send."""
        return kept_in_clear(super().cookies, self.base_url)

    @cookies.setter
    def cookies(self, cookies: Any) -> None:
        self._cookies = http.Cookies(cookies)

    def build_request(self, method: str, url: http.URL | str, **arguments: Any) -> http.Request:
        """Return the request that this client would send; see `Backend.build_request`."""
        build = super().build_request
        return built(build, self.base_url, self.params, method, url, arguments)

    def unique(self, label: str, *, length: int | None = None) -> str:
        """Return a code that no run has used before; see `Backend.unique`."""
        return self._backend.unique(label, length=length)

    def as_user(self, name: str | None) -> AsyncBackend:
        """Return a client of the same side and transcript for another user; see `Backend`."""
        if name not in self._users:
            self._users[name] = AsyncBackend.over(self._backend.as_user(name))
        return self._users[name]

    async def poll(
        self,
        url: http.URL | str,
        *,
        until: Callable[[http.Response], Any],
        timeout_s: float = 10.0,
        interval_s: float = 0.1,
        method: str = "GET",
        **arguments: Any,
    ) -> http.Response:
        """Ask until something holds, and return the answer of which it did.

        As `Backend.poll`.
        """
        extensions = {**(arguments.pop("extensions", None) or {}), POLL: self._backend.next_poll()}
        end_s = anyio.current_time() + timeout_s
        while True:
            response = await self.request(method, url, extensions=dict(extensions), **arguments)
            if until(response):
                return response
            if anyio.current_time() + interval_s > end_s:
                raise PollTimeoutError.of(self.side, method, url, timeout_s, response)
            await anyio.sleep(interval_s)
