"""The pid and the instance belong to each process, and the suite runs in two workers."""

import os

EXPECT = "go"
ARGS = ["-n", "2"]


def answer(side, request):
    return 200, {"X-Served-By": f"web-{os.getpid()}"}, {"pid": os.getpid(), "path": request.path}


TESTS = "".join(
    f"""
@C("GET /pages/{{n}}")
def test_page_{n}(backend):
    backend.get("/pages/{n}")
"""
    for n in range(6)
)
