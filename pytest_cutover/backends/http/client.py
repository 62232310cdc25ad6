"""What a test holds: an HTTP client bound to one side, and codes that are new in every run.

`Backend` and `AsyncBackend` are one design: `httpx.Client` and `httpx.AsyncClient` that spell their
requests alike and write into one transcript.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from pytest_cutover.backends.http import library as http
from pytest_cutover.backends.http.clear_cookies import kept_in_clear
from pytest_cutover.backends.http.encoding import built
from pytest_cutover.backends.http.recorder import Recorder
from pytest_cutover.backends.http.recording_transport import POLL, RecordingTransport
from pytest_cutover.backends.http.streaming import STREAM, StreamedResponse
from pytest_cutover.backends.http.transport import SideTransport
from pytest_cutover.core.exchange import Generated, Side
from pytest_cutover.core.unique import new_unique


class PollTimeoutError(AssertionError):
    """What a test waited for did not come about in time."""

    @classmethod
    def of(
        cls,
        side: Side,
        method: str,
        url: http.URL | str,
        timeout_s: float,
        last: http.Response,
    ) -> PollTimeoutError:
        """Return the error that says how long was asked, and what came last."""
        return cls(
            f"{method} {url} on the {side} was asked for {timeout_s:g} s and never gave what was "
            f"waited for; its last answer was {last.status_code} {last.text[:200]!r}.\n"
            "Expected `until` to hold of an answer. Raise timeout_s if it may take longer."
        )


class Backend(http.Client):
    """An `httpx.Client` bound to one backend; every request is recorded.

    `name` is ``baseline`` or ``candidate``. Redirects are not followed unless asked for, and never
    to another origin. Beside what httpx has there are `unique`, `poll`, `as_user`, and a `stream`
    whose answer reads server-sent events. `extra` is passed on to the client.
    """

    def __init__(
        self, side: Side, *, base_url: str, transport: http.BaseTransport, **extra: Any
    ) -> None:
        super().__init__(base_url=base_url, transport=transport, trust_env=False, **extra)
        self.side = side
        self._remember: Callable[[Generated], None] = lambda _generated: None
        self._as_user: Callable[[str | None], Backend] | None = None
        self._users: dict[str | None, Backend] = {}
        self._polls = 0
        self._recording: RecordingTransport | None = None

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
        """Return the request that this client would send.

        A path is joined to the base URL as it stands, slashes and all, and not twice. Query, JSON
        and the boundary of an upload are written by us, alike under every version of the library.
        """
        build = super().build_request
        return built(build, self.base_url, self.params, method, url, arguments)

    def unique(self, label: str, *, length: int | None = None) -> str:
        """Return a code that no run has used before: the label, then letters and digits.

        It is safe in names, mail addresses, paths and slugs, and in upper case where the label is.
        With `length` the whole code has exactly that many characters. Raises ValueError when that
        leaves too few of them to be new. The n-th code of the one side stands for the n-th of the
        other, so that reports and comparisons treat them as the same.
        """
        value = new_unique(label, length=length, side=self.side)
        self._remember(Generated(label=label, value=value))
        return value

    @contextmanager
    def stream(
        self, method: str, url: http.URL | str, **arguments: Any
    ) -> Iterator[StreamedResponse]:
        """Send a request whose answer is given out as it arrives; what the test reads is compared.

        Leave the block when enough was read: ``next(answer.iter_lines())``, or
        ``answer.iter_events(count=3, seconds=5)`` for server-sent events. Nothing beyond it is
        waited for.
        """
        extensions = {**(arguments.pop("extensions", None) or {}), STREAM: True}
        with super().stream(method, url, extensions=extensions, **arguments) as response:
            # A redirect that was followed is read whole, the last answer is as it arrives.
            assert isinstance(response, StreamedResponse)
            yield response

    def poll(
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

        `until` is called with each answer. That answer is compared; how many it took is not.
        `interval_s` lies between two requests. Raises PollTimeoutError, an AssertionError, when
        `timeout_s` are over.
        """
        extensions = {**(arguments.pop("extensions", None) or {}), POLL: self.next_poll()}
        end_s = time.monotonic() + timeout_s
        while True:
            response = self.request(method, url, extensions=dict(extensions), **arguments)
            if until(response):
                return response
            if time.monotonic() + interval_s > end_s:
                raise PollTimeoutError.of(self.side, method, url, timeout_s, response)
            time.sleep(interval_s)

    @property
    def recording(self) -> RecordingTransport:
        """What writes this client's transcript. Raises RuntimeError where nothing does."""
        if self._recording is None:
            raise RuntimeError("this client was not opened to be recorded")
        return self._recording

    def next_poll(self) -> int:
        """Return the number of a poll that begins; each has one of its own in the transcript."""
        self._polls += 1
        return self._polls

    def as_user(self, name: str | None) -> Backend:
        """Return a client of the same side and transcript, logged in as somebody else.

        The project's ``cutover_login(backend, user)`` is called once a session with that name.
        None is nobody: no credentials are sent.
        """
        if self._as_user is None:
            raise RuntimeError(
                "as_user is for the clients of tests; this one was opened for a login or a check."
            )
        if name not in self._users:
            self._users[name] = self._as_user(name)
        return self._users[name]

    def close(self) -> None:
        """Close the client, and those that `as_user` gave out."""
        for other in self._users.values():
            other.close()
        super().close()

    def __exit__(self, *arguments: Any) -> None:
        """Close the client at the end of a block."""
        for other in self._users.values():
            other.close()
        super().__exit__(*arguments)


def open_backend(
    inner: SideTransport,
    recorder: Recorder,
    *,
    endpoint_of: Callable[[str, str], str],
    headers: http.Headers | None = None,
    cookies: http.Cookies | None = None,
    auth: Any = None,
    as_user: Callable[[str | None], Backend] | None = None,
) -> Backend:
    """Return a client whose exchanges go to `recorder`; the caller closes it.

    `as_user` opens one for somebody else, into the same transcript.
    """
    transport = RecordingTransport(inner, recorder, endpoint_of=endpoint_of)
    bounds = inner.bounds
    backend = Backend(
        inner.side,
        base_url=str(inner.base_url),
        transport=transport,
        headers=headers,
        cookies=cookies,
        auth=auth,
        timeout=http.Timeout(
            connect=bounds.connect_s,
            read=bounds.read_s,
            write=bounds.write_s,
            pool=bounds.connect_s,
        ),
    )
    backend._remember = recorder.generated.append
    backend._recording, backend._as_user = transport, as_user
    return backend


def wait_until_ready(
    inner: SideTransport,
    path: str,
    *,
    accepts: Callable[[int], bool],
    deadline_s: float,
    ended: Callable[[], str | None],
) -> str | None:
    """Ask `path` until it answers with an accepted status; None when it does, else the reason.

    `ended` gives a reason to stop waiting, such as that the process is no more.
    """
    from tenacity import RetryError, Retrying, retry_if_result, stop_after_delay, wait_fixed

    def ask() -> str | None:
        reason = ended()
        if reason is not None:
            raise _EndedError(reason)
        try:
            request = http.Request("GET", inner.base_url.join(path))
            request.extensions = {"timeout": http.Timeout(2.0).as_dict()}
            response, _ = inner.send(request)
        except (http.RequestError, OSError) as error:
            said = f"{type(error).__name__}: {error}"
            hint = _never(str(error))
            if hint:
                raise _EndedError(f"{said}\n{hint}") from None
            return said
        if accepts(response.status_code):
            return None
        return f"it answers {response.status_code}"

    try:
        Retrying(
            stop=stop_after_delay(deadline_s),
            wait=wait_fixed(0.05),
            retry=retry_if_result(lambda reason: reason is not None),
            sleep=time.sleep,
        )(ask)
    except _EndedError as error:
        return str(error)
    except RetryError as error:
        return str(error.last_attempt.result())
    return None


_HTTP2 = (
    "It does not speak HTTP/1.1, in which requests go out; HTTP/2 alone? Give as its `url` an "
    "address that takes HTTP/1.1, such as that of a proxy before it."
)
# What no waiting cures, by what the library says of it, and what helps.
_HOPELESS = (
    (
        "CERTIFICATE_VERIFY_FAILED",
        'Nobody here vouches for its certificate: `verify = "ca.pem"` beside its `url` names the '
        "authority that does, and `verify = false` believes any.",
    ),
    (
        "WRONG_VERSION_NUMBER",
        "It speaks no TLS there: is its `url` an http:// one, or the port another?",
    ),
    ("NO_APPLICATION_PROTOCOL", _HTTP2),
    ("illegal request line", _HTTP2),
    ("illegal status line", _HTTP2),
)


def _never(said: str) -> str:
    """Return what helps against a failure that waiting does not cure; empty for any other."""
    return next((hint for sign, hint in _HOPELESS if sign in said), "")


class _EndedError(Exception):
    """There is nothing left to wait for."""
