"""Both sides write links to themselves with the name localhost and their own port, while the run calls them by address."""

EXPECT = "go"
URLS = True


def answer(side, request):
    me = f"http://localhost:{request.port}"
    return (
        200,
        {"Link": f'<{me}/items?page=2>; rel="next"'},
        {"items": [1], "next": f"{me}/items?page=2"},
    )


TESTS = """
@C("GET /items")
def test_it(backend):
    assert backend.get("/items").json()["items"] == [1]
"""
