"""Further processes of the baseline: started where they are needed, like the first, and stopped."""

from __future__ import annotations

import os

import psutil
import pytest

from tests.harness.project import Project

SERVER = """
import json, os, sys
from http.server import BaseHTTPRequestHandler, HTTPServer

side, port = sys.argv[1:]
with open("starts.txt", "a") as file:
    file.write(f"{side} {os.environ['FROM_HOOK']}\\n")

class Handler(BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_GET(self):
        body = json.dumps({"pid": os.getpid() if self.path != "/" else 0}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

HTTPServer(("127.0.0.1", int(port)), Handler).serve_forever()
"""
HOOK = """
def pytest_cutover_environment(target, side, cleanup):
    with open("hooks.txt", "a") as file:
        file.write(f"{side}\\n")
    return {"FROM_HOOK": f"of-the-{side}"}
"""
TESTS = """
import pytest

@pytest.mark.parametrize("n", range(3))
@pytest.mark.characterization("GET /pages/{n}")
def test_page(backend, n):
    backend.get(f"/pages/{n}")
"""


@pytest.mark.parametrize("workers", [0, 2])
def test_twins_are_like_the_baseline_and_are_stopped(project: Project, workers: int) -> None:
    server = project.write("twin_server.py", SERVER)
    project.write(
        "cutover.toml",
        "".join(
            f'[targets.local.{side}]\ncommand = ["{{python}}", "{server}", "{side}", "{{port}}"]\n'
            for side in ("baseline", "candidate")
        ),
    )
    project.write("conftest.py", HOOK)
    project.write("test_it.py", TESTS)
    more = ["-n", str(workers)] if workers else []
    run = project.run("--cutover-target=local", *more, gate=False, apart=True)
    assert run.verdict == "GO"
    starts = (project.path / "starts.txt").read_text().splitlines()
    asking = [1] if not workers else [1, 2]
    assert starts.count("baseline of-the-baseline") - 1 in [2 * each for each in asking]
    assert starts.count("candidate of-the-candidate") == 1
    assert sorted((project.path / "hooks.txt").read_text().split()) == ["baseline", "candidate"]
    left = [
        process.pid
        for process in psutil.process_iter(["cmdline"])
        if str(server) in " ".join(process.info["cmdline"] or []) and process.pid != os.getpid()
    ]
    assert left == []
