"""The fixture of a read test creates an article first. The candidate refuses to create it, so the test ends in an
error on that side before its first line; the refusal is the difference."""

EXPECT = ["finding status *", "text: POST /articles"]


def answer(side, request):
    if request.method == "POST":
        if side == "candidate":
            return 422, {}, {"detail": "description: at least 10 characters"}
        return 201, {}, {"id": 1}
    return 200, {}, {"id": 1, "description": "d"}


TESTS = """
@pytest.fixture
def article(backend):
    made = backend.post("/articles", json={"description": "d"})
    made.raise_for_status()
    return made.json()

@C("GET /articles/{id}")
def test_read(backend, article):
    assert backend.get(f"/articles/{article['id']}").is_success
"""
