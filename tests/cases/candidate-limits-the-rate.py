"""The candidate's gateway allows five requests and answers 429 to the rest of the run; what the application would have
said is not known."""

EXPECT = ["not-go", "like: rate.?limit|rate of requests|too many requests|throttl"]


def answer(side, request):
    request.state["n"] = request.state.get("n", 0) + 1
    if side == "candidate" and request.state["n"] > 5:
        return 429, {"Retry-After": "60"}, {"error": "slow down"}
    return 200, {}, {"n": request.path[-1]}


TESTS = "".join(
    f"""
@C("GET /pages/{{n}}")
def test_page_{n}(backend):
    backend.get("/pages/{n}")
"""
    for n in range(8)
)
