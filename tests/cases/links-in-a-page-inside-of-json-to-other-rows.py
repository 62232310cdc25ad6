"""A chooser answers JSON with a piece of a page in a text, on data of each side's own: the candidate's
links lead to other pictures."""

import hashlib
import json

TARGET = "shared_state = false"
EXPECT = "not-go"


def answer(side, request):
    rows = request.state.setdefault("rows", [])
    if request.method == "POST":
        rows.append(json.loads(request.body)["title"])
        return 201, {}, {"id": len(rows), "title": rows[-1]}
    step = 3 * (side == "candidate")
    lines = "".join(
        f'<li><a title="{title}" href="/images/{at + step}/"><img src="/media/{title}'
        f'.{hashlib.sha1(title.encode()).hexdigest()[:8]}.png"><b>{title}</b></a></li>'
        for at, title in reversed([*enumerate(rows, 1)])
    )
    return 200, {}, {"html": f"<h1>Choose an image</h1><ul>{lines}</ul>"}


TESTS = """
@pytest.mark.parametrize("at", range(4))
@C("POST /images")
def test_make(backend, at):
    backend.post("/images", json={"title": backend.unique("pear")})

@C("GET /chooser")
def test_chooser(backend):
    title = backend.unique("plum")
    backend.post("/images", json={"title": title})
    assert title in backend.get("/chooser").json()["html"]
"""
