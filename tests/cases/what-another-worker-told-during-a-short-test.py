"""The newest two rows were written by a test of another worker, and told while this one was at
another test: the candidate names the wrong one as the newest.
"""

import json

EXPECT = ["no-go", "finding * /name"]
ARGS = ["-n", "2", "--dist", "loadfile"]
TARGET = "shared_state = false\nwrites = true"
URLS = True


def answer(side, request):
    rows = request.state.setdefault("rows", [])
    if request.method == "POST":
        rows.append(json.loads(request.body)["name"])
        return 201, {}, {"id": len(rows), "name": rows[-1]}
    if request.path == "/newest":
        return 200, {}, {"name": rows[-1 if side == "baseline" else -2]}
    return 200, {}, {"ok": True}


FILES = {
    "test_writes.py": """
import pathlib
import pytest


@pytest.mark.characterization("POST /rows")
def test_write(backend):
    for _ in range(3):
        backend.post("/rows", json={"name": backend.unique("plan")})


@pytest.mark.characterization("GET /ok")
def test_written(backend):
    backend.get("/ok")
    pathlib.Path(__file__).with_name("written").touch()
"""
}
TESTS = """
import pathlib
import time


@C("GET /ok")
def test_meanwhile(backend):
    for _ in range(600):
        if pathlib.Path(__file__).with_name("written").exists():
            break
        time.sleep(0.05)
    backend.get("/ok")


@C("GET /newest")
def test_newest(backend):
    backend.get("/newest")
"""
