"""Files of a release stand in an order that each process draws when it starts, the first four of the baseline the same
by chance: further ones are asked, and each of them writes. Every answer counts what was written to its database."""

import functools
import hashlib
import json
import os

EXPECT = "go"


def counted(name, add=0):
    with open(name, "ab") as log:
        log.write(b"x" * add)
    return os.path.getsize(name)


@functools.cache
def turn(side):
    return counted(f"started-{side}", add=1)


def answer(side, request):
    headers = {"X-Serial": str(counted(f"written-{side}", add=request.method == "POST"))}
    if request.method == "POST":
        return 201, headers, {"name": json.loads(request.body)["name"]}
    if request.path == "/status":
        return 200, headers, {"status": "up"}
    project = request.path.rpartition("/")[2]
    names = ["wheel", "sdist", "docs", "signature", "notes"]
    names = names[::-1] if side == "candidate" or turn(side) > 4 else names
    files = [
        {"kind": name, "sha256": hashlib.sha256(f"{project} {name}".encode()).hexdigest()}
        for name in names
    ]
    return 200, headers, {"files": files}


TESTS = """
@C("GET /files/{project}")
def test_files(backend):
    name = backend.unique("project")
    backend.post("/files", json={"name": name})
    backend.get(f"/files/{name}")

@C("GET /status")
def test_status(backend):
    backend.get("/status")
"""
