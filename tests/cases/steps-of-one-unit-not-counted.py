"""Both sides count in one database; what is posted to the candidate is not counted."""

import os

EXPECT = ["finding value /score", "findings <= 1"]
TARGET = "shared_state = true"


def counted(name, add=0):
    """The number in a file that both sides write to."""
    with open(f"counted-{name}", "ab") as file:
        file.write(b"x" * add)
    return os.path.getsize(f"counted-{name}")


def answer(side, request):
    if request.method == "POST":
        counted("score", add=side == "baseline")
        return 202, {}, {"accepted": True}
    return 200, {}, {"score": counted("score")}


TESTS = """
@C("GET /scores")
def test_scores_are_counted(backend):
    backend.get("/scores")
    backend.post("/scores", json={"name": "Ada"})
    backend.get("/scores")
"""
