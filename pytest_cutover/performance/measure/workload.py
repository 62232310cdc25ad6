"""A workload: a callable over a backend that outlives its test, and the blocks taken of it.

Called by the fixture ``paired_benchmark`` (first blocks) and the sampling stage (all others).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pytest_cutover.backends.http import library as http
from pytest_cutover.backends.http.client import Backend
from pytest_cutover.backends.http.transport import RefusedError
from pytest_cutover.core.endpoint import Endpoint
from pytest_cutover.core.exchange import Side
from pytest_cutover.performance.measure.timed_transport import Sent, TimedTransport
from pytest_cutover.performance.stats.samples import (
    Block,
    BlockOrder,
    RequestOutcome,
    Timed,
    outcome_of,
)


class WorkloadError(Exception):
    """A workload cannot be measured; the message says why and what to do."""


@dataclass(slots=True)
class Workload:
    """What one perf test registered.

    ``first`` has the status of the first measured request of each side, which all later ones must
    get too.
    """

    endpoint: Endpoint
    nodeid: str
    call: Callable[[Backend], Any]
    clients: Mapping[Side, Backend]
    transports: Mapping[Side, TimedTransport]
    first: dict[Side, int] = field(default_factory=dict)

    def once(self, side: Side) -> Timed:
        """Call it once on one side and return the request to its endpoint.

        Raises WorkloadError when it sends none or several such requests, or when its own code
        breaks; RefusedError when there is no consent for a request.
        """
        transport = self.transports[side]
        transport.sent.clear()
        broken: Exception | None = None
        try:
            self.call(self.clients[side])
        except RefusedError:
            raise
        except (http.HTTPError, AssertionError) as error:
            broken = error
        except Exception as error:
            raise WorkloadError(
                f"the workload of {self.nodeid} raised {type(error).__name__}: {error}\n"
                "Expected a callable that uses its argument alone: it is called again after its "
                "test, when every function-scoped fixture is gone.\nMake what it needs inside the "
                "callable, or take it from a module- or session-scoped fixture."
            ) from error
        return self._timed(side, self._the_request(broken), broken)

    def block(self, order: BlockOrder) -> Block:
        """Take four requests in a balanced order."""
        first, second, third, fourth = (self.once(side) for side in order.sides)
        return Block(str(self.endpoint), (first, second, third, fourth))

    def close(self) -> None:
        """Close both connections."""
        for client in self.clients.values():
            client.close()

    def _the_request(self, broken: Exception | None) -> Sent:
        sent = [one for side in self.transports.values() for one in side.sent]
        mine = [one for one in sent if self.endpoint.matches(one.method, one.path)]
        for transport in self.transports.values():
            transport.sent.clear()
        if len(mine) == 1:
            return mine[0]
        others = ", ".join(f"{one.method} {one.path}" for one in sent) or "nothing"
        raise WorkloadError(
            f"the workload of {self.nodeid} sent {len(mine)} requests to {self.endpoint} in one "
            f"call (it sent {others}).\nExpected exactly one: that is the one that is timed. "
            "Others may go to other endpoints.\nCheck the path and the marker of the test."
        ) from broken

    def _timed(self, side: Side, sent: Sent, broken: Exception | None) -> Timed:
        outcome = outcome_of(sent.status, self.first.get(side))
        if sent.status is not None:
            self.first.setdefault(side, sent.status)
        if isinstance(broken, AssertionError) and outcome is RequestOutcome.OK:
            outcome = RequestOutcome.ERROR
        return Timed(
            side, sent.start_s, sent.start_s, sent.latency_ms, outcome, reopened=sent.reopened
        )
