"""Measuring a backend behind TLS: with the target's own CA file, and never without it."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pytest_cutover.backends.process.launch import free_port
from tests.harness.measured import PEM, SERVER, STRANGER, MeasuredProject

TARGET = """
[targets.local]
require = ["performance"]
load = true
max_requests_per_second = 2000
baseline = {{ url = "{urls[0]}", verify = "{pem}", ready = "/ready" }}
candidate = {{ url = "{urls[1]}", verify = "{pem}", ready = "/ready" }}
[performance]
error_rate = 0.01
budget_s = 60
[performance.endpoints]
"GET /thing" = {{ p50_ms = 100, p99_ms = 900, load_p50_ms = 200 }}
"""
PERF = """
    import pytest

    @pytest.mark.perf("GET /thing")
    def test_thing(paired_benchmark):
        paired_benchmark(lambda backend: backend.get("/thing"))
"""
LOAD = """
    def test_load(cutover_load):
        cutover_load("locustfile.py", users=10, duration="9s")
"""
USER = """
    from locust import {user}, constant, task

    class Visitor({user}):
        wait_time = constant(0.2)

        def on_start(self):
            told = self.client.get("{stranger}/thing").status_code
            open("told", "w").write(str(told))

        @task
        def visit(self):
            self.client.get("/thing")
"""


@contextlib.contextmanager
def serving(pem: Path) -> Iterator[str]:
    """A server with a certificate that it signed itself."""
    port = free_port()
    process = subprocess.Popen([sys.executable, str(SERVER), str(port), "{}", str(pem)])
    try:
        yield f"https://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture
def urls() -> Iterator[tuple[str, str]]:
    """Where the two backends are."""
    with serving(PEM) as baseline, serving(PEM) as candidate:
        yield baseline, candidate


def test_a_backend_behind_tls_is_measured_with_its_own_ca_file(
    project: MeasuredProject, urls: tuple[str, str]
) -> None:
    project.write("cutover.toml", TARGET.format(urls=urls, pem=PEM))
    project.write("test_perf.py", PERF)
    run = project.run("--cutover-target=local", "-W", "error")

    assert "1 passed" in run.screen
    assert run.gate("CUT203")["verdict"] == "pass", run.screen


@pytest.mark.parametrize("user", ["FastHttpUser", "HttpUser"])
def test_locust_and_the_probe_believe_that_ca_file_and_nobody_else(
    project: MeasuredProject, urls: tuple[str, str], user: str
) -> None:
    project.write("cutover.toml", TARGET.format(urls=urls, pem=PEM))
    project.write("test_load.py", LOAD)
    project.write("test_perf.py", PERF)
    with serving(STRANGER) as stranger:
        project.write("locustfile.py", USER.format(user=user, stranger=stranger))
        run = project.run("--cutover-target=local")

    whole = run.report["load"][0]
    for side in ("baseline", "candidate"):
        assert whole[side]["requests"] > 10, run.screen
        assert whole[side]["errors"] == 0
    # To a probe that cannot connect the whole load is one stall, and no P99 passes after that.
    assert run.gate("CUT201")["verdict"] == "pass", run.screen
    assert (project.path / "told").read_text() == "0"
