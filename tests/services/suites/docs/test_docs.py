"""Documents that several people edit."""

import io
import zipfile

import pytest

LIST, ONE, PUT = "GET /docs", "GET /docs/{slug}", "PUT /docs/{slug}"
HISTORY = "GET /docs/{slug}/versions"


@pytest.fixture
def doc(backend):
    """The address of a document of this test's own."""
    body = {
        "title": f"Notes on {backend.unique('Topic')}",
        "content": "One.\nTwo.\n",
        "author": "ada",
    }
    return backend.post("/docs", json=body).headers["Location"]


def edit(backend, doc, content, **headers):
    sent = {"If-Match": backend.get(doc).headers["ETag"]} | headers
    return backend.put(doc, json={"content": content, "author": "grace"}, headers=sent)


@pytest.mark.characterization("POST /docs", ONE)
def test_create(backend):
    made = backend.post(
        "/docs", json={"title": f"A plan for {backend.unique('X')}", "content": "Do it."}
    )
    assert made.status_code == 201
    read = backend.get(made.headers["Location"])
    assert read.json() == made.json()
    assert read.headers["ETag"] == made.headers["ETag"]


@pytest.mark.characterization(ONE)
@pytest.mark.parametrize("slug", ["guide-01", "guide-25"])
def test_read(backend, slug):
    answer = backend.get(f"/docs/{slug}")
    assert answer.headers["Last-Modified"].endswith("2024 08:00:01 GMT") or slug != "guide-01"
    assert answer.headers["Cache-Control"] == "private, no-cache"


@pytest.mark.characterization(ONE)
def test_head(backend):
    answer = backend.head("/docs/guide-03")
    assert answer.headers["ETag"] == backend.get("/docs/guide-03").headers["ETag"]


@pytest.mark.characterization(ONE)
def test_not_modified(backend, doc):
    etag = backend.get(doc).headers["ETag"]
    answer = backend.get(doc, headers={"If-None-Match": etag})
    assert answer.status_code == 304
    assert answer.content == b""


@pytest.mark.characterization(PUT, HISTORY)
def test_edit(backend, doc):
    assert edit(backend, doc, "One.\nTwo and a half.\n").json()["version"] == 2
    assert edit(backend, doc, "One.\n").json()["version"] == 3
    history = backend.get(f"{doc}/versions").json()
    assert [one["version"] for one in history["versions"]] == [3, 2, 1]


@pytest.mark.characterization("GET /docs/{slug}/versions/{version}")
def test_an_old_version(backend, doc):
    edit(backend, doc, "Other.\n")
    assert backend.get(f"{doc}/versions/1").json()["content"] == "One.\nTwo.\n"


@pytest.mark.characterization("GET /docs/{slug}/diff")
def test_diff(backend, doc):
    edit(backend, doc, "One.\nTwo and a half.\n")
    answer = backend.get(f"{doc}/diff")
    assert "\n+Two and a half.\n" in answer.text


@pytest.mark.characterization("GET /docs/{slug}/diff")
def test_diff_of_a_guide(backend):
    assert backend.get("/docs/guide-10/diff", params={"from": 1}).status_code == 200


@pytest.mark.characterization("GET /docs/{slug}/archive.zip")
def test_archive(backend, doc):
    edit(backend, doc, "Other.\n")
    answer = backend.get(f"{doc}/archive.zip")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert [name.rsplit("/", 1)[1] for name in archive.namelist()] == ["1.md", "2.md"]


@pytest.mark.characterization(LIST)
def test_the_newest_comes_first(backend, doc):
    answer = backend.get("/docs", params={"limit": 20}).json()
    assert doc.rsplit("/", 1)[1] in [one["slug"] for one in answer["docs"]]
    assert answer["next_offset"] == 20


@pytest.mark.characterization(LIST)
def test_all_guides(backend):
    slugs, offset = [], 0
    while offset is not None:
        answer = backend.get("/docs", params={"prefix": "guide-", "offset": offset}).json()
        slugs += [one["slug"] for one in answer["docs"]]
        offset = answer["next_offset"]
    assert len(slugs) == answer["total"] == 27


@pytest.mark.characterization("POST /docs/{slug}/move", ONE, HISTORY)
def test_move(backend, doc):
    edit(backend, doc, "Moving soon.\n")
    target = f"kept-{doc.rsplit('/', 1)[1]}"
    assert backend.post(f"{doc}/move", json={"to": target}).status_code == 200
    old = backend.get(doc)
    assert (old.status_code, old.headers["Location"]) == (308, f"/docs/{target}")
    assert backend.get(f"/docs/{target}/versions").json()["count"] == 2


@pytest.mark.characterization("DELETE /docs/{slug}", ONE, LIST)
def test_delete(backend, doc):
    assert backend.delete(doc).status_code == 204
    assert backend.get(doc).status_code == 410
    found = backend.get("/docs", params={"prefix": doc.rsplit("/", 1)[1]}).json()
    assert found["total"] == 0


@pytest.mark.negative("POST /docs", scenario="exists already")
def test_exists_already(backend, doc):
    title = backend.get(doc).json()["title"]
    answer = backend.post("/docs", json={"title": title})
    assert answer.status_code == 409


@pytest.mark.negative(PUT, scenario="somebody was faster")
def test_somebody_was_faster(backend, doc):
    old = backend.get(doc).headers["ETag"]
    edit(backend, doc, "Faster.\n")
    late = backend.put(doc, json={"content": "Slower.\n"}, headers={"If-Match": old})
    assert late.status_code == 412
    assert late.headers["ETag"] != old


@pytest.mark.negative(PUT, scenario="without If-Match")
def test_without_if_match(backend, doc):
    assert backend.put(doc, json={"content": "Blind.\n"}).status_code == 428


@pytest.mark.negative("POST /docs/{slug}/move", scenario="bad target")
@pytest.mark.parametrize(("to", "status"), [("Not A Slug", 422), ("guide-01", 409), (None, 422)])
def test_bad_target(backend, doc, to, status):
    assert backend.post(f"{doc}/move", json={"to": to}).status_code == status


@pytest.mark.negative("GET /docs/{slug}/versions/{version}", scenario="unknown")
@pytest.mark.parametrize(
    "path", ["guide-01/versions/9", "guide-01/versions/x", "nothing/versions/1"]
)
def test_unknown(backend, path):
    assert backend.get(f"/docs/{path}").status_code == 404
