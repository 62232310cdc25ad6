"""Answers without end, in no encoding, or that lead elsewhere: bounded, told, and never GO."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import pytest

from tests.integration.faults.bad_server import GOOD, HEAD, BadServer, Fault, answer, flood, raw
from tests.integration.faults.conftest import BadProject, holds
from tests.integration.faults.test_answers import CHUNKED, GZIP, SUITE, length

CAP_BYTES = 8_000_000
PART = b"x" * 65_536
GIGABYTES = 4 * 1024**3
TIMES = GIGABYTES // len(PART)
# What is read, and what is packed together of it for a moment; not what three rounds would keep.
MOST_MORE_BYTES = 3 * CAP_BYTES
PATIENT = f"""
[limits]
max_body_bytes = {CAP_BYTES}
"""
MEASURED = """
    import pathlib, re

    def pytest_unconfigure(config):
        status = pathlib.Path("/proc/self/status")
        if status.exists():
            peak = re.search(r"VmHWM:\\s+(\\d+) kB", status.read_text()).group(1)
            pathlib.Path("peak").write_text(peak)
"""
BOMB = gzip.compress(b"0" * 200_000_000)

EXCESS: dict[str, Fault] = {
    "Content-Length of gigabytes": flood(HEAD + length(GIGABYTES), PART, TIMES),
    "chunked gigabytes": flood(CHUNKED, b"10000\r\n" + PART + b"\r\n", TIMES),
    "one chunk of gigabytes": flood(CHUNKED + b"%x\r\n" % GIGABYTES, PART, TIMES),
    "until the connection ends": flood(HEAD + b"\r\n", PART, TIMES),
    "a bomb of gzip": raw(GZIP + length(len(BOMB)) + BOMB, then="keep"),
    "gigabytes of gzip": flood(GZIP + length(GIGABYTES), BOMB[:65_536], TIMES),
}


# Who reads is the same for both sides: each kind meets one of them here, and the other among the
# slow ones.
HERE = list(zip(EXCESS, cycle(("baseline", "candidate")), strict=False))

_usual_bytes: list[int] = []


def peak_bytes(path: Path) -> int:
    return int((path / "peak").read_text()) * 1024


@pytest.mark.parametrize(("kind", "role"), HERE)
def test_gigabytes_are_not_held(project: BadProject, kind: str, role: str) -> None:
    are_not_held(project, kind, role)


def are_not_held(project: BadProject, kind: str, role: str) -> None:
    project.target(tables=PATIENT)
    project.write("conftest.py", MEASURED)
    project.write("test_it.py", SUITE)
    if not _usual_bytes:
        project.go(apart=True)
        _usual_bytes.append(peak_bytes(project.path))
    for server in project.side(role):
        server["/thing"] = EXCESS[kind]
    run = project.go(apart=True)
    report = holds(run, "NO-GO" if role == "candidate" else "INCONCLUSIVE")
    if role == "candidate":
        [finding] = report["findings"]
        assert finding["change"] == "answer → too-large"
        assert f"{CAP_BYTES} bytes" in finding["candidate"]
    else:
        assert report["findings"] == []
        gate = run.gate("parity.steady")
        assert f"{CAP_BYTES} bytes" in gate["message"]
        assert "GET /thing" in gate["message"]
    assert peak_bytes(project.path) - _usual_bytes[0] < MOST_MORE_BYTES
    for server in project.side(role):
        # Six rounds at most, each with what waits in the sockets' buffers.
        assert server.flooded_bytes < 6 * (CAP_BYTES + 16_000_000)


# Bytes that are no text ---------------------------------------------------------------------------

BROKEN: dict[str, tuple[Fault, Fault, str]] = {
    "in JSON": (answer(b'{"size": "\xc3\xa9"}'), answer(b'{"size": "\xc3"}'), ""),
    "in a key": (answer(b'{"size": 3}'), answer(b'{"size\xff": 3}'), ""),
    "in text": (
        answer(b"caf\xc3\xa9", head=b"Content-Type: text/plain\r\n"),
        answer(b"caf\xe9", head=b"Content-Type: text/plain\r\n"),
        "",
    ),
    "in a header": (
        answer(head=b"X-Name: caf\xc3\xa9\r\n"),
        answer(head=b"X-Name: caf\xe9\r\n"),
        "/headers/x-name",
    ),
    "in a cookie": (
        answer(head=b"Set-Cookie: who=x; Path=/caf\xc3\xa9\r\n"),
        answer(head=b"Set-Cookie: who=x; Path=/caf\xff\r\n"),
        "/headers/set-cookie/who/path",
    ),
    "half a surrogate": (
        answer(b'{"size": "\\ud83d\\ude00"}'),
        answer(b'{"size": "\xed\xa0\xbd"}'),
        "",
    ),
}


@pytest.mark.parametrize("swapped", [False, True], ids=["candidate", "baseline"])
@pytest.mark.parametrize("kind", BROKEN)
def test_invalid_utf8_on_one_side_is_a_difference(
    project: BadProject, kind: str, swapped: bool
) -> None:
    sound, broken, pointer = BROKEN[kind]
    project.impatient()
    project.write("test_it.py", SUITE)
    project.baseline["/thing"], project.candidate["/thing"] = (
        (broken, sound) if swapped else (sound, broken)
    )
    report = holds(project.go(), "NO-GO")
    assert report["findings"]
    for finding in report["findings"]:
        assert finding["endpoint"] == "GET /thing"
        assert finding["pointer"] == pointer
        assert finding["baseline"] != finding["candidate"]


# Answers that lead elsewhere ----------------------------------------------------------------------

FOLLOWING = """
    import pytest

    @pytest.mark.characterization("GET /thing")
    def test_thing(backend):
        backend.get(
            "/thing", follow_redirects=True, headers={"Authorization": "Bearer planted-secret"}
        )
"""


def to(where: str) -> Fault:
    return answer(b"{}", status="302 Found", head=f"Location: {where}\r\n".encode())


@pytest.mark.parametrize("role", ["baseline", "candidate", "both"])
@pytest.mark.parametrize("kind", ["to itself", "in a circle", "ever on"])
def test_redirects_without_end(project: BadProject, kind: str, role: str) -> None:
    project.impatient()
    project.write("test_it.py", FOLLOWING)
    for server in project.side(role):
        if kind == "ever on":
            server["/thing"] = server["*"] = lambda line: to(f"/thing{line.asked}")(line)
            server["/"] = answer()
        else:
            server["/thing"] = to("/thing" if kind == "to itself" else "/other")
            server["/other"] = to("/thing")
    run = project.go()
    # The baseline's redirects are sound answers by themselves, and the candidate gives others.
    report = holds(run, "INCONCLUSIVE" if role == "both" else "NO-GO")
    assert "redirects" in run.screen
    assert "planted-secret" not in run.screen + str(report)
    for server in project.side(role):
        assert 20 < len(server.paths()) < 300  # twelve rounds at most, of 21 requests


@pytest.fixture
def elsewhere() -> Iterator[BadServer]:
    server = BadServer()
    yield server
    server.close()


@pytest.mark.parametrize("role", ["baseline", "candidate", "both"])
@pytest.mark.parametrize("kind", ["port", "scheme", "host", "no scheme", "userinfo"])
def test_a_redirect_to_another_origin_is_not_followed(
    project: BadProject, elsewhere: BadServer, kind: str, role: str
) -> None:
    project.impatient()
    project.write("test_it.py", FOLLOWING)
    where = {
        "port": f"{elsewhere.url}/thing",
        "scheme": f"https://127.0.0.1:{elsewhere.port}/thing",
        "host": f"http://localhost:{elsewhere.port}/thing",
        "no scheme": f"//127.0.0.1:{elsewhere.port}/thing",
        "userinfo": f"http://127.0.0.1@127.0.0.1:{elsewhere.port}/thing",
    }[kind]
    for server in project.side(role):
        server["/thing"] = to(where)
    run = project.go()
    report = holds(run)
    said = re.sub(r"\s+", " ", run.screen)
    assert "leaves the " in said
    assert "nothing was sent, no credentials have left" in said
    assert "Location header" in said
    assert elsewhere.connections == 0
    assert "planted-secret" not in run.screen + str(report)


def test_a_redirect_within_the_backend_is_followed(project: BadProject) -> None:
    project.impatient()
    project.write("test_it.py", FOLLOWING)
    for server in project.side("both"):
        server["/thing"] = to(f"{server.url}/other")
        server["/other"] = answer(GOOD)
    run = project.go()
    assert (run.status, run.verdict) == (0, "GO")
    assert project.candidate.paths() == ["/thing", "/other"]
    asked = [line for line in project.candidate.asked if line.target == "/other"]
    assert asked[0].headers["authorization"] == "Bearer planted-secret"
