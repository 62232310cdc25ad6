"""That a create answers 200 in place of 201 was agreed to, for one case; with it went every look at the body, whose
total is wrong."""

EXPECT = ["finding value /total"]


def answer(side, request):
    new = side == "candidate"
    return (
        (200 if new else 201),
        {},
        {"total": 450 if new else 500, "currency": "EUR", "items": [1, 2, 3]},
    )


TESTS = """
@C("POST /orders")
def test_order(backend):
    assert backend.post("/orders", json={"a": 1}).is_success
"""

ACCEPTED = """
[[accepted]]
signature = "POST /orders | status |  | 201 → 200"
scope = ["test_case.py::test_order"]
reason = "the framework's default"
approver = "a team <team@example.com>"
expires = 2030-02-23
"""
