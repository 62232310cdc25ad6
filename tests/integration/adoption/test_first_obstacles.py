"""What stands in the way of a first run says which key or word helps, and stops nothing else."""

from __future__ import annotations

import contextlib
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.harness.project import ONE_TEST, Project
from tests.harness.stub_server import Answer

# What a server that takes HTTP/2 alone says first: an empty SETTINGS frame.
SETTINGS = b"\x00\x00\x00\x04\x00\x00\x00\x00\x00"


@contextlib.contextmanager
def listening(serve: Callable[[socket.socket], None]) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def accept() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection, contextlib.suppress(OSError):
                    serve(connection)

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)
    thread.join()


def first_frame(connection: socket.socket) -> None:
    connection.recv(4096)
    connection.sendall(SETTINGS)


def self_signed(folder: Path) -> ssl.SSLContext:
    key, certificate = folder / "key.pem", folder / "cert.pem"
    words = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"]
    words += ["-subj", "/CN=localhost", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(words, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


def refused(project: Project, url: str) -> str:
    project.write("test_it.py", ONE_TEST)
    begun = time.monotonic()
    run = project.run(
        f"--cutover-baseline={project.baseline.url}", f"--cutover-candidate={url}", gate=False
    )
    assert run.verdict == "INCONCLUSIVE"
    assert time.monotonic() - begun < 8, "nothing is tried again that no waiting cures"
    return " ".join(run.screen.split())


def test_a_backend_that_takes_http2_alone(project: Project) -> None:
    with listening(first_frame) as port:
        assert "HTTP/2 alone? Give as its `url`" in refused(project, f"http://127.0.0.1:{port}")


def test_a_backend_with_a_certificate_of_its_own(project: Project, tmp_path: Path) -> None:
    context = self_signed(tmp_path)

    def shake_hands(connection: socket.socket) -> None:
        context.wrap_socket(connection, server_side=True).close()

    with listening(shake_hands) as port:
        said = refused(project, f"https://127.0.0.1:{port}")
    assert '`verify = "ca.pem"` beside its `url`' in said


def test_a_url_with_the_wrong_scheme(project: Project) -> None:
    said = refused(project, project.candidate.url.replace("http:", "https:"))
    assert "is its `url` an http:// one" in said


@pytest.mark.parametrize(
    ("member", "values", "told"),
    [
        ("since", ("2026-11-26T07:16:55.519Z", "2026-11-26T07:16:54.394Z"), True),
        ("hostname", ("orders-a", "orders-b"), True),
        ("price", (5, 6), False),
    ],
)
def test_what_may_belong_to_a_process_says_what_would_tell(
    project: Project, member: str, values: tuple[object, object], *, told: bool
) -> None:
    for server, value in zip((project.baseline, project.candidate), values, strict=True):
        server["GET /thing"] = Answer(200, {member: value})
    project.write("test_it.py", ONE_TEST)
    run = project.run()
    assert run.verdict == "NO-GO"
    assert ('twin_url = "http://…"' in run.screen) is told


NOT_AS_WRITTEN = """
    import unittest

    import pytest

    @pytest.mark.characterization("GET /thing")
    def test_fine(backend):
        assert backend.get("/thing").is_success

    @pytest.mark.characterization("GET /thing")
    async def test_waits(backend):
        backend.get("/thing")

    @pytest.mark.characterization("GET /thing")
    class TestOld(unittest.TestCase):
        def test_old(self):
            pass
"""


def test_one_test_that_cannot_run_stops_no_other_and_is_told_once(project: Project) -> None:
    project.write("test_it.py", NOT_AS_WRITTEN)
    run = project.run()
    run.outcomes(passed=2, errors=3)
    assert run.verdict == "INCONCLUSIVE"
    assert run.screen.count("Take `async_backend`") == 1
    assert "is a method of unittest.TestCase and marked characterization" in run.screen
    assert run.report["tests"]["both_sides"] == 1


def test_the_fixtures_are_listed_without_a_target(project: Project) -> None:
    names = "backend async_backend baseline candidate paired_benchmark cutover_load cutover_check"
    project.write("test_it.py", "def test_it(): pass\n")
    listed = project.run("--fixtures", gate=False).screen
    assert [one for one in [*names.split(), "cutover_context"] if f"\n{one}" not in listed] == []


# What pytest-timeout does with its method `signal`, under the name by which it is registered.
TIME_LIMIT = """
    import signal

    import pytest


    class Limits:
        @pytest.hookspec
        def pytest_timeout_cancel_timer(self, item): ...


    class Timeout:
        @pytest.hookimpl(hookwrapper=True)
        def pytest_runtest_protocol(self, item):
            signal.signal(signal.SIGALRM, self.over)
            signal.setitimer(signal.ITIMER_REAL, 1.5)
            yield
            self.pytest_timeout_cancel_timer(item)

        def pytest_timeout_cancel_timer(self, item):
            signal.setitimer(signal.ITIMER_REAL, 0)

        def over(self, *_):
            pytest.fail("Timeout (>1.5s)")


    def pytest_configure(config):
        config.pluginmanager.add_hookspecs(Limits)
        config.pluginmanager.register(Timeout(), "timeout")
"""


def test_a_time_limit_of_the_project_holds_for_each_run_of_a_test(project: Project) -> None:
    project.baseline["GET /thing"] = Answer(200, {"size": 3}, wait_s=0.4)
    project.candidate["GET /thing"] = Answer(200, {"size": 4}, wait_s=0.4)
    project.write("conftest.py", TIME_LIMIT)
    project.write("test_it.py", ONE_TEST)
    run = project.run()
    run.outcomes(passed=1, failed=1)
    assert run.verdict == "NO-GO"
    assert "Timeout" not in run.screen


def test_a_test_that_takes_longer_than_the_limit_fails_and_stops_no_other(project: Project) -> None:
    project.candidate["GET /thing"] = Answer(200, {"size": 3}, wait_s=5)
    project.write("conftest.py", TIME_LIMIT)
    project.write("test_it.py", ONE_TEST)
    project.write("test_other.py", "def test_other(): pass")
    run = project.run()
    run.outcomes(passed=2, failed=1)
    assert "Timeout (>1.5s)" in run.screen
    assert run.verdict != "GO"
