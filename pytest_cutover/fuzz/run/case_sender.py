"""Sends a case to one side and gives back its transcript; each side gets its own ids and codes."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from typing import Any, Final

from pytest_cutover.compare.confirm.both_sides import SideClient
from pytest_cutover.core.exchange import Exchange, Generated, Transcript
from pytest_cutover.core.json_pointer import get
from pytest_cutover.core.new_value import new_value
from pytest_cutover.fuzz.generate.case import Absent, Binding, Call, Case

_MOST_DRAWN: Final = 20


class CaseSender:
    """One side, asked case by case."""

    def __init__(self, client: SideClient) -> None:
        self._client = client
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
        body = None if isinstance(call.body, Absent) else call.payload()
        sent = self._client.send(
            call.endpoint, call.target(), call.sent_headers(), body, login=call.login
        )
        return sent is not None

    def _value(self, call: Call, binding: Binding, codes: dict[str, tuple[str, str]]) -> str | None:
        if binding.step is not None:
            own = earlier(self._client.exchanges, binding)
            if own is None or self._meant is None:
                return own
            wanted = self._meant(binding)
            offered = _values(self._client.exchanges[binding.step])
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


def _values(exchange: Exchange) -> set[str]:
    """Return the scalars of an answer, as text."""
    try:
        answer = json.loads(exchange.response.body) if exchange.response else None
    except (ValueError, RecursionError):
        return set()
    found: set[str] = set()
    rest = [answer]
    while rest:
        node = rest.pop()
        if isinstance(node, dict | list):
            rest += node.values() if isinstance(node, dict) else node
        else:
            found.add(str(node))
    return found


def earlier(exchanges: Sequence[Exchange], binding: Binding) -> str | None:
    """Return what an earlier answer of this side holds, as text; None keeps what the case says."""
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
