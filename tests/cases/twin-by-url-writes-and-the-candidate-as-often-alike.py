"""A twin of the baseline, named by its URL, is asked about an instance that each process names, and writes to the
database of the baseline; the candidate has no twin, and every answer counts what was written to the database of its
side."""

import json
import os
import secrets

EXPECT = "go"
CUTOVER = """
[targets.t]
shared_state = false
writes = true
[targets.t.baseline]
url = "{BASELINE}"
twin_url = "{TWIN}"
[targets.t.candidate]
url = "{CANDIDATE}"
"""
TESTS = """
@C("POST /notes")
def test_write(backend):
    backend.post("/notes", json={"name": backend.unique("note")})

@C("GET /status")
def test_status(backend):
    backend.get("/status")
"""
INSTANCE = f"web-{secrets.token_hex(3)}"


def answer(side, request):
    written = int(os.environ.get(f"WRITTEN_{side}", "0")) + (request.method == "POST")
    os.environ[f"WRITTEN_{side}"] = str(written)  # that of all servers of this side
    headers = {"X-Serial": str(written)}
    if request.method == "POST":
        name = json.loads(request.body)["name"]
        return 201, headers, {"name": name, "instance": INSTANCE}
    return 200, headers, {"status": "up"}
