"""The client sends its subscription key in a header of the gateway's vendor; the answers differ, so a command that
repeats the request is shown. The key must not be in it, nor anywhere."""

EXPECT = ["finding value /plan", "nowhere: 7b1d44e09ac35f28"]


def answer(side, request):
    return 200, {}, {"plan": "large" if side == "candidate" else "small"}


TESTS = """
@C("GET /plan")
def test_plan(backend):
    backend.get("/plan", headers={"Ocp-Apim-Subscription-Key": "7b1d44e09ac35f28"})
"""
