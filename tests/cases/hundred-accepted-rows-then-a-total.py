"""Every row of a long list differs as agreed; the total behind the list is wrong, and was lost beyond the hundredth
difference."""

EXPECT = ["finding value /total"]


def answer(side, request):
    new = side == "candidate"
    rows = [{"n": i, "flag": "yes" if new else True} for i in range(150)]
    return 200, {}, {"rows": rows, "total": 999 if new else 150}


TESTS = """
@C("GET /rows")
def test_rows(backend):
    assert backend.get("/rows").status_code == 200
"""

ACCEPTED = """
[[accepted]]
signature = "GET /rows | type | /rows/*/flag | boolean → string"
scope = ["test_case.py::test_rows"]
reason = "agreed: the new one says yes or no"
approver = "a team <team@example.com>"
expires = 2030-02-23
"""
