"""Both sides write full links to themselves, in a body, in Link and in Location, each with its own port."""

EXPECT = "go"


def answer(side, request):
    me = f"http://{request.headers['host']}"
    if request.path.startswith("/old"):
        return 301, {"Location": f"{me}/items"}, b""
    return (
        200,
        {"Link": f'<{me}/items?page=2>; rel="next"'},
        {"self": f"{me}/items", "next": f"{me}/items?page=2"},
    )


TESTS = """
@C("GET /items", "GET /old")
def test_it(backend):
    assert backend.get("/items").status_code == 200
    assert backend.get("/old", follow_redirects=False).status_code == 301
"""
