"""Both sides hand out links to a store that are signed anew for every request, one in each of two stores' habits."""

import base64
import hashlib
import os
import time
from urllib.parse import quote

EXPECT = "go"


def answer(side, request):
    request.state["n"] = request.state.get("n", 0) + 1
    moment = time.gmtime(time.time() - (27 if side == "candidate" else 20) + request.state["n"])
    first = hashlib.sha256(os.urandom(8)).hexdigest()
    second = quote(base64.b64encode(os.urandom(32)).decode(), safe="")
    day, at = time.strftime("%Y%m%d", moment), time.strftime("%Y%m%dT%H%M%SZ", moment)
    ends = quote(time.strftime("%Y-%m-%dT%H:%M:%SZ", moment), safe="")
    return (
        200,
        {},
        {
            "file": f"https://bucket.store.example/7.pdf?X-Amz-Credential=AKID%2F{day}%2Feu&X-Amz-Date={at}"
            f"&X-Amz-Expires=900&X-Amz-Signature={first}",
            "picture": f"https://acc.store.example/c/7.png?sv=2022-11-02&se={ends}&sr=b&sp=r&sig={second}",
            "pages": 3,
        },
    )


TESTS = """
@C("GET /invoices/7")
def test_it(backend):
    assert backend.get("/invoices/7").json()["pages"] == 3
"""
