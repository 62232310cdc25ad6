"""Somebody copies the id of the failed test from the summary and runs it again: the difference must be shown, not only
that there is nothing to compare with."""

ARGS = ["test_case.py::test_weight[candidate]"]
EXPECT = ["not-go", "like: /w .*number → string"]


def answer(side, request):
    return 200, {}, {"w": "500" if side == "candidate" else 500}


TESTS = """
@C("GET /lots/{id}")
def test_weight(backend):
    assert backend.get("/lots/1").json()["w"]
"""
