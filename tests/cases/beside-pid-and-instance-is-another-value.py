"""Beside what belongs to each process, the candidate says something else: another number of workers, a feature too few,
another role in a cookie, a pid in quotes."""

import os
import secrets
import time

EXPECT = [
    "finding value /workers",
    "finding type /pid",
    "finding header-value /headers/x-version",
    "like: GET /features +(value|order|missing|added|length|type)",
    "text: GET /text",
    "text: GET /page",
    "text: GET /metrics",
    "text: POST /login",
]
INSTANCE = f"web-{secrets.token_hex(4)}"
SINCE = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime())


def answer(side, request):
    new = side == "candidate"
    workers, version = (1, "2.5") if new else (4, "2.4")
    features = {"search", "export", "import", "adit" if new else "audit"}
    headers = {"X-Served-By": INSTANCE}
    if request.path == "/features":
        return 200, headers, {"features": list(features)}
    if request.path == "/text":
        return 200, {"Content-Type": "text/plain"}, f"features: {', '.join(features)}\n"
    if request.path == "/page":
        page = f"<html><body><h1>Shop</h1><p>up since {SINCE}, {workers} workers</p></body></html>"
        return 200, {"Content-Type": "text/html"}, page
    if request.path == "/login":
        role = "admin" if new else "guest"
        return 200, [("Set-Cookie", f"route={INSTANCE}"), ("Set-Cookie", f"role={role}")], {}
    if request.path == "/metrics":
        text = f"process_id {os.getpid()}\nworkers {workers}\n"
        return 200, {"Content-Type": "text/plain"}, text
    pid = str(os.getpid()) if new else os.getpid()
    body = {"pid": pid, "instance": INSTANCE, "workers": workers}
    return 200, headers | {"X-Version": version}, body


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
