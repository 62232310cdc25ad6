"""Every row of a long list differs as agreed, and nothing else does."""

EXPECT = "go"


def answer(side, request):
    rows = [{"n": i, "unit": None if side == "candidate" else "kg"} for i in range(160)]
    return 200, {}, {"rows": rows, "total": 160}


TESTS = """
@C("GET /scales")
def test_rows(backend):
    assert backend.get("/scales").json()["total"] == 160
"""

ACCEPTED = """
[[accepted]]
signature = "GET /scales | type | /rows/*/unit | string → null"
scope = ["test_case.py::test_rows"]
reason = "agreed: there was only one unit ever"
approver = "a team <team@example.com>"
expires = 2030-02-23
"""
