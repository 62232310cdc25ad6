"""The files of a release, each with a checksum of its own in every round, stand in reverse on the candidate, and
stand so in each of its processes."""

import hashlib
import json
import os

EXPECT = "finding order /files"


def answer(side, request):
    if request.method == "POST":
        with open(f"written-{side}", "ab") as log:
            log.write(b"x")
    serial = os.path.getsize(f"written-{side}") if os.path.exists(f"written-{side}") else 0
    headers = {"X-Serial": str(serial)}
    if request.method == "POST":
        return 201, headers, {"name": json.loads(request.body)["name"]}
    if request.path == "/status":
        return 200, headers, {"status": "up"}
    project = request.path.rpartition("/")[2]
    names = ["wheel", "sdist", "docs", "signature", "notes"][:: -1 if side == "candidate" else 1]
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
