"""Ids changed from numbers to strings, that was agreed to, and everything after the create was compared no more."""

EXPECT = ["finding status *", "finding * /stock", "accepted 1"]


def answer(side, request):
    new = side == "candidate"
    if request.method == "POST":
        return 201, {}, {"id": "b7f3c1d9" if new else 101, "name": "x"}
    if request.method == "GET":
        return 200, {}, {"name": "x", "stock": "ZERO" if new else 7}
    return (500 if new else 204), {}, b""


TESTS = """
@C("POST /items", "GET /items/{id}", "DELETE /items/{id}")
def test_it(backend):
    made = backend.post("/items", json={"name": "x"}).json()["id"]
    backend.get(f"/items/{made}")
    backend.delete(f"/items/{made}")
"""

ACCEPTED = """
[[accepted]]
signature = "POST /items | type | /id | number → string"
scope = ["test_case.py::test_it"]
reason = "ids are strings now"
approver = "a team <team@example.com>"
expires = 2030-02-23
"""
