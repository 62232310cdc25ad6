"""Both sides opened by hand, for requests that no test function sends: generated, or recorded.

Each side is logged in to once and asked request by request; what it answers is a transcript, as
that of a test is. Used by `fuzz` and `replay`, which know nothing of each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from functools import cached_property
from typing import Any, Final

import pytest

from pytest_cutover.backends.http import library as http
from pytest_cutover.backends.http.client import Backend, open_backend
from pytest_cutover.backends.http.recorder import Recorder
from pytest_cutover.backends.lifecycle import BothBackends
from pytest_cutover.backends.login import Credentials
from pytest_cutover.backends.redaction.secrets import Secrets, is_secret_name
from pytest_cutover.backends.session import Session
from pytest_cutover.compare.confirm.rulebook import Rulebook
from pytest_cutover.core.exchange import Exchange, Generated, Response, Side, Transcript

# Of the client itself: a request may say something else without giving up who it is.
_CLIENTS_OWN: Final = frozenset(
    {"accept", "accept-encoding", "connection", "user-agent", "content-type", "content-length"}
)


_BROKEN_ESCAPE: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")
# A percent sign that is none of an escape, as the library writes it.
_ESCAPED_TWICE: Final = re.compile(r"%25(?=zz)")
_NO_TOKEN: Final = "cutover-no-such-token"


class SideClient:
    """One side, ready to be asked; `credential_names` are the headers that its login gave.

    Cookies that an answer sets are gone when the next transcript begins: none depends on the one
    before.
    """

    def __init__(
        self,
        backend: Backend,
        recorder: Recorder,
        known: Secrets,
        credentials: Credentials,
        configured: Mapping[str, str],
    ) -> None:
        self.side: Side = backend.side
        self.requests = 0
        self.endpoint = ""
        self._backend = backend
        self._recorder = recorder
        self._secrets = known
        self._cookies = dict(credentials.cookies)
        self._auth = credentials.auth
        self.credential_names = frozenset(
            name.lower() for name in credentials.headers if name.lower() not in _CLIENTS_OWN
        )
        # What the configuration adds to every request may lead it to the right backend.
        added = {name.lower() for name in configured}
        self._removable = {
            name for name in self.credential_names if name not in added or is_secret_name(name)
        }

    @property
    def exchanges(self) -> list[Exchange]:
        """What was said since `begin`."""
        return self._recorder.exchanges

    def begin(self, generated: Iterable[Generated] = ()) -> None:
        """Start a transcript."""
        self._recorder.exchanges.clear()
        self._recorder.generated[:] = generated
        self._backend.cookies = http.Cookies(self._cookies)

    def forget_last(self) -> None:
        """Take the last exchange out of the transcript: it is sent again."""
        del self._recorder.exchanges[-1:]

    def note(self, generated: Generated) -> None:
        """Know a value that was made up for this transcript."""
        self._recorder.generated.append(generated)

    def send(
        self,
        endpoint: str,
        target: str,
        headers: Iterable[tuple[str, str]],
        body: bytes | None,
        *,
        login: str = "",
    ) -> Response | None:
        """Send one request; None where there is no answer: the exchange has the failure.

        What the login gave is not replaced by `headers`, but left out where `login` is ``none`` and
        made wrong where it is ``bad``. A `target` is sent as it is, broken escapes included. A
        request that our own client refuses to send leaves no exchange: it says nothing about a
        backend.
        """
        self.endpoint = endpoint
        self.requests += 1
        before = len(self._recorder.exchanges)
        try:
            request = self._backend.build_request(
                endpoint.partition(" ")[0],
                target,
                content=body,
                headers=list(self._own(headers)),
            )
            _keep_target(request, target)
            if login:
                self._change_login(request, login)
                self._backend.send(request, auth=None, follow_redirects=False)
            else:
                self._backend.send(request, follow_redirects=False)
        except (http.LocalProtocolError, http.InvalidURL):
            del self._recorder.exchanges[before:]
            return None
        except (http.TransportError, http.DecodingError):
            return None
        recorded = self._recorder.exchanges[before:]
        return recorded[-1].response if recorded else None

    def _own(self, headers: Iterable[tuple[str, str]]) -> Iterable[tuple[bytes, bytes]]:
        """Yield the headers but for those of the login; cookies stand beside the login's."""
        cookies = []
        for name, value in headers:
            if name.lower() == "cookie":
                cookies += [part.strip() for part in value.split(";")]
            elif name.lower() not in self.credential_names:
                yield _bytes(name), _bytes(value)
        others = [one for one in cookies if one.partition("=")[0] not in self._cookies]
        if others:
            known = [f"{name}={value}" for name, value in self._cookies.items()]
            yield b"Cookie", _bytes("; ".join([*known, *others]))

    @property
    def logged_in(self) -> bool:
        """Whether the login gave anything that can be left out."""
        return bool(self._removable or self._cookies or self._auth)

    def _change_login(self, request: http.Request, login: str) -> None:
        for name in self._removable:
            given = request.headers.pop(name, "")
            if login == "bad" and given:
                scheme = given.partition(" ")[0] if " " in given else ""
                request.headers[name] = f"{scheme} {_NO_TOKEN}".strip()
        cookies = request.headers.pop("cookie", "")
        if login == "bad" and cookies:
            names = [part.partition("=")[0].strip() for part in cookies.split(";")]
            request.headers["Cookie"] = "; ".join(f"{name}={_NO_TOKEN}" for name in names)

    def transcript(self) -> Transcript:
        """Return what was said since `begin`."""
        return self._recorder.transcript(self._secrets.spellings(), self._secrets.credentials())


class BothSides:
    """The baseline and the candidate as clients, opened when they are first asked.

    `problem` says in a line why they cannot be asked; empty where they can.
    """

    def __init__(
        self,
        config: pytest.Config,
        run: Session,
        backends: BothBackends,
        session: pytest.Session,
        *,
        name: str,
    ) -> None:
        self._run, self._backends, self._name = run, backends, name
        self._closing = ExitStack()
        backends.start(config)
        self.problem = next(iter(run.problems.values()), "").partition("\n")[0]
        self._request = _NoTest(config, session)

    def close(self) -> None:
        """Close both clients; the connections are the session's."""
        self._closing.close()

    @cached_property
    def baseline(self) -> SideClient:
        """The backend in service."""
        return self._opened(Side.BASELINE)

    @cached_property
    def candidate(self) -> SideClient:
        """The backend that is to replace it."""
        return self._opened(Side.CANDIDATE)

    @cached_property
    def rulebook(self) -> Rulebook:
        """How this target's transcripts are compared."""
        known = Rulebook.of(self._run.plan.config, self._run.plan.target)
        return known.launched_between(self._run.launched_s)

    @property
    def urls(self) -> Mapping[Side, str]:
        """Where the sides answer."""
        return self._run.urls

    def _opened(self, side: Side) -> SideClient:
        run = self._run
        recorder = Recorder(
            self._name, side, session_started_s=run.plan.started_s, observe=run.secrets.observe
        )
        credentials = self._backends.credentials(self._request, side)
        box: list[SideClient] = []
        backend = open_backend(
            run.transport(side),
            recorder,
            endpoint_of=lambda _method, _path: box[0].endpoint,
            headers=credentials.headers,
            auth=credentials.auth,
        )
        self._closing.enter_context(backend)
        box.append(
            SideClient(backend, recorder, run.secrets, credentials, run.plan.spec(side).headers)
        )
        return box[0]


class _NoTest:
    """What a login needs of pytest's request, where there is no test function to ask for it."""

    def __init__(self, config: pytest.Config, session: pytest.Session) -> None:
        self.config = config
        self.session = session
        self.node = session

    def getfixturevalue(self, argname: str) -> Any:
        """Refuse: there is no test whose fixtures could be asked for."""
        raise LookupError(
            f"cutover_login uses the fixture {argname}, which generated and recorded requests do "
            "not have; log in in the hook pytest_cutover_login(backend) of conftest.py"
        )


def _keep_target(request: http.Request, target: str) -> None:
    """Have a path with a broken escape sent as it is: the library would escape it once more."""
    if not _BROKEN_ESCAPE.search(target):
        return
    raw = request.url.raw_path.decode("ascii")
    request.extensions = {
        **request.extensions,
        "target": _ESCAPED_TWICE.sub("%", raw).encode("ascii"),
    }


def _bytes(value: str) -> bytes:
    return value.encode("latin-1", "replace")
