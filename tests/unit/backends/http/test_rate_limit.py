"""One budget for each side, and how long a run waits for a backend that was asked too often."""

from __future__ import annotations

import httpx
import pytest

from pytest_cutover.backends.http.rate_limit import WaitBudget, retry_after_s
from pytest_cutover.backends.http.transport import Bounds, Permissions, SideTransport
from pytest_cutover.core.exchange import Response, Side
from pytest_cutover.performance.measure.timed_http import Connection
from pytest_cutover.performance.measure.timed_transport import TimedTransport

NOW_S = 1_764_072_000.0  # 25 November 2025, 12:00:00 GMT


def throttled(after: str | None, status: int = 429) -> Response:
    return Response(status, (("Retry-After", after),) if after is not None else ())


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("3", 3.0),
        ("0", 0.0),
        ("Tue, 25 Nov 2025 12:00:07 GMT", 7.0),
        ("Tue, 25 Nov 2025 11:00:00 GMT", 0.0),
        ("soon", None),
        ("", None),
        (None, None),
        ("-1", None),
    ],
)
def test_an_answer_says_when_to_ask_again(text: str | None, seconds: float | None) -> None:
    assert retry_after_s(throttled(text), NOW_S) == seconds


def test_a_run_waits_so_long_in_all_and_no_longer() -> None:
    waits: list[float] = []
    patience = WaitBudget(30.0, sleep=waits.append, clock=lambda: NOW_S)

    assert [patience.wait_for(throttled(text)) for text in ("20", "8", "5", "2")] == [
        True,
        True,
        False,
        True,
    ]
    assert waits == [20.0, 8.0, 2.0]
    assert patience.left_s == 0.0


def test_nothing_is_waited_for_where_nobody_was_throttled() -> None:
    waits: list[float] = []
    patience = WaitBudget(sleep=waits.append, clock=lambda: NOW_S)

    assert not patience.wait_for(throttled("1", status=200))
    assert not patience.wait_for(throttled(None))
    assert patience.wait_for(throttled("1", status=503))
    assert waits == [1.0]


def test_the_timed_client_takes_its_turn_with_the_client_of_tests() -> None:
    side = SideTransport(
        Side.BASELINE,
        "http://127.0.0.1:1/api",
        permissions=Permissions(writes=False, requests_per_s=5.0),
        bounds=Bounds(),
    )
    turns: list[str] = []
    side.rate.wait = lambda: turns.append("turn")  # type: ignore[method-assign]
    timed = TimedTransport(side, Connection("http://127.0.0.1:1"))

    for send in (side.send, timed.handle_request):
        with pytest.raises(httpx.TransportError):
            send(httpx.Request("GET", "http://127.0.0.1:1/api/x"))

    assert turns == ["turn", "turn"]
    # A base path is no part of what an endpoint names.
    assert [one.path for one in timed.sent] == ["/x"]
