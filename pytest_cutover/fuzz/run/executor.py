"""Sends a case to one side and gives back its transcript; each side gets its own ids and codes."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable
from typing import Any, Final

from pytest_cutover.backends.http import library as http
from pytest_cutover.backends.http.client import Backend, Recorder
from pytest_cutover.backends.redaction.secrets import Secrets
from pytest_cutover.core.exchange import Exchange, Generated, Response, Side, Transcript
from pytest_cutover.core.json_pointer import get
from pytest_cutover.fuzz.generate.case import FRESH_LENGTH, Absent, Binding, Call, Case

_ALPHABET: Final = "23456789BCDFGHJKMNPQRSTVWXYZ"


class Asker:
    """One side, ready to be asked. The caller closes the client.

    Cookies that an answer sets are gone with the next case: no case depends on the one before.
    """

    def __init__(
        self, backend: Backend, recorder: Recorder, known: Secrets, *, cookies: Any = None
    ) -> None:
        self.side: Side = backend.side
        self.requests = 0
        self._backend = backend
        self._recorder = recorder
        self._secrets = known
        self._cookies = dict(cookies or {})
        self.endpoint = ""

    def ask(self, case: Case) -> Transcript:
        """The transcript of one sending of the case."""
        self.begin()
        fresh: dict[str, str] = {}
        for call in case.calls:
            values = {
                binding: value
                for binding in call.bindings
                if (value := self._value(call, binding, fresh)) is not None
            }
            if not self._send(call.with_values(values)):
                break
        return self.transcript()

    def begin(self, generated: Iterable[Generated] = ()) -> None:
        """Start a transcript of calls that are sent one by one."""
        self._recorder.exchanges.clear()
        self._recorder.generated[:] = generated
        self._backend.cookies = http.Cookies(self._cookies)

    def send(
        self, endpoint: str, target: str, headers: Iterable[tuple[str, str]], body: bytes | None
    ) -> Response | None:
        """Send one request; None where there is no answer: the exchange has the failure."""
        self.endpoint = endpoint
        self.requests += 1
        before = len(self._recorder.exchanges)
        try:
            self._backend.request(
                endpoint.partition(" ")[0],
                target,
                content=body,
                headers=[(_bytes(name), _bytes(value)) for name, value in headers],
                follow_redirects=False,
            )
        except (http.TransportError, http.DecodingError):
            return None
        recorded = self._recorder.exchanges[before:]
        return recorded[-1].response if recorded else None

    def transcript(self) -> Transcript:
        """What was said since `begin`."""
        return self._recorder.transcript(self._secrets.spellings())

    def _send(self, call: Call) -> bool:
        body = None if isinstance(call.body, Absent) else call.payload()
        sent = self.send(call.endpoint, call.target(), call.sent_headers(), body)
        return sent is not None

    def _value(self, call: Call, binding: Binding, fresh: dict[str, str]) -> str | None:
        if binding.step is not None:
            return _earlier(self._recorder.exchanges, binding)
        if binding.label not in fresh:
            sample = _sample(call, binding)
            if not isinstance(sample, str) or not sample:
                return None
            value, code = new_value(sample, binding.max_length)
            fresh[binding.label] = value
            self._recorder.generated.append(Generated(binding.label, code))
        return fresh[binding.label]


def new_value(sample: str, max_length: int | None) -> tuple[str, str]:
    """A text like the sample that was never used before, and the part of it that is new.

    A text with room for it keeps its length; a shorter one grows, as far as `max_length` allows.
    An address keeps its domain.
    """
    code = "".join(secrets.choice(_ALPHABET) for _ in range(FRESH_LENGTH))
    local, at, domain = sample.rpartition("@")
    if at and local and "." in domain:
        kept = local[: max(0, len(local) - FRESH_LENGTH)] if len(local) > FRESH_LENGTH else ""
        return f"{kept}{code.lower()}@{domain}", code.lower()
    if len(sample) >= FRESH_LENGTH * 2:
        return sample[:-FRESH_LENGTH] + code, code
    if max_length is None:
        return f"{sample}-{code}", code
    if max_length < FRESH_LENGTH:
        code = code[: max(max_length, 1)]
        return code, code
    return sample[: max(0, max_length - FRESH_LENGTH - 1)] + "-" * (max_length > 12) + code, code


def _sample(call: Call, binding: Binding) -> Any:
    kind, _, name = binding.place.partition("/")
    if kind == "path":
        return call.path.get(name)
    if kind in ("query", "header"):
        return dict(call.query if kind == "query" else call.headers).get(name)
    return None if isinstance(call.body, Absent | bytes) else get(call.body, "/" + name)


def _earlier(exchanges: list[Exchange], binding: Binding) -> str | None:
    """What an earlier answer of this side holds, as text; None keeps what the case says."""
    if binding.step is None or binding.step >= len(exchanges):
        return None
    response = exchanges[binding.step].response
    if response is None:
        return None
    if binding.pointer.startswith("/headers/"):
        return response.header(binding.pointer.removeprefix("/headers/"))
    try:
        value = get(json.loads(response.body), binding.pointer)
    except (ValueError, RecursionError):
        return None
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return str(value)


def _bytes(value: str) -> bytes:
    return value.encode("latin-1", "replace")
