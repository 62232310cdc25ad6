"""The old side sends Link twice, the new one sends both links in one header with a comma, which HTTP says is the same."""

EXPECT = "go"


def answer(side, request):
    links = ['</items?page=2>; rel="next"', '</items?page=9>; rel="last"']
    pairs = (
        [("Link", link) for link in links] if side == "baseline" else [("Link", ", ".join(links))]
    )
    return 200, pairs, [1, 2]


TESTS = """
@C("GET /items")
def test_it(backend):
    assert backend.get("/items").json() == [1, 2]
"""
