"""Records behind Kinto."""
# ruff: noqa: ARG001, D103

import pytest

PASSWORD = "Correct-Horse-7"
RECORDS = "/v1/buckets/{bucket}/collections/{collection}/records"
RECORD = RECORDS + "/{id}"


@pytest.fixture(scope="session")
def cutover_login(backend):
    name = backend.unique("anna")
    answer = backend.put(f"/v1/accounts/{name}", json={"data": {"password": PASSWORD}})
    assert answer.status_code == 201
    backend.auth = (name, PASSWORD)
    return True


@pytest.fixture
def bucket(backend):
    path = f"/v1/buckets/{backend.unique('garden')}"
    assert backend.put(path).status_code == 201
    yield path
    backend.delete(path)


@pytest.fixture
def records(backend, bucket):
    assert backend.put(f"{bucket}/collections/gates").status_code == 201
    return f"{bucket}/collections/gates/records"


@pytest.fixture
def record(backend, records):
    answer = backend.post(
        records, json={"data": {"title": "Oil the hinges", "done": False, "cost": 3.5}}
    )
    assert answer.status_code == 201
    return f"{records}/{answer.json()['data']['id']}"


@pytest.mark.characterization("GET /v1/")
def test_hello(backend):
    assert backend.get("/v1/").json()["user"]["id"].startswith("account:")


@pytest.mark.characterization("GET /v1/")
def test_hello_of_nobody(backend):
    assert "user" not in backend.as_user(None).get("/v1/").json()


@pytest.mark.characterization("GET /v1/__heartbeat__")
def test_heartbeat(backend):
    assert backend.get("/v1/__heartbeat__").json()["storage"] is True


@pytest.mark.characterization("PUT /v1/accounts/{name}", "GET /v1/accounts/{name}")
def test_an_account(backend):
    name = backend.unique("bela")
    made = backend.as_user(None).put(f"/v1/accounts/{name}", json={"data": {"password": PASSWORD}})
    assert made.status_code == 201
    assert made.json()["data"]["id"] == name


@pytest.mark.negative("PUT /v1/buckets/{bucket}", scenario="nobody")
def test_nobody_makes_no_bucket(backend):
    answer = backend.as_user(None).put(f"/v1/buckets/{backend.unique('none')}")
    assert answer.status_code == 401


@pytest.mark.characterization("PUT /v1/buckets/{bucket}", "GET /v1/buckets/{bucket}")
def test_a_bucket(backend, bucket):
    shown = backend.get(bucket).json()
    assert len(shown["permissions"]["write"]) == 1


@pytest.mark.characterization(f"POST {RECORDS}", f"GET {RECORD}")
def test_a_record(backend, record):
    assert backend.get(record).json()["data"]["title"] == "Oil the hinges"


@pytest.mark.characterization(f"PUT {RECORD}")
def test_replace_a_record(backend, record):
    answer = backend.put(record, json={"data": {"title": "Paint"}})
    assert "done" not in answer.json()["data"]


@pytest.mark.characterization(f"PATCH {RECORD}")
def test_change_a_record(backend, record):
    answer = backend.patch(record, json={"data": {"done": True}})
    assert answer.json()["data"]["done"] is True


@pytest.mark.negative(f"PUT {RECORD}", scenario="somebody was faster")
def test_change_too_late(backend, record):
    answer = backend.put(
        record, json={"data": {"title": "No"}}, headers={"if-match": '"1234567890123"'}
    )
    assert answer.status_code == 412


@pytest.mark.characterization(f"GET {RECORD}")
def test_not_changed_since(backend, record):
    tag = backend.get(record).headers["etag"]
    assert backend.get(record, headers={"if-none-match": tag}).status_code == 304


@pytest.mark.characterization(f"GET {RECORDS}")
def test_all_records(backend, records):
    for number in range(4):
        backend.post(records, json={"data": {"title": f"Post {number}", "number": number}})
    shown = backend.get(records, params={"_sort": "number"}).json()["data"]
    assert [one["number"] for one in shown] == [0, 1, 2, 3]


@pytest.mark.characterization(f"GET {RECORDS}")
def test_the_newest_first(backend, records, record):
    backend.post(records, json={"data": {"title": "Newer"}})
    shown = backend.get(records).json()["data"]
    assert [one["title"] for one in shown] == ["Newer", "Oil the hinges"]


@pytest.mark.characterization(f"GET {RECORDS}")
def test_pages_of_records(backend, records):
    for number in range(3):
        backend.post(records, json={"data": {"number": number}})
    first = backend.get(records, params={"_limit": 2, "_sort": "number"})
    assert len(first.json()["data"]) == 2
    second = backend.get(first.headers["next-page"])
    assert [one["number"] for one in second.json()["data"]] == [2]


@pytest.mark.characterization(f"GET {RECORDS}")
def test_search(backend, records, record):
    assert len(backend.get(f"{records}?min_cost=3&done=false").json()["data"]) == 1
    assert backend.get(f"{records}?title=Nothing").json()["data"] == []


@pytest.mark.negative(f"GET {RECORDS}", scenario="a limit that is none")
def test_a_limit_that_is_none(backend, records):
    assert backend.get(f"{records}?_limit=many").status_code == 400


@pytest.mark.negative(f"POST {RECORDS}", scenario="not JSON")
def test_not_json(backend, records):
    answer = backend.post(
        records, content=b'{"data": ', headers={"content-type": "application/json"}
    )
    assert answer.status_code == 400


@pytest.mark.characterization(f"DELETE {RECORD}", f"GET {RECORD}")
def test_delete_a_record(backend, record):
    assert backend.delete(record).json()["data"]["deleted"] is True
    assert backend.get(record).status_code == 404


@pytest.mark.characterization("GET /v1/buckets")
def test_my_buckets(backend, bucket):
    assert bucket.endswith(backend.get("/v1/buckets").json()["data"][0]["id"])


@pytest.mark.characterization("POST /v1/batch")
def test_several_at_once(backend, bucket):
    requests = [
        {"method": "PUT", "path": f"{bucket}/collections/fences"},
        {"method": "POST", "path": f"{bucket}/collections/fences/records", "body": {"data": {}}},
        {"method": "GET", "path": f"{bucket}/collections/none"},
    ]
    answers = backend.post("/v1/batch", json={"requests": requests}).json()["responses"]
    assert [one["status"] for one in answers] == [201, 201, 404]


@pytest.mark.characterization("GET /v1/buckets/{bucket}/groups")
def test_no_groups_yet(backend, bucket):
    assert backend.get(f"{bucket}/groups").json() == {"data": []}
