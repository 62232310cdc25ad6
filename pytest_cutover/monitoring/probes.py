"""Read-only, user-facing probes: what a user would do, asked at the users' address."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from pytest_cutover.backends.http import library as http
from pytest_cutover.backends.http.client import Backend
from pytest_cutover.backends.http.transport import READING_METHODS, RefusedError
from pytest_cutover.checklist.commands import run
from pytest_cutover.checklist.context import Context
from pytest_cutover.config.command import Command
from pytest_cutover.config.monitoring import ProbeKind, ProbeSpec
from pytest_cutover.core.exchange import Side
from pytest_cutover.monitoring.samples import ProbeResult

# One that fails is asked again at once: a rollback is too dear for one lost packet.
_TRIES = 2
# While a probe runs nothing else is seen: it may take a scrape interval, or this.
_LEAST_S = 5.0


def probe_all(
    probes: Sequence[ProbeSpec], public: Backend | None, context: Context
) -> list[ProbeResult]:
    """Every probe, once, in order; stops at the first that fails."""
    found = []
    for probe in probes:
        found.append(_probe(probe, public, context))
        if found[-1].ok is False:
            break
    return found


def _probe(probe: ProbeSpec, public: Backend | None, context: Context) -> ProbeResult:
    ok: bool | None = None
    said = ""
    for _ in range(_TRIES):
        try:
            ok, said = _once(probe, public, context)
        except RefusedError as error:
            ok, said = None, str(error)
        except http.TransportError as error:
            ok, said = False, type(error).__name__
        if ok is not False:
            break
    return ProbeResult(name=probe.name, kind=probe.kind, ok=ok, message=context.scrub(said))


def _once(probe: ProbeSpec, public: Backend | None, context: Context) -> tuple[bool | None, str]:
    if probe.command is not None:
        ran = run(_short(probe.command, context), context)
        if ran.problem:
            return None, f"`{ran.shown}` {ran.problem}"
        last = ran.tail.strip().splitlines()[-1:] or [""]
        return ran.succeeded, f"`{ran.shown}` ended with status {ran.status} {last[0]}".strip()
    if public is None:
        return None, "no address: [checklist.switch] url says where users come in"
    assert probe.request is not None
    method, _, path = probe.request.partition(" ")
    if not _may_send(method, probe, context):
        return None, f"refused: {probe.request} writes, and this target does not allow writes"
    response = public.request(method, path, json=probe.json)
    if response.status_code not in probe.status:
        wanted = ", ".join(map(str, probe.status))
        return False, f"{probe.request} answered {response.status_code}, expected {wanted}"
    if not probe.compare:
        return True, ""
    with context.client(Side.BASELINE) as baseline:
        try:
            other = baseline.request(method, path)
        except http.TransportError as error:
            return None, f"the baseline cannot be asked: {type(error).__name__}"
    if same_json(response.content, other.content):
        return True, ""
    return False, f"{probe.request} differs from the baseline's answer"


def _short(command: Command, context: Context) -> Command:
    """The command with a time limit under which the watch goes on looking."""
    table = context.table.monitoring
    longest_s = max(_LEAST_S, table.interval if table is not None else 0.0)
    return replace(command, timeout=min(command.timeout, longest_s))


def _may_send(method: str, probe: ProbeSpec, context: Context) -> bool:
    """Reading, logging in, and what the target allows."""
    reads = method in READING_METHODS or probe.kind is ProbeKind.LOGIN
    return reads or context.plan.target.may_write


def same_json(first: bytes, second: bytes) -> bool:
    """Whether two bodies say the same, the order of arrays and of members aside."""
    try:
        return bool(_sorted(json.loads(first)) == _sorted(json.loads(second)))
    except ValueError:
        return first == second


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _sorted(item) for key, item in value.items()}
    if isinstance(value, list):
        return sorted((_sorted(item) for item in value), key=lambda item: json.dumps(item))
    return value
