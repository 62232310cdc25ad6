"""On shared staging other people create rows all the time: between any two requests the list of one database gets one
more, which no request of the run wrote."""

import os
import pathlib
import tempfile

EXPECT = "go"
URLS = True
TARGET = "writes = true"
ROWS = pathlib.Path(tempfile.gettempdir()) / f"case-shared-rows-{os.getpid()}"


def answer(side, request):
    rows = ROWS.read_text().split() if ROWS.exists() else ["seed"]
    rows.append(f"order-{len(rows):05d}")  # somebody else
    ROWS.write_text(" ".join(rows))
    return (
        200,
        {},
        {"orders": [{"id": n, "code": code} for n, code in enumerate(rows, 1)], "total": len(rows)},
    )


TESTS = """
@C("GET /orders")
def test_orders(backend):
    assert backend.get("/orders").json()["total"] > 0
"""
