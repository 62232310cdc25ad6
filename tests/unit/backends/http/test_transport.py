"""The transport against servers that misbehave: what is sent again, and what is recorded."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from pytest_cutover.backends.http.client import Backend, open_backend
from pytest_cutover.backends.http.recorder import Recorder
from pytest_cutover.backends.http.transport import Bounds, Permissions, SideTransport
from pytest_cutover.core.exchange import Exchange, FailureKind, Side
from tests.harness.stub_server import Answer, Seen, StubServer

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


@pytest.fixture
def server() -> Iterator[StubServer]:
    server = StubServer({"GET /": Answer(200, {"ok": True})})
    yield server
    server.close()


@pytest.fixture
def recorder() -> Recorder:
    return Recorder("test", Side.BASELINE, session_started_s=0.0)


@contextmanager
def client(server: StubServer, recorder: Recorder, **bounds: float) -> Iterator[Backend]:
    transport = SideTransport(
        Side.BASELINE,
        server.url,
        permissions=Permissions(writes=True, requests_per_s=None),
        bounds=Bounds(**bounds),  # type: ignore[arg-type]
    )
    try:
        with open_backend(transport, recorder, endpoint_of="{} {}".format) as backend:
            yield backend
    finally:
        transport.close()


def broken(server: StubServer, recorder: Recorder, answer: Answer, **bounds: float) -> Exchange:
    """The exchange in which a server gives an answer that is no answer."""
    server["GET /odd"] = answer
    with client(server, recorder, **bounds) as backend, pytest.raises(httpx.HTTPError):
        backend.get("/odd")
    [exchange] = recorder.exchanges
    assert exchange.failure is not None
    return exchange


FAILURES = {
    "closed without a word": (Answer(raw=b""), FailureKind.RESET),
    "truncated": (Answer(raw=HEAD + b"Content-Length: 100\r\n\r\n{"), FailureKind.TRUNCATED),
    "broken chunk": (
        Answer(raw=HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n"),
        FailureKind.TRUNCATED,
    ),
    "no HTTP": (Answer(raw=b"220 smtp.example.com ESMTP\r\n\r\n"), FailureKind.GARBAGE),
}


@pytest.mark.parametrize("case", FAILURES)
def test_an_answer_that_is_none_is_recorded_by_kind(
    server: StubServer, recorder: Recorder, case: str
) -> None:
    answer, kind = FAILURES[case]
    exchange = broken(server, recorder, answer)
    assert exchange.failure is not None
    assert exchange.failure.kind is kind
    assert len(server.asked("GET /odd")) == 1


def test_a_truncated_body_keeps_what_had_arrived(server: StubServer, recorder: Recorder) -> None:
    exchange = broken(server, recorder, Answer(raw=HEAD + b'Content-Length: 100\r\n\r\n{"a": 1'))
    assert exchange.response is not None
    assert (exchange.response.status, exchange.response.body) == (200, b'{"a": 1')


def test_broken_gzip_is_recorded_with_its_raw_bytes(server: StubServer, recorder: Recorder) -> None:
    body = gzip.compress(b'{"a": 1}')[:-9] + b"garbage!!"
    exchange = broken(server, recorder, Answer(body=body, headers={"Content-Encoding": "gzip"}))
    assert exchange.failure is not None
    assert exchange.failure.kind is FailureKind.CODING
    assert exchange.response is not None
    assert exchange.response.body == body


def test_a_body_above_the_cap_is_not_read(server: StubServer, recorder: Recorder) -> None:
    exchange = broken(server, recorder, Answer(body=b"x" * 5000), max_body_bytes=1000)
    assert exchange.failure is not None
    assert exchange.failure.kind is FailureKind.TOO_LARGE


def test_a_small_body_that_unpacks_above_the_cap_is_a_failure(
    server: StubServer, recorder: Recorder
) -> None:
    bomb = gzip.compress(b"0" * 1_000_000)
    server["GET /odd"] = Answer(body=bomb, headers={"Content-Encoding": "gzip"})
    with (
        client(server, recorder, max_body_bytes=100_000) as backend,
        pytest.raises(httpx.HTTPError),
    ):
        backend.get("/odd")
    [exchange] = recorder.exchanges
    assert exchange.failure is not None
    assert exchange.failure.kind is FailureKind.TOO_LARGE


def test_silence_is_a_timeout(server: StubServer, recorder: Recorder) -> None:
    exchange = broken(server, recorder, Answer(200, {}, wait_s=1.0), read_s=0.1)
    assert exchange.failure is not None
    assert exchange.failure.kind is FailureKind.TIMEOUT
    assert "ReadTimeout" in exchange.failure.message


def test_a_body_that_drips_ends_at_the_deadline(server: StubServer, recorder: Recorder) -> None:
    head = HEAD + b"Content-Length: 100\r\n\r\n{"
    exchange = broken(server, recorder, Answer(raw=head, linger=True), read_s=0.2, total_s=0.3)
    assert exchange.failure is not None
    assert exchange.failure.kind is FailureKind.TIMEOUT


def test_http_1_0_is_read_and_seen(server: StubServer, recorder: Recorder) -> None:
    server["GET /odd"] = Answer(raw=b"HTTP/1.0 200 Fine\r\nContent-Type: text/plain\r\n\r\nhello")
    with client(server, recorder) as backend:
        assert backend.get("/odd").text == "hello"
    [exchange] = recorder.exchanges
    assert exchange.response is not None
    assert exchange.response.http_version == "HTTP/1.0"
    assert exchange.response.reason == "Fine"


def once_closed(server: StubServer) -> None:
    """The second request on a connection finds it closed; a fresh one is answered."""
    asked: dict[int, int] = {}

    def answer(seen: Seen) -> Answer:
        asked[seen.port] = asked.get(seen.port, 0) + 1
        return Answer(200, {}) if asked[seen.port] == 1 else Answer(raw=b"")

    for method in ("GET", "POST"):
        server[f"{method} /odd"] = answer


def test_a_reset_on_a_pooled_connection_is_asked_again_for_get(
    server: StubServer, recorder: Recorder
) -> None:
    once_closed(server)
    with client(server, recorder) as backend:
        assert [backend.get("/odd").status_code for _ in range(3)] == [200] * 3
    assert len(recorder.exchanges) == 3
    assert len(server.asked("GET /odd")) == 5


def test_a_write_that_may_have_arrived_is_not_sent_again(
    server: StubServer, recorder: Recorder
) -> None:
    once_closed(server)
    with client(server, recorder) as backend:
        backend.get("/odd")
        with pytest.raises(httpx.RemoteProtocolError):
            backend.post("/odd")
    assert len(server.asked("POST /odd")) == 1
    assert recorder.exchanges[-1].failure is not None


def test_after_a_500_the_connection_is_not_trusted(server: StubServer, recorder: Recorder) -> None:
    server["GET /bad"] = Answer(500, {}, close=True)
    server["POST /odd"] = Answer(201, {})
    with client(server, recorder) as backend:
        assert backend.get("/bad").status_code == 500
        assert backend.post("/odd").status_code == 201
    assert len(server.asked("POST /odd")) == 1


def test_headers_keep_their_order_case_and_repetitions(
    server: StubServer, recorder: Recorder
) -> None:
    raw = b"HTTP/1.1 200 OK\r\nX-B: 1\r\nx-a: 2\r\nX-B: \xe9\r\nContent-Length: 0\r\n\r\n"
    server["GET /odd"] = Answer(raw=raw)
    with client(server, recorder) as backend:
        backend.get("/odd")
    assert recorder.exchanges[0].response is not None
    assert recorder.exchanges[0].response.headers[:3] == (("X-B", "1"), ("x-a", "2"), ("X-B", "é"))
