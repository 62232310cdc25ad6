"""Finding documents."""

import pytest

SEARCH, ADD = "GET /search", "POST /documents"


def search(backend, **query):
    return backend.get("/search", params=query).json()


@pytest.fixture
def document(backend):
    """A document about a word that nobody else uses: the word and the number."""
    word = backend.unique("topic")
    body = {"title": f"About {word}", "body": f"Nothing but {word} here.", "kind": "story"}
    return word, backend.post("/documents", json=body).json()["id"]


@pytest.mark.characterization(SEARCH)
@pytest.mark.parametrize("q", ["river", "quiet harbour", "castle garden", "nothing of this", ""])
def test_search(backend, q):
    answer = search(backend, q=q)
    assert len(answer["hits"]) == min(10, answer["total"])


@pytest.mark.characterization(SEARCH)
def test_best_first(backend):
    answer = search(backend, q="museum", size=50)
    scores = [hit["score"] for hit in answer["hits"]]
    assert scores == sorted(scores, reverse=True)
    assert answer["max_score"] == scores[0]


@pytest.mark.characterization(SEARCH)
@pytest.mark.parametrize("query", [{"kind": "map"}, {"from": 2010}, {"from": 1995, "to": 2003}])
def test_filters(backend, query):
    assert search(backend, q="tower", **query)["total"] > 0


@pytest.mark.characterization(SEARCH)
def test_by_year(backend):
    years = [hit["year"] for hit in search(backend, q="market", sort="year", size=20)["hits"]]
    assert years == sorted(years, reverse=True)


@pytest.mark.characterization(SEARCH)
def test_pages(backend):
    pages = [search(backend, q="green", size=5, page=page)["hits"] for page in (1, 2, 3)]
    numbers = [hit["id"] for page in pages for hit in page]
    assert len(set(numbers)) == 15


@pytest.mark.characterization(SEARCH)
def test_facets(backend):
    answer = search(backend, q="bridge")
    assert sum(one["count"] for one in answer["facets"]["kind"]) == answer["total"]


@pytest.mark.characterization("POST /search")
def test_search_by_body(backend):
    body = {"q": "northern tower", "kind": "place", "size": 3}
    assert backend.post("/search", json=body).json()["query"] == "northern tower"


@pytest.mark.characterization(ADD, SEARCH)
def test_what_is_added_is_found(backend, document):
    word, number = document
    answer = search(backend, q=word)
    assert [hit["id"] for hit in answer["hits"]] == [number]
    assert word in answer["hits"][0]["title"]


@pytest.mark.characterization("DELETE /documents/{id}", SEARCH)
def test_what_is_deleted_is_not_found(backend, document):
    word, number = document
    assert backend.delete(f"/documents/{number}").json()["result"] == "deleted"
    assert search(backend, q=word)["total"] == 0


@pytest.mark.characterization("GET /documents/{id}")
def test_views_are_counted(backend, document):
    backend.get(f"/documents/{document[1]}")
    assert backend.get(f"/documents/{document[1]}").json()["views"] == 2


@pytest.mark.characterization("GET /documents/{id}")
def test_a_document_that_many_read(backend):
    before = backend.get("/documents/42").json()["views"]
    assert backend.get("/documents/42").json()["views"] > before


@pytest.mark.characterization("GET /suggest")
@pytest.mark.parametrize("prefix", ["no", "qu", "xyz"])
def test_suggest(backend, prefix):
    assert all(
        one["word"].startswith(prefix)
        for one in backend.get("/suggest", params={"prefix": prefix}).json()
    )


@pytest.mark.characterization("GET /queries", SEARCH)
def test_the_latest_queries(backend):
    search(backend, q=f"lost {backend.unique('key')}")
    assert len(backend.get("/queries").json()) <= 10


@pytest.mark.characterization("GET /index")
def test_index(backend, document):
    search(backend, q="one more")
    answer = backend.get("/index").json()
    assert answer["documents"] > 96
    assert answer["queries"] > 0


@pytest.mark.characterization("GET /page")
def test_page(backend):
    answer = backend.get("/page", params={"q": "old harbour"})
    assert "<em>harbour</em>" in answer.text


@pytest.mark.negative(SEARCH, scenario="bad paging")
@pytest.mark.parametrize("query", ["size=0", "size=101", "page=0", "size=ten", "from=long+ago"])
def test_bad_paging(backend, query):
    assert backend.get(f"/search?q=river&{query}").status_code == 400


@pytest.mark.negative(ADD, scenario="incomplete")
@pytest.mark.parametrize("body", [{}, {"title": "a"}, {"title": "", "body": "b"}])
def test_incomplete(backend, body):
    assert backend.post("/documents", json=body).status_code == 422


@pytest.mark.negative("GET /suggest", scenario="too short")
def test_prefix_too_short(backend):
    assert backend.get("/suggest?prefix=a").status_code == 422
