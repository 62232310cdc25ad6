"""The week-one user: two URLs of servers that nobody here wrote, `init`, a test, a first run."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import textwrap
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from pytest_cutover.backends.process.launch import free_port
from tests.reference.runs import ROOT

PYTHON = ROOT / ".venv/strangers/bin/python"
SERVE = """
import sys
from httpbin import app
port, server = int(sys.argv[1]), sys.argv[2]
if server == "werkzeug":
    app.run("127.0.0.1", port, threaded=True)
else:
    from waitress import serve
    serve(app, host="127.0.0.1", port=port)
"""
PATHS = [
    "/get?a=1&b=2",
    "/uuid",
    "/headers",
    "/cookies/set?x=1",
    "/bytes/10",
    "/stream/3",
    "/gzip",
    "/deflate",
    "/status/404",
    "/status/500",
    "/redirect/1",
    "/html",
    "/xml",
    "/encoding/utf8",
    "/image/png",
    "/cache",
    "/etag/abc",
    "/links/3/0",
    "/basic-auth/u/p",
    "/digest-auth/auth/u/p",
    "/nope",
]


@contextlib.contextmanager
def httpbin(server: str) -> Iterator[str]:
    """httpbin under one of two servers, on a free port."""
    port = free_port()
    process = subprocess.Popen(
        [str(PYTHON), "-c", SERVE, str(port), server],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(200):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"{url}/get", timeout=5).close()
                break
            time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture(scope="module")
def urls() -> Iterator[tuple[str, str, str]]:
    """The same application twice under one server, and once under another."""
    assert PYTHON.is_file(), "run `make setup`: it prepares .venv/strangers"
    with httpbin("werkzeug") as one, httpbin("werkzeug") as two, httpbin("waitress") as three:
        yield one, two, three


def run(where: Path, *words: str) -> subprocess.CompletedProcess[str]:
    clean = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTEST_", "GITHUB_")) and name != "CI"
    }
    return subprocess.run(
        [sys.executable, "-m", *words],
        cwd=where,
        env=clean,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def pytest_in(where: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return run(where, "pytest", "-p", "no:locust", "-p", "no:schemathesis", *words)


def report(where: Path) -> dict[str, object]:
    document = json.loads((where / ".cutover/gate.json").read_text("utf-8"))
    assert isinstance(document, dict)
    return document


def test_init_then_the_first_run_gives_a_live_verdict(
    tmp_path: Path, urls: tuple[str, str, str]
) -> None:
    init = run(tmp_path, "pytest_cutover", "init", "--baseline", urls[0], "--candidate", urls[1])
    assert init.returncode == 0, init.stderr
    assert "next: pytest --cutover-target=staging" in init.stdout
    first = pytest_in(tmp_path, "--cutover-target=staging")
    assert (first.returncode, report(tmp_path)["verdict"]) == (0, "GO"), first.stdout
    assert "unrecorded" in first.stdout


def test_what_httpbin_makes_up_anew_is_no_difference(
    tmp_path: Path, urls: tuple[str, str, str]
) -> None:
    (tmp_path / "test_many.py").write_text(
        textwrap.dedent(
            f"""
            import pytest

            @pytest.mark.characterization("GET /{{path}}")
            @pytest.mark.parametrize("path", {PATHS!r})
            def test_get(backend, path):
                backend.get(path)

            @pytest.mark.characterization("GET /redirect/{{n}}")
            def test_redirects(backend):
                assert backend.get("/redirect/3", follow_redirects=True).status_code == 200
            """
        )
    )
    same = pytest_in(
        tmp_path, f"--cutover-baseline={urls[0]}", f"--cutover-candidate={urls[1]}", "-q"
    )
    assert (same.returncode, report(tmp_path)["findings"]) == (0, []), same.stdout
    other = pytest_in(
        tmp_path, f"--cutover-baseline={urls[0]}", f"--cutover-candidate={urls[2]}", "-q"
    )
    findings = report(tmp_path)["findings"]
    assert isinstance(findings, list)
    # The two servers differ in one thing that a client notices: whether the connection stays open.
    assert {(one["kind"], one["pointer"]) for one in findings} == {
        ("header-missing", "/headers/connection")
    }, other.stdout


def test_one_test_is_worked_on_as_always(tmp_path: Path, urls: tuple[str, str, str]) -> None:
    """With the target from the ini file: PARTIAL, and pytest's own exit status."""
    (tmp_path / "pytest.ini").write_text("[pytest]\ncutover_target = staging\n")
    (tmp_path / "cutover.toml").write_text(
        f'[targets.staging]\nbaseline = {{ url = "{urls[0]}" }}\n'
        f'candidate = {{ url = "{urls[1]}" }}\n'
    )
    (tmp_path / "test_two.py").write_text(
        textwrap.dedent(
            """
            import pytest

            @pytest.mark.characterization("GET /uuid")
            def test_uuid(backend):
                assert backend.get("/uuid").status_code == 200

            @pytest.mark.characterization("GET /json")
            def test_json(backend):
                assert backend.get("/json").json()["slideshow"]["title"] == "Another"
            """
        )
    )
    good = pytest_in(tmp_path, "test_two.py::test_uuid")
    bad = pytest_in(tmp_path, "test_two.py::test_json")
    assert (good.returncode, bad.returncode) == (0, 1)
    assert "cutover: PARTIAL" in good.stdout


def test_a_write_needs_consent_and_says_how_it_is_given(
    tmp_path: Path, urls: tuple[str, str, str]
) -> None:
    (tmp_path / "test_post.py").write_text(
        textwrap.dedent(
            """
            import pytest

            @pytest.mark.characterization("POST /post")
            def test_post(backend):
                assert backend.post("/post", json={"id": backend.unique("A")}).status_code == 200
            """
        )
    )
    both = (f"--cutover-baseline={urls[0]}", f"--cutover-candidate={urls[1]}")
    refused = pytest_in(tmp_path, *both)
    assert refused.returncode == 1
    assert "If both may be written to, add --cutover-writes." in refused.stdout
    allowed = pytest_in(tmp_path, *both, "--cutover-writes")
    assert (allowed.returncode, report(tmp_path)["verdict"]) == (0, "GO"), allowed.stdout
