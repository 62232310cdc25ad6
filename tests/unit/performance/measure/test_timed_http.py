"""The clock reads whole responses, of every framing, and says when there is none."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Callable

import pytest

from pytest_cutover.performance.measure.timed_http import ClockError, Connection
from tests.harness.measured import PEM

ASK = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n"


def answering(*answers: bytes) -> tuple[str, Callable[[], int]]:
    """A server that gives these answers in turn, then hangs up; and how often it was connected."""
    listener = socket.create_server(("127.0.0.1", 0))
    connected: list[int] = []

    def serve() -> None:
        waiting = list(answers)
        while waiting:
            connection, _ = listener.accept()
            connected.append(1)
            with connection:
                while waiting and connection.recv(65536):
                    answer = waiting.pop(0)
                    connection.sendall(answer)
                    if b"close" in answer or b"HTTP" not in answer:
                        break
        listener.close()

    threading.Thread(target=serve, daemon=True).start()
    return f"http://127.0.0.1:{listener.getsockname()[1]}", lambda: len(connected)


@pytest.mark.parametrize(
    ("answer", "body"),
    [
        (b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}", b"{}"),
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", b"{}"),
        (b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nto the end", b"to the end"),
        (b"HTTP/1.1 204 No Content\r\n\r\n", b""),
        (b"HTTP/1.1 103 x\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nx", b"x"),
    ],
)
def test_a_response_is_read_to_its_last_byte(answer: bytes, body: bytes) -> None:
    url, _ = answering(answer)
    connection = Connection(url)
    read = connection.exchange(ASK)
    connection.close()
    assert (read.body, read.latency_ms > 0) == (body, True)


def test_one_connection_serves_many_requests_and_a_closed_one_is_replaced() -> None:
    kept = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"
    closing = b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
    url, connected = answering(kept, kept, closing, kept)
    connection = Connection(url)
    assert [connection.exchange(ASK).status for _ in range(4)] == [200] * 4
    connection.close()
    assert connected() == 2


@pytest.mark.parametrize(
    ("answer", "reopened"),
    [
        (b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", False),
        (b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n", True),
        (b"HTTP/1.0 200 OK\r\ncontent-length: 0\r\nx: closes\r\n\r\n", True),
    ],
)
def test_a_connection_that_the_server_does_not_keep_is_opened_within_the_time(
    answer: bytes, reopened: bool
) -> None:
    url, _ = answering(answer, answer)
    connection = Connection(url)
    taken = [connection.exchange(ASK).reopened for _ in range(2)]
    connection.close()
    assert taken == [False, reopened]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 9\r\n\r\nhalf", "whole"),
        (b"SSH-2.0-nothing of ours\r\n\r\n", "not an HTTP/1.x response"),
    ],
)
def test_half_an_answer_is_an_error_with_its_time(answer: bytes, said: str) -> None:
    url, _ = answering(answer)
    with pytest.raises(ClockError, match=said) as error:
        Connection(url).exchange(ASK)
    assert error.value.latency_ms >= 0


HANDSHAKE_S = 0.3


def over_tls(answers: int) -> str:
    """A TLS server of one connection, whose handshake takes its time."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(PEM)
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        raw, _ = listener.accept()
        time.sleep(HANDSHAKE_S)
        with (
            listener,
            contextlib.suppress(ssl.SSLError),
            context.wrap_socket(raw, server_side=True) as connection,
        ):
            for _ in range(answers):
                connection.recv(65536)
                connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")

    threading.Thread(target=serve, daemon=True).start()
    return f"https://127.0.0.1:{listener.getsockname()[1]}"


def test_the_handshake_of_tls_is_not_in_the_time_and_its_connection_is_kept() -> None:
    url = over_tls(answers=3)
    connection = Connection(url, tls=ssl.create_default_context(cafile=PEM))
    began = time.perf_counter()
    read = [connection.exchange(ASK) for _ in range(3)]
    whole_ms = (time.perf_counter() - began) * 1000
    connection.close()
    assert [one.body for one in read] == [b"{}"] * 3
    assert sum(one.latency_ms for one in read) <= whole_ms - HANDSHAKE_S * 1000


def test_a_certificate_that_nobody_vouches_for_is_no_answer() -> None:
    url = over_tls(answers=1)
    with pytest.raises(ClockError, match="certificate verify failed"):
        Connection(url, tls=ssl.create_default_context()).exchange(ASK)
