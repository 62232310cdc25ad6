"""Answers tell the pid, the instance in a member, in a header, in a cookie and in a page, when it was started, and list
a set in the order of its hash seed: all of that belongs to a process, and not to the code."""

import os
import secrets
import time

EXPECT = "go"
INSTANCE = f"web-{secrets.token_hex(4)}"
STARTED = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
SINCE = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime())
FEATURES = {"search", "export", "import", "audit"}


def answer(side, request):
    headers = {"X-Served-By": INSTANCE}
    if request.path == "/features":
        return 200, headers, {"features": list(FEATURES)}
    if request.path == "/text":
        text = f"features: {', '.join(FEATURES)}\n"
        return 200, {"Content-Type": "text/plain"} | headers, text
    if request.path == "/page":
        page = f"<html><body><h1>Shop</h1><p>up since {SINCE}, 4 workers</p></body></html>"
        return 200, {"Content-Type": "text/html"}, page
    if request.path == "/login":
        return 200, {"Set-Cookie": f"route={INSTANCE}; Path=/"}, {"user": "ann"}
    if request.path == "/metrics":
        text = f"process_id {os.getpid()}\nprocess_start {STARTED}\nworkers 4\n"
        return 200, {"Content-Type": "text/plain"}, text
    body = {"pid": os.getpid(), "instance": INSTANCE, "started_at": STARTED, "workers": 4}
    return 200, headers, body


TESTS = (
    "".join(
        f"""
@C("GET /{name}")
def test_{name}(backend):
    backend.get("/{name}")
"""
        for name in ("status", "features", "text", "page", "metrics")
    )
    + """
@C("POST /login")
def test_login(backend):
    backend.post("/login", json={"user": "ann"})
"""
)
