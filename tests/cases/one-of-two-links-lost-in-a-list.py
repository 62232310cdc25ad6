"""Two Link headers became one list, and the link to the last page was lost on the way."""

EXPECT = "no-go"


def answer(side, request):
    links = [
        '</items?page=2>; rel="next"',
        '</items?page=9>; rel="last"',
        '</items?page=1>; rel="first"',
    ]
    pairs = (
        [("Link", link) for link in links]
        if side == "baseline"
        else [("Link", ", ".join([links[0], links[2]]))]
    )
    return 200, pairs, [1, 2]


TESTS = """
@C("GET /items")
def test_it(backend):
    assert backend.get("/items").json() == [1, 2]
"""
