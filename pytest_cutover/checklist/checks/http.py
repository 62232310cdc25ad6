"""Does it answer, and can a user do their work: health with retries, and the smoke flow."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from pytest_cutover.backends.http import library as http_lib
from pytest_cutover.backends.http.client import Backend
from pytest_cutover.backends.http.transport import RefusedError
from pytest_cutover.checklist.context import Context
from pytest_cutover.checklist.results import CheckResult, failed, passed, undecided
from pytest_cutover.config.checklist import Health, SmokeStep
from pytest_cutover.core.exchange import Side
from pytest_cutover.core.json_pointer import at, filled


def candidate_health(context: Context) -> CheckResult:
    """Check that the candidate answers its health check."""
    return health(context, Side.CANDIDATE)


def baseline_health(context: Context) -> CheckResult:
    """Check that the baseline answers its health check."""
    return health(context, Side.BASELINE)


def health(context: Context, side: Side) -> CheckResult:
    """Ask up to `attempts` times, `interval` apart, until the answer has an accepted status."""
    table: Health = context.table.health
    reason = ""
    with context.client(side) as client:
        for attempt in range(1, table.attempts + 1):
            try:
                status = client.get(table.path).status_code
            except http_lib.TransportError as error:
                reason = type(error).__name__
            else:
                if status in table.status:
                    tries = "" if attempt == 1 else f", at try {attempt} of {table.attempts}"
                    return passed(f"{table.path} answers {status}{tries}")
                reason = f"status {status}"
            if attempt < table.attempts:
                time.sleep(table.interval * context.scale)
    return failed(
        f"{table.path}: {reason}",
        f"GET {table.path} of the {side} was asked {table.attempts} times, "
        f"{table.interval:g} s apart, and ended with {reason}.",
        limit=f"status {', '.join(map(str, table.status))}",
    )


def smoke(context: Context) -> CheckResult:
    """Go through the smoke flow on the candidate itself."""
    if not context.table.smoke:
        return _no_flow()
    with context.client(Side.CANDIDATE) as client:
        return flow(client, context.table.smoke, context)


def public_smoke(context: Context) -> CheckResult:
    """Go through the smoke flow at the address that users have."""
    if not context.table.smoke:
        return _no_flow()
    if context.table.switch is None:
        return undecided("no address", "[checklist.switch] url says where users come in")
    with context.public_client(context.table.switch.url) as client:
        return flow(client, context.table.smoke, context)


def flow(client: Backend, steps: tuple[SmokeStep, ...], context: Context) -> CheckResult:
    """Go through the steps in order, and stop at the first that is not as it has to be."""
    saved: dict[str, Any] = {}
    for number, step in enumerate(steps, start=1):
        try:
            why = _step(client, step, saved)
        except RefusedError as error:
            return undecided(f"step {number}, {step.name}: refused", str(error))
        except http_lib.TransportError as error:
            why = type(error).__name__
        except KeyError as error:
            why = f"no earlier step saved {error}"
        if why:
            said = context.scrub(f"step {number} of {len(steps)}, {step.name}: {why}")
            return failed(said, f"{step.request}: {said}", limit="every step as expected")
    return passed(f"{len(steps)} steps: {', '.join(step.name for step in steps)}")


def _step(client: Backend, step: SmokeStep, saved: dict[str, Any]) -> str:
    """Return what is wrong with the answer to one step; empty when nothing is."""
    method, _, path = step.request.partition(" ")
    path = str(filled(path, saved, client.unique))
    response = client.request(
        method,
        path,
        json=filled(step.json, saved, client.unique) if step.json is not None else None,
        headers={
            name: str(filled(text, saved, client.unique)) for name, text in step.headers.items()
        },
    )
    if response.status_code not in step.status:
        return f"answered {response.status_code}, expected {', '.join(map(str, step.status))}"
    if not step.save and not step.expect:
        return ""
    try:
        document = response.json()
    except ValueError:
        return "the answer is not JSON"
    expected = {
        pointer: filled(template, saved, client.unique) for pointer, template in step.expect.items()
    }
    why = unexpected(document, expected)
    if why:
        return why
    for name, pointer in step.save.items():
        try:
            saved[name] = at(document, pointer)
        except KeyError:
            return f"the answer has no {pointer}"
    return ""


def unexpected(document: Any, expected: Mapping[str, Any]) -> str:
    """Return what a document holds otherwise than expected, by JSON pointer; empty where
    nothing.
    """
    for pointer, wanted in expected.items():
        try:
            found = at(document, pointer)
        except KeyError:
            return f"the answer has no {pointer}"
        if found != wanted:
            return f"{pointer} is {found!r}, expected {wanted!r}"
    return ""


def _no_flow() -> CheckResult:
    return undecided("not configured", "[[checklist.smoke]] names the steps of the smoke flow")
