"""A blog behind json-server."""
# ruff: noqa: D103

import pytest

POSTS, POST = "GET /posts", "GET /posts/{id}"


@pytest.fixture
def post(backend):
    made = backend.post(
        "/posts",
        json={"title": backend.unique("title"), "author": "Clara", "views": 5, "tags": ["new"]},
    ).json()
    yield made
    backend.delete(f"/posts/{made['id']}")


@pytest.mark.characterization(POSTS)
def test_all_posts(backend):
    titles = [post["title"] for post in backend.get("/posts").json()]
    assert titles[:3] == ["Gates", "Fences", "Hedges"]


@pytest.mark.characterization(POST)
def test_one_post(backend):
    assert backend.get("/posts/1").json()["author"] == "Anna"


@pytest.mark.negative(POST, scenario="no such post")
def test_no_such_post(backend):
    assert backend.get("/posts/99999").status_code == 404


@pytest.mark.characterization("POST /posts")
def test_write_a_post(backend):
    made = backend.post(
        "/posts", json={"title": backend.unique("First of many"), "author": "Anna", "views": 0}
    )
    assert made.status_code == 201
    assert made.headers["location"].endswith(str(made.json()["id"]))


@pytest.mark.characterization("POST /posts", POST, "DELETE /posts/{id}")
def test_life_of_a_post(backend):
    made = backend.post("/posts", json={"title": backend.unique("short"), "views": 1}).json()
    assert backend.get(f"/posts/{made['id']}").json() == made
    assert backend.delete(f"/posts/{made['id']}").status_code == 200
    # An id is given anew: beside other tests somebody may have it already.
    assert backend.get(f"/posts/{made['id']}").status_code in (404, 200)


@pytest.mark.characterization("PUT /posts/{id}")
def test_replace_a_post(backend, post):
    answer = backend.put(f"/posts/{post['id']}", json={"title": "Replaced", "views": 9})
    assert answer.json() == {"title": "Replaced", "views": 9, "id": post["id"]}


@pytest.mark.characterization("PATCH /posts/{id}")
def test_change_a_post(backend, post):
    assert backend.patch(f"/posts/{post['id']}", json={"views": 6}).json()["views"] == 6


@pytest.mark.negative("PATCH /posts/{id}", scenario="no such post")
def test_change_of_nothing(backend):
    assert backend.patch("/posts/99999", json={"views": 6}).status_code == 404


@pytest.mark.characterization(POSTS)
@pytest.mark.parametrize(
    "query",
    [
        "author=Anna",
        "views_gte=7&views_lte=20",
        "title_like=^[FG]",
        "q=wood",
        "id=1&id=3",
        "author_ne=Clara&_sort=title",
    ],
)
def test_search(backend, query):
    assert backend.get(f"/posts?{query}").json()


@pytest.mark.characterization(POSTS)
def test_sorted_by_views(backend):
    views = [p["views"] for p in backend.get("/posts?_sort=views&_order=desc").json()]
    assert views == sorted(views, reverse=True)


@pytest.mark.characterization(POSTS)
def test_a_page(backend):
    answer = backend.get("/posts?_page=1&_limit=2")
    assert len(answer.json()) == 2
    assert int(answer.headers["x-total-count"]) >= 3
    assert 'rel="next"' in answer.headers["link"]


@pytest.mark.characterization(POSTS)
def test_the_last_ones(backend, post):
    answer = backend.get("/posts?_sort=id&_order=desc&_limit=2")
    assert answer.json()[0]["id"] >= post["id"]


@pytest.mark.characterization("GET /posts/{id}/comments")
def test_comments_of_a_post(backend):
    assert backend.get("/posts/1/comments").json()[0]["body"] == "Rusty"


@pytest.mark.characterization("POST /posts/{id}/comments", POST, "GET /posts/{id}/comments")
def test_comment_on_a_post(backend, post):
    made = backend.post(f"/posts/{post['id']}/comments", json={"body": backend.unique("so")})
    assert made.status_code == 201
    assert backend.get(f"/posts/{post['id']}/comments").json() == [made.json()]
    assert backend.get(f"/posts/{post['id']}?_embed=comments").status_code == 200


@pytest.mark.characterization("GET /comments")
def test_comments_with_their_posts(backend):
    assert backend.get("/comments?_expand=post").json()[0]["post"]["title"] == "Gates"


@pytest.mark.characterization("GET /profile", "PUT /profile")
def test_the_profile(backend):
    assert backend.get("/profile").json()["name"] == "Garden"
    assert backend.put("/profile", json={"name": "Garden", "open": True}).status_code == 200


@pytest.mark.characterization("GET /db")
def test_everything(backend):
    assert set(backend.get("/db").json()) == {"posts", "comments", "profile"}


@pytest.mark.negative("POST /posts", scenario="not JSON")
def test_not_json(backend):
    answer = backend.post(
        "/posts", content=b'{"title": ', headers={"content-type": "application/json"}
    )
    assert answer.is_error


@pytest.mark.characterization("GET /")
def test_the_page_of_the_server(backend):
    assert "text/html" in backend.get("/").headers["content-type"]
