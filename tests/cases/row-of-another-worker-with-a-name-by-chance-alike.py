"""The newest rows were written by a test of another worker, which made up their names by itself, each side's its own."""

import json

EXPECT = "go"
ARGS = ["-n", "2", "--dist", "loadfile"]
TARGET = "shared_state = false\nwrites = true"
URLS = True


def answer(side, request):
    rows = request.state.setdefault("rows", [])
    if request.method == "POST":
        rows.append({"name": json.loads(request.body)["name"], "size": len(rows)})
        return 201, {}, rows[-1]
    if request.path == "/newest":
        return 200, {}, {"rows": rows[-2:]}
    return 200, {}, {"ok": True}


FILES = {
    "test_writes.py": """
import pathlib
import random
import uuid
import pytest


@pytest.mark.characterization("POST /rows")
def test_write(backend):
    for _ in range(3):
        name = f"{random.choice(['Ada', 'Grace', 'Barbara'])} and {uuid.uuid4().hex[:10]}"
        backend.post("/rows", json={"name": name})


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
