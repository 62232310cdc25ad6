"""The terms begin with another word, which a team agreed to. Nothing changes after that."""

EXPECT = ["go", "accepted 1"]
AGREE = True
WORDS = "words of the terms that nobody reads to their end, " * 20


def answer(side, request):
    return 200, {}, {"terms": f"{'Old' if side == 'baseline' else 'New'} {WORDS}"}


TESTS = """
@C("GET /terms")
def test_terms(backend):
    assert backend.get("/terms").status_code == 200
"""
