"""Decimals became strings, that was agreed to; the client reads, edits and puts back what it read, and from the
first request that holds the string on nothing was compared: neither the failing update nor the refused removal."""

EXPECT = ["finding * *", "accepted 1"]


def answer(side, request):
    new = side == "candidate"
    if request.method == "GET":
        return 200, {}, {"name": "lamp", "price": "12.5" if new else 12.5}
    if request.method == "PUT":
        return (500 if new else 200), {}, {"saved": not new}
    return (403, {}, {"error": "no"}) if new else (204, {}, b"")


TESTS = """
@C("GET /wares/{id}", "PUT /wares/{id}", "DELETE /wares/{id}")
def test_edit(backend):
    ware = backend.get("/wares/1").json()
    ware["name"] = "desk lamp"
    backend.put("/wares/1", json=ware)
    backend.delete("/wares/1")
"""

ACCEPTED = """
[[accepted]]
signature = "GET /wares/{id} | type | /price | number → string"
scope = ["test_case.py::test_edit"]
reason = "decimals are strings now"
approver = "a team <team@example.com>"
expires = 2030-02-23
"""
