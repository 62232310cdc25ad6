"""Read-only, user-facing probes: what a user would do, asked at the users' address.

A status or a value that is not as expected is a failure. An answer that departs from the
baseline's, by the engine that compares tests, is told and looked into.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pytest_cutover.backends.http import library as http
from pytest_cutover.backends.http.client import Backend
from pytest_cutover.backends.http.transport import READING_METHODS, RefusedError
from pytest_cutover.checklist.checks.http import unexpected
from pytest_cutover.checklist.commands import run
from pytest_cutover.checklist.context import Context
from pytest_cutover.config.command import Command
from pytest_cutover.config.monitoring import ProbeKind, ProbeSpec
from pytest_cutover.core.exchange import Exchange
from pytest_cutover.monitoring.probe_noise import ProbeNoise
from pytest_cutover.monitoring.samples import ProbeResult

# One that fails is asked again at once: a rollback is too dear for one lost packet.
_TRIES = 2
# While a probe runs nothing else is seen: it may take a scrape interval, or this.
_LEAST_S = 5.0


class Prober:
    """Asks the probes of a watch; `public` is a client of the users' address, if there is one.

    What the client hears is in `heard`.
    """

    def __init__(self, context: Context, public: Backend | None, heard: list[Exchange]) -> None:
        self._context = context
        self._public = public
        self._heard = heard
        self._noise = ProbeNoise.of(context)

    def ask(self, probes: Sequence[ProbeSpec]) -> tuple[ProbeResult, ...]:
        """Ask every probe, once, in order; stop at the first that fails."""
        found: list[ProbeResult] = []
        for probe in probes:
            found.append(self._probe(probe))
            if found[-1].ok is False:
                break
        return tuple(found)

    def _probe(self, probe: ProbeSpec) -> ProbeResult:
        result = ProbeResult(name=probe.name, kind=probe.kind, ok=None)
        for _ in range(_TRIES):
            try:
                result = self._once(probe, result)
            except RefusedError as error:
                result = replace(result, ok=None, message=str(error))
            except http.TransportError as error:
                result = replace(result, ok=False, message=type(error).__name__)
            if result.ok is not False and not result.departure:
                break
        scrub = self._context.scrub
        return replace(result, message=scrub(result.message), departure=scrub(result.departure))

    def _once(self, probe: ProbeSpec, result: ProbeResult) -> ProbeResult:
        if probe.command is not None:
            return self._commanded(probe.command, result)
        if self._public is None:
            said = "no address: [checklist.switch] url says where users come in"
            return replace(result, ok=None, message=said)
        assert probe.request is not None
        method, _, path = probe.request.partition(" ")
        if not _may_send(method, probe, self._context):
            said = f"refused: {probe.request} writes, and this target does not allow writes"
            return replace(result, ok=None, message=said)
        self._heard.clear()
        response = self._public.request(method, path, json=probe.json)
        why = _wrong(probe, response)
        if why:
            return replace(result, ok=False, message=f"{probe.request} {why}")
        if not probe.compare or not self._heard:
            return replace(result, ok=True, message="", departure="")
        found = self._noise.departure(probe, self._heard[-1])
        if found is None:
            said = "the baseline cannot be asked, or does not answer steadily"
            return replace(result, ok=None, message=said, departure="")
        return replace(result, ok=True, message="", departure=found.said, held=found.held)

    def _commanded(self, command: Command, result: ProbeResult) -> ProbeResult:
        ran = run(_short(command, self._context), self._context)
        if ran.problem:
            return replace(result, ok=None, message=f"`{ran.shown}` {ran.problem}")
        last = ran.tail.strip().splitlines()[-1:] or [""]
        said = f"`{ran.shown}` ended with status {ran.status} {last[0]}".strip()
        return replace(result, ok=ran.succeeded, message=said)


def _wrong(probe: ProbeSpec, response: http.Response) -> str:
    """Return what is not as expected of an answer; empty where all is."""
    if response.status_code not in probe.status:
        wanted = ", ".join(map(str, probe.status))
        return f"answered {response.status_code}, expected {wanted}"
    if not probe.expect:
        return ""
    try:
        document = response.json()
    except ValueError:
        return "answered what is no JSON"
    why = unexpected(document, probe.expect)
    return f"answered otherwise: {why}" if why else ""


def _short(command: Command, context: Context) -> Command:
    """Return the command with a time limit under which the watch goes on looking."""
    table = context.table.monitoring
    longest_s = max(_LEAST_S, table.interval if table is not None else 0.0)
    return replace(command, timeout=min(command.timeout, longest_s))


def _may_send(method: str, probe: ProbeSpec, context: Context) -> bool:
    """Return the probes: reading, logging in, and what the target allows."""
    reads = method in READING_METHODS or probe.kind is ProbeKind.LOGIN
    return reads or context.plan.target.may_write
