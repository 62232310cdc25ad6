"""A conftest removes the tests with a marker of its own from the collection and tells nobody. One of them would have
shown the difference."""

EXPECT = ["not-go"]
INI = "markers =\n    nightly: only at night\n"


def answer(side, request):
    return 200, {}, {"rate": 7 if side == "candidate" and request.path == "/rates" else 19}


TESTS = """
@C("GET /countries")
def test_countries(backend):
    backend.get("/countries")

@pytest.mark.nightly
@C("GET /rates")
def test_rates(backend):
    backend.get("/rates")
"""

CONFTEST = """
def pytest_collection_modifyitems(items):
    items[:] = [item for item in items if item.get_closest_marker("nightly") is None]
"""
