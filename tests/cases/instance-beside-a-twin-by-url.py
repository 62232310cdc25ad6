"""Both sides are asked by URL, and the configuration names a second process of the baseline: the instance belongs to each
of them, and the number of workers to the code."""

import secrets

EXPECT = ["finding value /workers", "findings <= 1"]
CUTOVER = """
[targets.t.baseline]
url = "{BASELINE}"
twin_url = "{TWIN}"
[targets.t.candidate]
url = "{CANDIDATE}"
"""
TESTS = """
@C("GET /status")
def test_status(backend):
    backend.get("/status")
"""
INSTANCE = f"web-{secrets.token_hex(3)}"


def answer(side, request):
    workers = 1 if side == "candidate" else 4
    return 200, {"X-Served-By": INSTANCE}, {"instance": INSTANCE, "workers": workers}
