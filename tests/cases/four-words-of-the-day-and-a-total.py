"""A text begins with four words that change on every request, goes on for a page, and ends with another total: the comparison did not come back."""

import random

EXPECT = ["no-go", "seconds <= 40"]
TIMEOUT = 60
WORDS = ["red", "blue", "green", "black", "white", "grey", "brown", "pink", "olive", "navy"]


def answer(side, request):
    tip = " ".join(random.sample(WORDS, 4))
    page = " ".join(f"word{i % 7} and" for i in range(150))
    return (
        200,
        {"Content-Type": "text/plain"},
        f"Tip of the day: {tip} {page} total {99 if side == 'candidate' else 10}",
    )


TESTS = """
@C("GET /tip")
def test_it(backend):
    assert backend.get("/tip").text.startswith("Tip")
"""
