"""The feed, as its users know it."""

import pytest

LIST, READ = "GET /posts", "GET /posts/{id}"


@pytest.fixture
def post(backend):
    """A post of this test's own."""
    return backend.post(
        "/posts",
        json={"author": "ada", "text": f"About {backend.unique('topic')}", "tags": ["news"]},
    ).json()


@pytest.mark.characterization("GET /health")
def test_health(backend):
    assert backend.get("/health").json()["status"] == "ok"


@pytest.mark.characterization("POST /posts", READ)
def test_create_and_read(backend):
    text = f"Hello from {backend.unique('town')}"
    created = backend.post("/posts", json={"author": "grace", "text": text, "tags": ["howto"]})
    assert created.status_code == 201
    read = backend.get(created.headers["Location"])
    assert read.json()["text"] == text
    assert read.json()["likes"] == 0


@pytest.mark.characterization("POST /posts", LIST)
def test_the_newest_comes_first(backend, post):
    items = backend.get("/posts").json()["items"]
    assert post["id"] in [item["id"] for item in items]
    assert items == sorted(items, key=lambda item: -item["id"])


@pytest.mark.characterization(LIST)
def test_two_pages_by_cursor(backend):
    first = backend.get("/posts", params={"limit": 10}).json()
    second = backend.get("/posts", params={"limit": 10, "cursor": first["next_cursor"]}).json()
    assert len(first["items"]) == len(second["items"]) == 10
    assert first["items"][-1]["id"] > second["items"][0]["id"]


@pytest.mark.characterization(LIST)
def test_all_pages_of_one_author(backend):
    seen, cursor = [], ""
    while cursor is not None:
        query = {"author": "edsger", "limit": 5, "cursor": cursor}
        answer = backend.get("/posts", params=query).json()
        seen += answer["items"]
        cursor = answer["next_cursor"]
    assert [post["id"] for post in seen] == list(range(60, 0, -5))


@pytest.mark.characterization(LIST)
def test_the_next_page_by_its_link(backend):
    first = backend.get("/posts", params={"author": "linus", "limit": 4})
    link = first.links["next"]["url"]
    assert backend.get(link).status_code == 200


@pytest.mark.characterization(LIST)
@pytest.mark.parametrize("tag", ["release", "question", "pinned", "nothing-has-this"])
def test_filter_by_tag(backend, tag):
    answer = backend.get("/posts", params={"tag": tag}).json()
    assert all(tag in post["tags"] for post in answer["items"])


@pytest.mark.characterization("PATCH /posts/{id}", LIST)
def test_edit(backend, post):
    edited = backend.patch(f"/posts/{post['id']}", json={"text": "Second thoughts"}).json()
    assert edited["edited_at"] >= edited["created_at"]
    assert backend.get("/posts").status_code == 200


@pytest.mark.characterization("PATCH /posts/{id}", LIST)
def test_an_edit_leaves_the_other_post_alone(backend):
    author = backend.unique("author")
    for text in ("One", "Two"):
        last = backend.post("/posts", json={"author": author, "text": text}).json()
    backend.patch(f"/posts/{last['id']}", json={"text": "Three"})
    items = backend.get("/posts", params={"author": author}).json()["items"]
    assert [item["text"] for item in items] == ["Three", "One"]


@pytest.mark.characterization("DELETE /posts/{id}", READ, LIST)
def test_delete(backend, post):
    assert backend.delete(f"/posts/{post['id']}").status_code == 204
    assert backend.get(f"/posts/{post['id']}").status_code == 404
    left = backend.get("/posts").json()["items"]
    assert post["id"] not in [item["id"] for item in left]


@pytest.mark.characterization("POST /posts/{id}/like")
def test_like_twice(backend, post):
    backend.post(f"/posts/{post['id']}/like")
    assert backend.post(f"/posts/{post['id']}/like").json()["likes"] == 2


@pytest.mark.characterization("POST /posts/{id}/like", READ)
def test_like_a_post_of_the_archive(backend):
    before = backend.get("/posts/17").json()["likes"]
    after = backend.post("/posts/17/like").json()["likes"]
    assert after > before


@pytest.mark.characterization("POST /posts/{id}/comments", "GET /posts/{id}/comments")
def test_comments(backend, post):
    url = f"/posts/{post['id']}/comments"
    for text in ("First!", "Second.", f"I saw {backend.unique('thing')}"):
        assert backend.post(url, json={"author": "linus", "text": text}).status_code == 201
    answer = backend.get(url).json()
    assert answer["comments"][0]["text"] == "First!"
    assert answer["count"] == 3


@pytest.mark.characterization("GET /posts/{id}/comments")
def test_comments_of_the_archive(backend):
    assert backend.get("/posts/60/comments").json()["count"] == 4


@pytest.mark.characterization("POST /posts/{id}/picture")
def test_picture(backend, post):
    content = b"\x89PNG\r\n\x1a\n" + bytes(range(200))
    files = {"picture": ("cat.png", content, "image/png")}
    answer = backend.post(f"/posts/{post['id']}/picture", files=files)
    assert answer.json()["size"] == len(content)


@pytest.mark.characterization("GET /feed.atom")
def test_atom(backend, post):
    answer = backend.get("/feed.atom")
    assert answer.headers["content-type"] == "application/atom+xml"
    assert answer.text.count("<entry>") == 10


@pytest.mark.negative("POST /posts", scenario="no text")
@pytest.mark.parametrize(
    "text", ["", "  ", None, "x" * 501], ids=["empty", "blank", "null", "long"]
)
def test_text_is_required(backend, text):
    assert backend.post("/posts", json={"author": "ada", "text": text}).status_code == 422


@pytest.mark.negative(LIST, scenario="bad paging")
@pytest.mark.parametrize("query", ["limit=0", "limit=51", "limit=many", "cursor=nonsense"])
def test_bad_paging(backend, query):
    assert backend.get(f"/posts?{query}").is_client_error


@pytest.mark.negative(READ, scenario="unknown post")
def test_unknown_post(backend):
    assert backend.get("/posts/999999999").status_code == 404


@pytest.mark.negative("POST /posts/{id}/picture", scenario="a text for a picture")
def test_a_text_is_no_picture(backend, post):
    files = {"picture": ("cat.txt", b"meow", "text/plain")}
    assert backend.post(f"/posts/{post['id']}/picture", files=files).status_code == 415
