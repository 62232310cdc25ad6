"""Both sides are asked by URL and there is no twin, so the profile `process` is named: it waives the pid and the host of
health-like answers, and no other member, form or answer."""

import secrets

EXPECT = [
    "finding value /workers",
    "finding type /process/started_at",
    "finding value /pid",
    "text: GET /orders",
    "findings <= 3",
]
CUTOVER = """
[targets.t.baseline]
url = "{BASELINE}"
profile = ["process"]
[targets.t.candidate]
url = "{CANDIDATE}"
"""
TESTS = """
@C("GET /health")
def test_health(backend):
    backend.get("/health")

@C("GET /orders")
def test_orders(backend):
    backend.get("/orders")
"""
PID, HOST = secrets.randbelow(30_000), f"web-{secrets.token_hex(3)}"


def answer(side, request):
    new = side == "candidate"
    if request.path == "/orders":
        return 200, {}, {"pid": PID}
    started = "1764115200" if new else 1764115300
    process = {"pid": PID, "hostname": HOST, "started_at": started}
    return 200, {}, {"process": process, "pid": PID, "workers": 1 if new else 4}
