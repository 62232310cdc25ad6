"""Documents behind express-pouchdb, which speaks CouchDB's language."""
# ruff: noqa: ARG001, D103

import pytest

DOC = "/{db}/{doc}"


@pytest.fixture
def db(backend):
    name = f"/{backend.unique('garden')}"
    assert backend.put(name).status_code == 201
    yield name
    backend.delete(name)


@pytest.fixture
def doc(backend, db):
    answer = backend.put(f"{db}/gate", json={"kind": "gate", "width": 1.2, "tags": ["iron"]})
    assert answer.status_code == 201
    return answer.json()


@pytest.mark.characterization("GET /")
def test_welcome(backend):
    assert backend.get("/").json()["express-pouchdb"] == "Welcome!"


@pytest.mark.characterization("GET /_uuids")
def test_some_ids(backend):
    assert len(backend.get("/_uuids?count=3").json()["uuids"]) == 3


@pytest.mark.characterization("GET /_session")
def test_nobodys_session(backend):
    assert backend.get("/_session").json()["ok"] is True


@pytest.mark.characterization("PUT /{db}", "GET /{db}", "DELETE /{db}")
def test_life_of_a_database(backend):
    name = f"/{backend.unique('short')}"
    assert backend.put(name).status_code == 201
    assert backend.get(name).json()["doc_count"] == 0
    assert backend.delete(name).json() == {"ok": True}
    assert backend.get(name).status_code == 404


@pytest.mark.negative("PUT /{db}", scenario="it is there")
def test_make_a_database_again(backend, db):
    assert backend.put(db).status_code == 412


@pytest.mark.characterization("GET /_all_dbs")
def test_all_databases(backend, db):
    assert db[1:] in backend.get("/_all_dbs").json()


@pytest.mark.characterization(f"PUT {DOC}", f"GET {DOC}")
def test_read_a_document(backend, db, doc):
    shown = backend.get(f"{db}/gate").json()
    assert shown["_rev"] == doc["rev"]
    assert shown["width"] == 1.2


@pytest.mark.characterization("POST /{db}", f"GET {DOC}")
def test_a_document_without_a_name(backend, db):
    made = backend.post(db, json={"kind": "fence"}).json()
    assert backend.get(f"{db}/{made['id']}").json()["kind"] == "fence"


@pytest.mark.characterization(f"PUT {DOC}")
def test_change_a_document(backend, db, doc):
    answer = backend.put(f"{db}/gate", json={"_rev": doc["rev"], "kind": "gate", "width": 1.3})
    assert answer.json()["rev"].startswith("2-")
    shown = backend.get(f"{db}/gate?revs_info=true").json()
    assert len(shown["_revs_info"]) == 2


@pytest.mark.negative(f"PUT {DOC}", scenario="somebody was faster")
def test_a_conflict(backend, db, doc):
    answer = backend.put(f"{db}/gate", json={"kind": "gate"})
    assert answer.status_code == 409


@pytest.mark.negative(f"GET {DOC}", scenario="no such document")
def test_no_such_document(backend, db):
    assert backend.get(f"{db}/none").status_code == 404


@pytest.mark.negative(f"PUT {DOC}", scenario="not JSON")
def test_not_json(backend, db):
    answer = backend.put(
        f"{db}/broken", content=b'{"kind": ', headers={"content-type": "application/json"}
    )
    assert answer.status_code == 400


@pytest.mark.characterization(f"DELETE {DOC}")
def test_delete_a_document(backend, db, doc):
    assert backend.delete(f"{db}/gate?rev={doc['rev']}").status_code == 200
    assert backend.get(f"{db}/gate").status_code == 404


@pytest.mark.characterization("POST /{db}/_bulk_docs", "GET /{db}/_all_docs")
def test_many_documents(backend, db):
    docs = [{"_id": f"post{number}", "height": number} for number in range(4)]
    assert len(backend.post(f"{db}/_bulk_docs", json={"docs": docs}).json()) == 4
    shown = backend.get(f"{db}/_all_docs?include_docs=true").json()
    assert [row["doc"]["height"] for row in shown["rows"]] == [0, 1, 2, 3]


@pytest.mark.characterization("GET /{db}/_all_docs")
def test_some_documents(backend, db, doc):
    shown = backend.get(db + "/_all_docs", params={"keys": '["gate","none"]'}).json()
    assert shown["rows"][1]["error"] == "not_found"


@pytest.mark.characterization("GET /{db}/_changes")
def test_what_changed(backend, db, doc):
    backend.put(f"{db}/fence", json={"kind": "fence"})
    shown = backend.get(f"{db}/_changes?include_docs=true").json()
    assert shown["last_seq"] == 2
    assert [row["id"] for row in shown["results"]] == ["gate", "fence"]


@pytest.mark.characterization("PUT /{db}/{doc}/{file}", "GET /{db}/{doc}/{file}")
def test_an_attachment(backend, db, doc):
    picture = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4
    answer = backend.put(
        f"{db}/gate/gate.png?rev={doc['rev']}",
        content=picture,
        headers={"content-type": "image/png"},
    )
    assert answer.status_code == 201
    assert backend.get(f"{db}/gate/gate.png").content == picture
    shown = backend.get(f"{db}/gate").json()
    assert shown["_attachments"]["gate.png"]["length"] == len(picture)


@pytest.mark.characterization("PUT /{db}/_design/{name}", "GET /{db}/_design/{name}/_view/{view}")
def test_a_view(backend, db, doc):
    view = {"map": "function (doc) { emit(doc.kind, 1) }", "reduce": "_sum"}
    backend.put(f"{db}/_design/all", json={"views": {"kinds": view}})
    shown = backend.get(f"{db}/_design/all/_view/kinds?group=true").json()
    assert shown["rows"] == [{"key": "gate", "value": 1}]


@pytest.mark.characterization("POST /{db}/_index", "POST /{db}/_find")
def test_find_by_members(backend, db, doc):
    backend.post(f"{db}/_index", json={"index": {"fields": ["width"]}})
    found = backend.post(f"{db}/_find", json={"selector": {"width": {"$gt": 1}}}).json()
    assert [one["kind"] for one in found["docs"]] == ["gate"]


@pytest.mark.characterization("GET /{db}/_local/{id}", "PUT /{db}/_local/{id}")
def test_a_local_document(backend, db):
    assert backend.put(f"{db}/_local/note", json={"at": 5}).status_code == 201
    assert backend.get(f"{db}/_local/note").json()["at"] == 5


@pytest.mark.characterization("POST /_replicate")
def test_copy_a_database(backend, db, doc):
    target = backend.unique("copy")
    answer = backend.post(
        "/_replicate", json={"source": db[1:], "target": target, "create_target": True}
    )
    assert answer.json()["ok"] is True
    assert backend.get(f"/{target}/gate").json()["_rev"] == doc["rev"]
