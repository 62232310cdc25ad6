"""An export of two megabytes has a date in each of its rows and a fresh id in its first line; learning what varies took minutes."""

import uuid

EXPECT = ["go", "seconds <= 40"]
TIMEOUT = 60
ROWS = "".join(
    f"{i},Item number {i},{i * 3},2024-01-{i % 28 + 1:02d}T10:00:00Z\r\n" for i in range(45000)
)


def answer(side, request):
    return 200, {"Content-Type": "text/csv"}, f"# {uuid.uuid4()}\r\n{ROWS}"


TESTS = """
@C("GET /orders.csv")
def test_it(backend):
    assert backend.get("/orders.csv").status_code == 200
"""
