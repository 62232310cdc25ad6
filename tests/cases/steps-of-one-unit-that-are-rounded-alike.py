"""Both sides count in one database, and show halves that are rounded."""

import os

EXPECT = "go"
TARGET = "shared_state = true"


def counted(name, add=0):
    """The number in a file that both sides write to."""
    with open(f"counted-{name}", "ab") as file:
        file.write(b"x" * add)
    return os.path.getsize(f"counted-{name}")


def answer(side, request):
    name = request.path.strip("/")
    if request.method == "POST":
        counted(name, add=1)
        return 202, {}, {"accepted": True}
    score = counted(name)
    halves = {"up": -(-score // 2), "down": score // 2}
    return 200, {}, {"score": halves.get(name, score)}


TESTS = "".join(
    f"""
@C("GET /{name}")
def test_scores_{name}(backend):
    backend.get("/{name}")
    backend.post("/{name}", json={{"name": "Ada"}})
    backend.get("/{name}")
"""
    for name in ("up", "down", "whole")
)
