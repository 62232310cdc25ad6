"""The latest search stands first in a list in memory, and the candidate has it last; a fresh process knows none."""

EXPECT = "finding * *"


def answer(side, request):
    seen = request.state.setdefault("seen", ["nails", "wood", "paint"])
    if request.method == "POST":
        if "glue" not in seen:
            seen.insert(0 if side == "baseline" else len(seen), "glue")
        return 200, {}, {"ok": True}
    return 200, {}, {"searches": seen}


TESTS = """
@C("POST /searches")
def test_a_search(backend):
    backend.post("/searches", json={"for": "glue"})

@C("GET /searches")
def test_b_searches(backend):
    backend.get("/searches")
"""
