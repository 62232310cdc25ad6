"""A status page in YAML shows the time; the service behind it is broken on the new side, which is not seen because its type is not a text type."""

import time

EXPECT = ["finding value /status", "findings <= 1"]


def answer(side, request):
    status = "broken" if side == "candidate" else "ok"
    return (
        200,
        {"Content-Type": "application/x-yaml"},
        f"nanoseconds: {time.time_ns()}\nstatus: {status}\nworkers: [1, 2]\n",
    )


TESTS = """
@C("GET /status.yaml")
def test_it(backend):
    assert "workers" in backend.get("/status.yaml").text
"""
