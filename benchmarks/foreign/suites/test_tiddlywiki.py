"""A wiki behind tiddlywiki."""
# ruff: noqa: ARG001, D103

import pytest

PASSWORD = "Correct-Horse-7"
TIDDLER = "GET /recipes/default/tiddlers/{title}"
OURS = {"x-requested-with": "TiddlyWiki"}


@pytest.fixture(scope="session")
def cutover_login(backend):
    backend.auth = ("anna", PASSWORD)
    return True


def put(backend, title, **fields):
    return backend.put(
        f"/recipes/default/tiddlers/{title}", headers=OURS, json={"title": title, **fields}
    )


@pytest.fixture
def tiddler(backend):
    title = backend.unique("Gate")
    answer = put(backend, title, text="Oil the ''hinges''.", tags="garden iron", mood="calm")
    assert answer.status_code == 204
    return title


@pytest.mark.characterization("GET /status")
def test_status(backend):
    assert backend.get("/status").json()["username"] == "anna"


@pytest.mark.negative("GET /status", scenario="nobody")
def test_status_of_nobody(backend):
    assert backend.as_user(None).get("/status").status_code == 401


@pytest.mark.characterization("GET /")
def test_the_whole_wiki(backend):
    assert "TiddlyWiki" in backend.get("/").text[:3000]


@pytest.mark.characterization("PUT /recipes/default/tiddlers/{title}")
def test_put(backend, tiddler):
    assert tiddler


@pytest.mark.negative("PUT /recipes/default/tiddlers/{title}", scenario="not by its own page")
def test_put_from_elsewhere(backend):
    title = backend.unique("Gate")
    answer = backend.put(f"/recipes/default/tiddlers/{title}", json={"title": title})
    assert answer.status_code == 403


@pytest.mark.characterization(TIDDLER)
def test_get(backend, tiddler):
    found = backend.get(f"/recipes/default/tiddlers/{tiddler}").json()
    assert found["text"] == "Oil the ''hinges''."


@pytest.mark.characterization("PUT /recipes/default/tiddlers/{title}", TIDDLER)
def test_put_again(backend, tiddler):
    first = put(backend, tiddler, text="Paint the posts.")
    second = put(backend, tiddler, text="Paint the posts twice.")
    assert first.headers["etag"] != second.headers["etag"]
    assert "twice" in backend.get(f"/recipes/default/tiddlers/{tiddler}").json()["text"]


@pytest.mark.negative(TIDDLER, scenario="no such tiddler")
def test_no_such_tiddler(backend):
    assert backend.get("/recipes/default/tiddlers/Nothing").status_code == 404


@pytest.mark.characterization("GET /recipes/default/tiddlers.json")
def test_list(backend, tiddler):
    titles = [one["title"] for one in backend.get("/recipes/default/tiddlers.json").json()]
    assert tiddler in titles


@pytest.mark.characterization("GET /{title}")
def test_a_page_of_one(backend, tiddler):
    assert "<strong>hinges</strong>" in backend.get(f"/{tiddler}").text


@pytest.mark.characterization("DELETE /bags/default/tiddlers/{title}", TIDDLER)
def test_delete(backend, tiddler):
    assert backend.delete(f"/bags/default/tiddlers/{tiddler}", headers=OURS).status_code == 204
    assert backend.get(f"/recipes/default/tiddlers/{tiddler}").status_code == 404


@pytest.mark.characterization("GET /favicon.ico")
def test_the_icon(backend):
    assert backend.get("/favicon.ico").status_code == 200
