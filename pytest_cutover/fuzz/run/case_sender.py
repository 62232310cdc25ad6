"""Sends a case to one side and gives back its transcript; each side gets its own ids and codes."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Collection, Sequence
from itertools import count
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from pytest_cutover.compare.confirm.both_sides import SideClient
from pytest_cutover.compare.confirm.throttled import TOO_MANY, Patience, retry_after_s
from pytest_cutover.core.exchange import Exchange, Generated, Response, Transcript
from pytest_cutover.core.json_pointer import escape, get
from pytest_cutover.core.new_value import new_value
from pytest_cutover.fuzz.generate.case import Absent, Binding, Call, Case
from pytest_cutover.fuzz.generate.pages import LINK_HEADER, OF_LINK, in_link, next_of
from pytest_cutover.fuzz.generate.references import LAST_OF_LOCATION

_MOST_DRAWN: Final = 20
# In a process, for sides that limit the rate.
_LONGEST_WAIT_S: Final = 30.0


class CaseSender:
    """One side, asked case by case."""

    def __init__(self, client: SideClient) -> None:
        self.limited: dict[str, None] = {}  # endpoints at which this side limited the rate
        self._client = client
        self._patience = Patience(_LONGEST_WAIT_S)
        self._meant: Callable[[Binding], Collection[str]] | None = None
        self._used: set[str] = set()

    def __call__(
        self,
        case: Case,
        codes: dict[str, tuple[str, str]],
        meant: Callable[[Binding], Collection[str]] | None = None,
    ) -> Transcript:
        """Return the transcript of one sending of the case.

        `codes` are the new codes by their labels: those that are there are used. `meant` gives
        what the other side had in a place and what stands for that here: where this side offers
        one of them too, it is taken, wherever it stands.
        """
        self._meant = meant
        self._client.begin()
        for label, (_, code) in codes.items():
            self._client.note(Generated(label, code))
        for call in case.calls:
            values = {
                binding: value
                for binding in call.bindings
                if (value := self._value(call, binding, codes)) is not None
            }
            if not self._send(call.with_values(values)):
                break
        return self._client.transcript()

    def _send(self, call: Call) -> bool:
        """Send one request, and again where the side limits the rate and says how long to wait."""
        body = None if isinstance(call.body, Absent) else call.payload()
        for tries in count():
            sent = self._client.send(
                call.endpoint, call.target(), call.sent_headers(), body, login=call.login
            )
            if sent is None or sent.status != TOO_MANY:
                break
            self.limited[call.endpoint] = None
            # Nothing was done: what the application says is not known yet.
            wait_s = self._patience.wait_s(retry_after_s(sent, time.time()), tries=tries)
            if wait_s is None:
                break
            time.sleep(wait_s)
            self._client.forget_last()
        return sent is not None

    def _value(self, call: Call, binding: Binding, codes: dict[str, tuple[str, str]]) -> str | None:
        if binding.step is not None:
            own = earlier(self._client.exchanges, binding)
            if own is None or self._meant is None:
                return own
            wanted = self._meant(binding)
            offered = _values(self._client.exchanges[binding.step], _member(binding.pointer))
            return next((value for value in wanted if value in offered), own)
        if binding.label not in codes:
            sample = _sample(call, binding)
            if not isinstance(sample, str) or not sample:
                return None
            # Of short codes there are few.
            for _ in range(_MOST_DRAWN):
                value, code = new_value(sample, binding.max_length, binding.pattern)
                if value not in self._used:
                    break
            self._used.add(value)
            codes[binding.label] = value, code
            self._client.note(Generated(binding.label, code))
        return codes[binding.label][0]


def _sample(call: Call, binding: Binding) -> Any:
    kind, _, name = binding.place.partition("/")
    if kind == "path":
        return call.path.get(name)
    if kind in ("query", "header"):
        return dict(call.query if kind == "query" else call.headers).get(name)
    return None if isinstance(call.body, Absent | bytes) else get(call.body, "/" + name)


def _member(pointer: str) -> str:
    """Return the name of the member that a pointer leads to, in whichever row."""
    return next((one for one in reversed(pointer.split("/")) if not one.isdigit()), "")


def _values(exchange: Exchange, member: str) -> set[str]:
    """Return the scalars that an answer has under the name of a member, as text.

    Elsewhere a number is another thing: 18 milliseconds are no id.
    """
    try:
        answer = json.loads(exchange.response.body) if exchange.response else None
    except (ValueError, RecursionError):
        return set()
    found: set[str] = set()
    rest: list[tuple[str, Any]] = [("", answer)]
    while rest:
        name, node = rest.pop()
        if isinstance(node, dict):
            rest += [(escape(str(key)), value) for key, value in node.items()]
        elif isinstance(node, list):
            rest += [(name, value) for value in node]
        elif name == member:
            found.add(str(node))
    return found


def located(response: Response) -> str | None:
    """Return the last segment of where an answer says that the new thing is; None for nowhere."""
    path = urlsplit(response.header("location") or "").path.rstrip("/")
    return unquote(path.rpartition("/")[2]) or None


def earlier(exchanges: Sequence[Exchange], binding: Binding) -> str | None:
    """Return what an earlier answer of this side holds, as text; None keeps what the case says."""
    if binding.step is None or binding.step >= len(exchanges):
        return None
    response = exchanges[binding.step].response
    if response is None:
        return None
    if binding.pointer == LAST_OF_LOCATION:
        return located(response)
    pointer, in_a_link, parameter = binding.pointer.partition(OF_LINK)
    if in_a_link and pointer == LINK_HEADER:
        return in_link(next_of(response.header("link") or "") or "", parameter)
    if pointer.startswith("/headers/"):
        return response.header(pointer.removeprefix("/headers/"))
    try:
        value = get(json.loads(response.body), pointer)
    except (ValueError, RecursionError):
        return None
    if in_a_link:
        return in_link(value, parameter) if isinstance(value, str) else None
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return str(value)
