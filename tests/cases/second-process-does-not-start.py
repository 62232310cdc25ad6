"""The baseline refuses to run twice: what belongs to a process cannot be told, and that is said."""

import os
import pathlib
import sys

EXPECT = ["finding value /pid", "text: a second process of the baseline could not be started"]
ONCE = pathlib.Path(f"only-once-{sys.argv[1]}") if len(sys.argv) == 4 else None
if ONCE is not None and sys.argv[1] == "baseline":
    ONCE.mkdir()


def answer(side, request):
    return 200, {}, {"pid": os.getpid()}


TESTS = """
@C("GET /status")
def test_status(backend):
    backend.get("/status")
"""
