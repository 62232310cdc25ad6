"""Both sides pack what is long; a test of another worker has rows there in the one turn of a test that lists them, and removes them."""

import gzip
import json

EXPECT = "go"
ARGS = ["-n", "2", "--dist", "loadfile"]
TARGET = "shared_state = false\nwrites = true"
URLS = True


def answer(side, request):
    rows = request.state.setdefault("rows", [{"id": 1, "name": "Ada"}])
    if request.method == "POST":
        rows.append({"id": len(rows) + 1, "name": json.loads(request.body)["name"]})
        return 201, {}, rows[-1]
    if request.method == "DELETE":
        del rows[1:]
        return 204, {}, b""
    if request.path != "/db":
        return 200, {}, {"ok": True}
    body = json.dumps({"rows": rows}).encode()
    if len(body) < 500:
        return 200, {"Content-Type": "application/json"}, body
    packed = {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    return 200, {"Content-Type": "application/json", **packed}, gzip.compress(body, mtime=0)


WAITING = """
import pathlib
import time

FOLDER = pathlib.Path(__file__).parent


def waited_for(name):
    for _ in range(400):
        if (FOLDER / name).exists():
            return
        time.sleep(0.05)
"""
FILES = {
    "test_writes.py": WAITING
    + """
import pytest


@pytest.mark.characterization("POST /rows")
def test_write(backend, request):
    if "baseline" in request.node.name:
        waited_for("read")
    for number in range(12):
        backend.post("/rows", json={"name": f"Grace the {number}th of her name"})
    if "candidate" in request.node.name:
        (FOLDER / "written").touch()
        waited_for("seen")
    backend.delete("/rows")
"""
}
TESTS = (
    WAITING
    + """

@C("GET /db")
def test_everything(backend, request):
    if "candidate" in request.node.name:
        waited_for("written")
    backend.get("/db")
    (FOLDER / ("seen" if "candidate" in request.node.name else "read")).touch()


@C("GET /ok")
def test_ok(backend):
    backend.get("/ok")
"""
)
