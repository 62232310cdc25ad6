"""Each picture's file has its title and a short hash in its name, on the candidate that of the
first picture."""

import hashlib
import json

TARGET = "shared_state = false"
EXPECT = "not-go"


def stamp(title):
    return hashlib.sha1(title.encode()).hexdigest()[:8]


def answer(side, request):
    rows = request.state.setdefault("rows", [])
    if request.method == "POST":
        rows.append(json.loads(request.body)["title"])
        return 201, {}, {"id": len(rows), "title": rows[-1]}
    shown = reversed([*enumerate(rows, 1)])
    files = [
        (at, title, f"{title}.{stamp(title if side == 'baseline' else rows[0])}.max-165.png")
        for at, title in shown
    ]
    return 200, {}, [{"id": at, "title": title, "file": file} for at, title, file in files]


TESTS = """
@pytest.mark.parametrize("at", range(4))
@C("POST /images")
def test_make(backend, at):
    backend.post("/images", json={"title": backend.unique("pear")})

@C("GET /images")
def test_images(backend):
    title = backend.unique("plum")
    backend.post("/images", json={"title": title})
    assert title in backend.get("/images").text
"""
