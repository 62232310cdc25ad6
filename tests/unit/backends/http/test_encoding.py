"""How requests are spelled: on the wire, whatever version of the client library is installed."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from pytest_cutover.backends.http.client import Backend, open_backend
from pytest_cutover.backends.http.encoding import BOUNDARY, absolute_url, relative_target
from pytest_cutover.backends.http.recorder import Recorder
from pytest_cutover.backends.http.transport import Bounds, Permissions, SideTransport
from pytest_cutover.core.exchange import Side


class Wire:
    """A socket that notes the first line of every request, and answers 204."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self._socket.listen()
        self.port = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            connection, _ = self._socket.accept()
            with connection, connection.makefile("rb") as lines:
                line = lines.readline().decode()
                if not line:
                    return
                self.lines.append(line.strip())
                connection.sendall(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")

    def close(self) -> None:
        socket.create_connection(("127.0.0.1", self.port)).close()
        self._thread.join()
        self._socket.close()


@pytest.fixture
def wire() -> Iterator[Wire]:
    wire = Wire()
    yield wire
    wire.close()


@contextmanager
def client(port: int, base: str = "") -> Iterator[tuple[Backend, Recorder]]:
    recorder = Recorder("test", Side.BASELINE, session_started_s=0.0)
    transport = SideTransport(
        Side.BASELINE,
        f"http://127.0.0.1:{port}{base}",
        permissions=Permissions(writes=True, requests_per_s=None),
        bounds=Bounds(),
    )
    with open_backend(transport, recorder, endpoint_of="{} {}".format) as backend:
        yield backend, recorder
    transport.close()


@pytest.mark.parametrize(
    ("base", "path", "line", "target"),
    [
        ("", "/items", "/items", "/items"),
        ("", "items", "/items", "/items"),
        ("", "//items", "//items", "//items"),
        ("", "//items//7/?q=1", "//items//7/?q=1", "//items//7/?q=1"),
        ("", "", "/", "/"),
        ("/api/v1", "/items/7", "/api/v1/items/7", "/items/7"),
        ("/api/v1/", "items/7", "/api/v1/items/7", "/items/7"),
        ("/api/v1", "/api/v1/items/7?x=1", "/api/v1/items/7?x=1", "/items/7?x=1"),
        ("/api/v1", "//items", "/api/v1//items", "//items"),
        ("/api/v1", "/api/v10", "/api/v1/api/v10", "/api/v10"),
        ("/api/v1", "/api/v1", "/api/v1", "/"),
        ("/api/v1", "?page=2", "/api/v1/?page=2", "/?page=2"),
        ("/api/v1", "/é ü?n=ö", "/api/v1/%C3%A9%20%C3%BC?n=%C3%B6", "/%C3%A9%20%C3%BC?n=%C3%B6"),
        ("/api/v1", "/a%2Fb/%41", "/api/v1/a%2Fb/%41", "/a%2Fb/%41"),
    ],
)
def test_a_path_is_asked_for_as_it_stands_below_the_base(
    wire: Wire, base: str, path: str, line: str, target: str
) -> None:
    with client(wire.port, base) as (backend, recorder):
        backend.get(path)

    assert wire.lines == [f"GET {line} HTTP/1.1"]
    [exchange] = recorder.exchanges
    assert exchange.request.target == target
    assert exchange.request.base_url == f"http://127.0.0.1:{wire.port}{base.rstrip('/')}"


def built(**arguments: Any) -> httpx.Request:
    with client(1) as (backend, _):
        return backend.build_request("POST", "/lots", **arguments)


@pytest.mark.parametrize(
    ("params", "query"),
    [
        ({"a": "x y", "b": ["1", "2"]}, "a=x+y&b=1&b=2"),
        ({"flag": True, "off": None, "n": 1.5}, "flag=true&off=&n=1.5"),
        ([("q", "é'+&=")], "q=%C3%A9%27%2B%26%3D"),
        ("raw=1&two=a b", "raw=1&two=a+b"),
    ],
)
def test_a_query_is_written_by_us(params: Any, query: str) -> None:
    assert str(built(params=params).url).partition("?")[2] == query


def test_parameters_take_the_place_of_the_query_in_the_path_and_those_of_the_client_join() -> None:
    with client(1) as (backend, _):
        assert str(backend.build_request("GET", "/x?a=1", params={"b": 2}).url).endswith("/x?b=2")
        backend.params = {"key": "k"}
        assert str(backend.build_request("GET", "/x").url).endswith("/x?key=k")
        assert str(backend.build_request("GET", "/x", params={"b": 2}).url).endswith("?key=k&b=2")


@pytest.mark.parametrize(
    ("value", "body"),
    [
        ({"name": "é", "n": [1, 2.0, None]}, '{"name":"é","n":[1,2.0,null]}'),
        (0, "0"),
        (False, "false"),
        ([], "[]"),
        ({"odd": "\ud800"}, r'{"odd":"\ud800"}'),
    ],
)
def test_json_is_compact_and_typed(value: Any, body: str) -> None:
    request = built(json=value)

    assert request.content == body.encode()
    assert request.headers.get_list("content-type") == ["application/json"]


def test_a_content_type_of_the_test_or_the_client_is_kept() -> None:
    own = {"Content-Type": "application/merge-patch+json"}
    assert built(json={}, headers=own).headers["content-type"] == "application/merge-patch+json"
    with client(1) as (backend, _):
        backend.headers["Content-Type"] = "application/vnd.api+json"
        request = backend.build_request("POST", "/x", json={})
        assert request.headers["content-type"] == "application/vnd.api+json"


def test_json_has_no_number_that_is_none() -> None:
    with pytest.raises(ValueError, match="Out of range float"):
        built(json={"n": float("nan")})


def test_an_upload_is_the_same_bytes_every_time() -> None:
    files = {"file": ("a.txt", b"hello", "text/plain")}

    one, other = (built(files=files, data={"folder": "x"}) for _ in "ab")

    assert one.read() == other.read()
    assert one.headers["content-type"] == f"multipart/form-data; boundary={BOUNDARY}"
    assert f"--{BOUNDARY}--".encode() in one.content


def test_a_boundary_of_the_test_is_kept() -> None:
    own = {"content-type": "multipart/form-data; boundary=mine"}
    request = built(files={"f": b"x"}, headers=own)

    assert request.headers["content-type"] == own["content-type"]
    assert b"--mine--" in request.read()


def test_a_url_of_another_origin_is_no_path() -> None:
    base = httpx.URL("http://127.0.0.1:1/api")

    assert str(absolute_url(base, "http://127.0.0.1:2/x")) == "http://127.0.0.1:2/x"
    assert relative_target("/other/x", "/api") == "/other/x"
