"""The candidate answers one page otherwise, and later its gateway answers 429: what was seen before stays a finding, and
the rest has no answer."""

EXPECT = [
    "finding value /n",
    "findings <= 1",
    "like: throttled: the candidate answered 429",
    "text: max_requests_per_second",
]


def answer(side, request):
    request.state["n"] = request.state.get("n", 0) + 1
    if side == "candidate" and request.state["n"] > 8:
        return 429, {"Retry-After": "60"}, {"error": "slow down"}
    wrong = side == "candidate" and request.path == "/pages/0"
    return 200, {}, {"n": "x" if wrong else request.path[-1]}


TESTS = "".join(
    f"""
@C("GET /pages/{{n}}")
def test_page_{n}(backend):
    backend.get("/pages/{n}")
"""
    for n in range(9)
)
