"""A database behind sqlite-web: pages, forms, a session, exports and imports."""
# ruff: noqa: D103

import re

import pytest

PASSWORD = "Correct-Horse-7"
CONTENT, EXPORT = "GET /{table}/content/", "POST /{table}/export/"


@pytest.fixture(scope="session")
def cutover_login(backend):
    answer = backend.post("/login/", data={"password": PASSWORD})
    assert answer.status_code == 302
    return True


@pytest.fixture
def table(backend):
    """A table of this test's own, with three rows."""
    name = backend.unique("tools").lower()
    assert backend.post("/create-table/", data={"table_name": name}).status_code == 302
    rows = "name,price,note\nhinge,12.5,iron\nlatch,8,\npost,40.25,oak & ash\n"
    answer = backend.post(
        f"/{name}/import/", data={"strict": ""}, files={"file": ("tools.csv", rows, "text/csv")}
    )
    assert answer.status_code == 302
    return name


def first_key(backend, table):
    page = backend.get(f"/{table}/content/").text
    return re.search(rf"/{table}/update/([^/]+)/", page)[1]


@pytest.mark.characterization("POST /login/")
def test_nobody_is_sent_to_the_login(backend):
    answer = backend.as_user(None).get("/plants/content/")
    assert answer.status_code == 302
    assert "/login/" in answer.headers["location"]


@pytest.mark.negative("POST /login/", scenario="a wrong password")
def test_a_wrong_password(backend):
    answer = backend.as_user(None).post("/login/", data={"password": "no"})
    assert "incorrect" in answer.text


@pytest.mark.characterization("GET /")
def test_the_first_page(backend):
    assert "plants" in backend.get("/").text


@pytest.mark.characterization("GET /{table}/")
def test_the_structure(backend):
    page = backend.get("/plants/").text
    assert "planted" in page
    assert "plots" in page


@pytest.mark.characterization(CONTENT)
def test_pages_of_rows(backend):
    assert "rose 4" in backend.get("/plants/content/").text
    assert "rose 60" in backend.get("/plants/content/?page=2").text


@pytest.mark.characterization(CONTENT)
def test_rows_in_order(backend):
    assert backend.get("/plants/content/?ordering=-5").status_code == 200


@pytest.mark.negative(CONTENT, scenario="no such table")
def test_no_such_table(backend):
    assert backend.get("/nothing/content/").status_code == 404


@pytest.mark.characterization("POST /create-table/", "POST /{table}/import/")
def test_a_table_from_a_file(backend, table):
    page = backend.get(f"/{table}/content/").text
    assert "latch" in page
    assert table in backend.get("/").text


@pytest.mark.negative("POST /{table}/import/", scenario="a picture")
def test_a_picture_is_no_table(backend, table):
    files = {"file": ("gate.png", b"\x89PNG\r\n\x1a\n", "image/png")}
    assert "Unsupported" in backend.post(f"/{table}/import/", files=files).text


@pytest.mark.characterization("POST /{table}/insert/")
def test_insert(backend, table):
    data = {"name": "chain", "price": "3.75", "note": "of <brass>"}
    answer = backend.post(f"/{table}/insert/", data=data)
    assert answer.status_code == 302
    page = backend.get(answer.headers["location"]).text
    assert "Successfully inserted" in page
    assert "of &lt;brass&gt;" in page


@pytest.mark.negative("POST /plots/insert/", scenario="no number")
def test_insert_no_number(backend):
    page = backend.post("/plots/insert/", data={"name": "West", "size": "big"}).text
    assert "not a numeric" in page


@pytest.mark.characterization("POST /{table}/update/{key}/")
def test_update(backend, table):
    key = first_key(backend, table)
    assert "hinge" in backend.get(f"/{table}/update/{key}/").text
    data = {"name": "hinge", "price": "13", "note": "steel"}
    assert backend.post(f"/{table}/update/{key}/", data=data).status_code == 302
    assert "steel" in backend.get(f"/{table}/row/{key}/").text


@pytest.mark.characterization("POST /{table}/delete/{key}/")
def test_delete(backend, table):
    key = first_key(backend, table)
    assert backend.get(f"/{table}/delete/{key}/").status_code == 200
    assert backend.post(f"/{table}/delete/{key}/").status_code == 302
    assert "hinge" not in backend.get(f"/{table}/content/").text


@pytest.mark.characterization("POST /{table}/content/")
def test_delete_several(backend, table):
    page = backend.get(f"/{table}/content/").text
    keys = re.findall(r'name="pk"[^>]*value="([^"]+)"', page)
    answer = backend.post(f"/{table}/content/", data={"action": "bulk-delete", "pk": keys[:2]})
    assert answer.status_code == 302
    assert "post" in backend.get(f"/{table}/content/").text


@pytest.mark.characterization("POST /query/")
def test_a_query(backend, table):
    sql = f"select name, price * 2 as twice from {table} where price > 10 order by price"
    page = backend.post("/query/", data={"sql": sql}).text
    assert "80.5" in page


@pytest.mark.negative("POST /query/", scenario="no SQL")
def test_a_query_that_is_none(backend):
    assert "syntax error" in backend.post("/query/", data={"sql": "selekt 1"}).text


@pytest.mark.characterization(EXPORT)
def test_export_as_json(backend, table):
    data = {"export_format": "json", "columns": ["name", "price", "note"]}
    answer = backend.post(f"/{table}/export/", data=data)
    assert answer.headers["content-type"] == "application/json"
    assert len(answer.json()) == 3


@pytest.mark.characterization(EXPORT)
def test_export_as_csv(backend):
    data = {"export_format": "csv", "columns": ["id", "name", "size", "note"]}
    answer = backend.post("/plots/export/", data=data)
    assert answer.text.splitlines()[0] == "id,name,size,note"


@pytest.mark.characterization("POST /{table}/add-column/", "POST /{table}/add-index/")
def test_a_column_and_an_index(backend, table):
    answer = backend.post(f"/{table}/add-column/", data={"name": "colour", "type": "TEXT"})
    assert answer.status_code == 302
    answer = backend.post(f"/{table}/add-index/", data={"indexed_columns": ["name"]})
    assert answer.status_code == 302
    assert "colour" in backend.get(f"/{table}/").text


@pytest.mark.characterization("POST /{table}/drop/")
def test_drop(backend, table):
    assert backend.post(f"/{table}/drop/").status_code == 302
    assert backend.get(f"/{table}/").status_code == 404


@pytest.mark.characterization("GET /download/")
def test_the_whole_database(backend):
    assert backend.get("/download/").content[:15] == b"SQLite format 3"
