"""A fixture creates an article before the test and removes it behind its yield. The candidate cannot remove: it
answers 500 there, and nobody looked at it."""

EXPECT = ["not-go"]


def answer(side, request):
    if request.method == "POST":
        return 201, {}, {"id": 5, "title": "x"}
    if request.method == "DELETE":
        return (500, {}, {"error": "boom"}) if side == "candidate" else (204, {}, b"")
    return 200, {}, {"id": 5, "title": "x"}


TESTS = """
@pytest.fixture
def article(backend):
    made = backend.post("/articles", json={"title": "x"}).json()["id"]
    yield made
    backend.delete(f"/articles/{made}")

@C("POST /articles", "DELETE /articles/{id}")
def test_article(backend, article):
    assert backend.get(f"/articles/{article}").status_code == 200
"""
