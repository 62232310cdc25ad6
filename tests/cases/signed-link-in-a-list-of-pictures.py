"""A list of pictures holds signed links; the titles beside them differ, so the rows are shown."""

EXPECT = ["finding value /pictures/*/title", "nowhere: c4f1d8e2b6a90735"]
QUERY = "?X-Goog-Algorithm=RSA&X-Goog-Signature=c4f1d8e2b6a90735c4f1d8e2b6a90735c4f1d8e2b6a90735"


def answer(side, request):
    title = "Dusk" if side == "candidate" else "Dawn"
    rows = [
        {"n": n, "title": title, "src": f"https://img.example.com/{n}.png{QUERY}{n}"}
        for n in (1, 2)
    ]
    return 200, {}, {"pictures": rows}


TESTS = """
@C("GET /pictures")
def test_pictures(backend):
    backend.get("/pictures")
"""
