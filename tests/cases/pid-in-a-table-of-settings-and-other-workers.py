"""The status is a table of names and values, as CSV and in JSON: pid and start belong to each process, and in another
row of the same table stands another number of workers."""

import os
import time

EXPECT = ["finding value /rows/*/*", "finding value /settings/*/value", "findings <= 2"]
BEGAN = int(time.time() * 1000)


def answer(side, request):
    rows = {"started": BEGAN, "pid": os.getpid(), "workers": 5 if side == "candidate" else 4}
    if request.path == "/status.csv":
        table = "".join(f"{name},{value}\n" for name, value in rows.items())
        return 200, {"Content-Type": "text/csv"}, "name,value\n" + table
    return 200, {}, {"settings": [{"name": name, "value": value} for name, value in rows.items()]}


TESTS = """
@C("GET /status.csv")
def test_table(backend):
    backend.get("/status.csv")

@C("GET /status")
def test_status(backend):
    backend.get("/status")
"""
