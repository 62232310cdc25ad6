"""The terms begin with another word, which a team agreed to. Later their end is another one too."""

import os

EXPECT = ["finding value /terms"]
AGREE = True
WORDS = "words of the terms that nobody reads to their end, " * 20


def answer(side, request):
    if side == "baseline":
        return 200, {}, {"terms": f"Old {WORDS} free of charge"}
    end = "at your charge" if os.environ.get("AGREED") else "free of charge"
    return 200, {}, {"terms": f"New {WORDS} {end}"}


TESTS = """
@C("GET /terms")
def test_terms(backend):
    assert backend.get("/terms").status_code == 200
"""
