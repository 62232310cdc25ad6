"""What a test holds: an HTTP client bound to one side, and codes that are new in every run."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any

from pytest_cutover.backends.http import library as http
from pytest_cutover.backends.http.encoding import spelled
from pytest_cutover.backends.http.recorder import RecordingTransport
from pytest_cutover.backends.http.transport import SideTransport
from pytest_cutover.core.exchange import Exchange, Generated, Side, Transcript
from pytest_cutover.core.unique import new_unique


class Recorder:
    """The transcript of one test on one side, while it is being made.

    `generated` are codes that were made before it, in the login.
    """

    def __init__(
        self,
        test: str,
        side: Side,
        *,
        session_started_s: float,
        observe: Callable[[Exchange], None] = lambda _exchange: None,
        generated: Iterable[Generated] = (),
    ) -> None:
        self.test = test
        self.side = side
        self.exchanges: list[Exchange] = []
        self.generated = list(generated)
        self.refusals: list[str] = []
        self._session_started_s = session_started_s
        self._observe = observe

    def record(self, exchange: Exchange) -> None:
        """Keep an exchange, and let its secrets be known before anybody can print them."""
        self._observe(exchange)
        self.exchanges.append(exchange)

    def transcript(self, secret_values: frozenset[str] = frozenset()) -> Transcript:
        """What was recorded so far."""
        return Transcript(
            test=self.test,
            side=self.side,
            exchanges=tuple(self.exchanges),
            generated=tuple(self.generated),
            session_started_s=self._session_started_s,
            secrets=secret_values,
        )


class Backend(http.Client):
    """An `httpx.Client` bound to one backend; every request is recorded.

    `name` is ``baseline`` or ``candidate``. Redirects are not followed unless asked for, and never
    to another origin. `extra` is passed on to the client.
    """

    def __init__(
        self, side: Side, *, base_url: str, transport: http.BaseTransport, **extra: Any
    ) -> None:
        super().__init__(base_url=base_url, transport=transport, trust_env=False, **extra)
        self.side = side
        self._remember: Callable[[Generated], None] = lambda _generated: None

    @property
    def name(self) -> str:
        """Which side this is, as a word."""
        return str(self.side)

    def build_request(self, method: str, url: http.URL | str, **arguments: Any) -> http.Request:
        """Return the request that this client would send.

        A path is joined to the base URL as it stands, slashes and all, and not twice. Query, JSON
        and the boundary of an upload are written by us, alike under every version of the library.
        """
        absolute, rest = spelled(self.base_url, self.params, url, arguments)
        request = super().build_request(method, absolute, **rest)
        request.url = absolute
        if arguments.get("json") is not None and "content" in rest:
            request.headers.setdefault("content-type", "application/json")
        return request

    def unique(self, label: str, *, length: int | None = None) -> str:
        """Return a code that no run has used before: the label, then letters and digits.

        It is safe in names, mail addresses, paths and slugs, and in upper case where the label is.
        With `length` the whole code has exactly that many characters. Raises ValueError when that
        leaves too few of them to be new. The n-th code of the one side stands for the n-th of the
        other, so that reports and comparisons treat them as the same.
        """
        value = new_unique(label, length=length)
        self._remember(Generated(label=label, value=value))
        return value


def open_backend(
    inner: SideTransport,
    recorder: Recorder,
    *,
    endpoint_of: Callable[[str, str], str],
    headers: http.Headers | None = None,
    cookies: http.Cookies | None = None,
    auth: Any = None,
) -> Backend:
    """A client whose exchanges go to `recorder`; the caller closes it."""
    transport = RecordingTransport(
        inner,
        endpoint_of=endpoint_of,
        record=recorder.record,
        refused=recorder.refusals.append,
    )
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
            return f"{type(error).__name__}: {error}"
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


class _EndedError(Exception):
    """There is nothing left to wait for."""
