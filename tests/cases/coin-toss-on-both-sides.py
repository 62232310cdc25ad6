"""An experiment gives one in two answers another colour, by chance and on both sides alike."""

import random

EXPECT = "not-no-go"


def answer(side, request):
    return 200, {}, {"title": "Welcome", "button": {"colour": random.choice(["blue", "green"])}}


TESTS = """
@C("GET /welcome")
@pytest.mark.parametrize("n", range(12))
def test_welcome(backend, n):
    assert backend.get("/welcome").json()["title"] == "Welcome"
"""
