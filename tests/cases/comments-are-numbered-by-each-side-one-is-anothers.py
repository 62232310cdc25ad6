"""Each side numbers the comments of all articles by itself; the candidate lists another comment than that of the article as its last."""

import uuid

EXPECT = ["no-go", "finding * *"]


def answer(side, request):
    comments = request.state.setdefault("comments", [])
    if request.method == "POST" and request.path == "/articles":
        return 201, {}, {"id": str(uuid.uuid4())}
    article = request.path.split("/")[2]
    if request.method == "POST":
        comments.append(article)
        return 201, {}, {"type": "comments", "id": str(len(comments))}
    own = [str(at) for at, one in enumerate(comments, 1) if one == article]
    if side == "candidate":
        own[-1] = str(len(comments) - 1)
    return 200, {}, {"comments": [{"type": "comments", "id": one} for one in own]}


TESTS = """
@C("POST /articles", "POST /articles/{id}/comments", "GET /articles/{id}")
@pytest.mark.parametrize("turn", [1, 2])
def test_it(backend, turn):
    article = backend.post("/articles").json()["id"]
    for _ in range(2):
        backend.post(f"/articles/{article}/comments")
    assert len(backend.get(f"/articles/{article}").json()["comments"]) == 2
"""
