"""A flag in the list was agreed to differ, so the client asks the candidate for one page more; what both sides
answer after that, a stock that is wrong on the candidate, was never compared."""

EXPECT = ["not-go", "accepted 1"]


def answer(side, request):
    new = side == "candidate"
    if request.path == "/stock":
        return 200, {}, {"pieces": 3 if new else 70}
    if "page=2" in request.path:
        return 200, {}, {"rows": [], "more": False}
    return 200, {}, {"rows": [{"n": 1}, {"n": 2}], "more": new}


TESTS = """
@C("GET /rows", "GET /stock")
def test_pages(backend):
    page = backend.get("/rows").json()
    if page["more"]:
        backend.get("/rows?page=2")
    backend.get("/stock")
"""

ACCEPTED = """
[[accepted]]
signature = "GET /rows | value | /more | boolean → boolean"
scope = ["test_case.py::test_pages"]
reason = "the new one says that there is more where the old one knew"
approver = "a team <team@example.com>"
expires = 2030-02-23
"""
