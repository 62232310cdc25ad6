"""One backend asked by `init`: GET and OPTIONS only, short, and never twice for one path."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from pytest_cutover.config.profiles import recognised

if TYPE_CHECKING:  # the client is imported when somebody is asked: other commands ask nobody
    from pytest_cutover.backends.http import library as http

_TIMEOUT_S: Final = 5.0
_START_S: Final = 5.0
_MOST_BYTES: Final = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """What one path answered. `status` 0: nothing came, and `problem` says why."""

    status: int
    content_type: str = ""
    body: bytes = field(default=b"", repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    problem: str = ""

    @property
    def json(self) -> Any:
        """The body as JSON; None where it is none."""
        with contextlib.suppress(ValueError, RecursionError):
            return json.loads(self.body)
        return None

    @property
    def text(self) -> str:
        """The body as text, whatever it is."""
        return self.body.decode("utf-8", "replace")

    @property
    def is_success(self) -> bool:
        """Whether it answered what was asked."""
        return 200 <= self.status < 300

    @property
    def is_page(self) -> bool:
        """Whether it is a page for people, as a server of a single-page app gives for any path."""
        return "html" in self.content_type

    @property
    def is_refused(self) -> bool:
        """Whether it wants a login."""
        return self.status in (401, 403)


class Asker:
    """Asks one side. `url` may have a base path, which all that is asked stands below."""

    def __init__(
        self, url: str, client: http.Client, credentials: tuple[str, str] | None = None
    ) -> None:
        self.url = url.rstrip("/")
        self._client = client
        self._credentials = credentials
        self._answers: dict[tuple[str, str], Answer] = {}

    def at_root(self) -> Asker:
        """Return the same side, asked without its base path."""
        return Asker(self.origin, self._client)

    def below(self, base: str) -> Asker:
        """Return the same side, asked below one more base path."""
        return Asker(self.url + base, self._client)

    def known_as(self, credentials: tuple[str, str]) -> Asker:
        """Return the same side, asked with a name and a password."""
        return Asker(self.url, self._client, credentials)

    def get(self, path: str) -> Answer:
        """Return what GET of a path answers; redirects are not followed."""
        return self._asked("GET", path)

    def first(self, path: str) -> Answer:
        """Return what GET of a path answers; a server that is about to start is waited for."""
        end_s = time.monotonic() + _START_S
        while not (answer := self._sent("GET", path)).status and time.monotonic() < end_s:
            time.sleep(0.2)
        return answer

    def options(self, path: str) -> Answer:
        """Return what OPTIONS of a path answers."""
        return self._asked("OPTIONS", path)

    @property
    def origin(self) -> str:
        """The URL without its base path."""
        scheme, _, rest = self.url.partition("://")
        return f"{scheme}://{rest.partition('/')[0]}"

    def profile(self) -> str:
        """Return the framework or server whose signature an answer carries; empty for none."""
        for answer in self._answers.values():
            headers: dict[str, Any] = dict(answer.headers)
            for profile in recognised(headers):
                return profile
        return ""

    def _asked(self, method: str, path: str) -> Answer:
        if (method, path) not in self._answers:
            self._answers[method, path] = self._sent(method, path)
        return self._answers[method, path]

    def _sent(self, method: str, path: str) -> Answer:
        from pytest_cutover.backends.http import library as http
        from pytest_cutover.backends.http.encoding import absolute_url

        try:
            url = absolute_url(http.URL(self.url), path)
            with self._client.stream(method, url, auth=self._credentials) as response:
                headers = {name.lower(): value for name, value in response.headers.items()}
                kind = headers.get("content-type", "").lower()
                if "event-stream" in kind:
                    return Answer(0, kind, problem="a stream without an end")
                parts, size = [], 0
                for part in response.iter_bytes():
                    parts.append(part)
                    size += len(part)
                    if size > _MOST_BYTES:
                        return Answer(0, kind, problem="a very large answer")
                return Answer(response.status_code, kind, b"".join(parts), headers)
        except (http.HTTPError, http.InvalidURL) as error:
            said = " ".join(str(error).split()) or type(error).__name__
            return Answer(0, problem=said)


@contextlib.contextmanager
def clients(headers: Mapping[str, str]) -> Iterator[http.Client]:
    """Return a client for both sides: no proxy of the environment, any certificate, no patience."""
    from pytest_cutover.backends.http import library as http

    with http.Client(
        trust_env=False, timeout=_TIMEOUT_S, verify=False, headers=dict(headers)
    ) as client:
        yield client
