"""Numbers that somebody watches."""

import json

import pytest

EVENTS, RECORD = "GET /events", "POST /events"


@pytest.fixture
def name(backend):
    return backend.unique("click")


def record(backend, name, **more):
    return backend.post("/events", json={"name": name, **more})


@pytest.mark.characterization("GET /health")
def test_health(backend):
    assert backend.get("/health").json() == {"status": "ok"}


@pytest.mark.characterization("GET /stats")
def test_stats(backend):
    answer = backend.get("/stats").json()
    assert answer["visits"] > answer["signups"] > 0
    assert answer["process"]["uptime_s"] >= 0


@pytest.mark.characterization("GET /stats")
def test_requests_are_counted(backend):
    before = backend.get("/stats").json()
    after = backend.get("/stats").json()
    assert after["requests"] > before["requests"]
    assert after["process"]["requests"] > before["process"]["requests"]


@pytest.mark.characterization("GET /stats", RECORD)
def test_events_are_counted(backend, name):
    before = backend.get("/stats").json()["events"]
    assert record(backend, name, path="/docs").status_code == 202
    assert backend.get("/stats").json()["events"] >= before


@pytest.mark.characterization("GET /metrics")
def test_metrics(backend):
    answer = backend.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert "\napp_requests_total " in answer.text


@pytest.mark.characterization(RECORD, EVENTS)
def test_my_events(backend, name):
    for value in (1, 2.5):
        record(backend, name, value=value)
    answer = backend.get("/events", params={"name": name}).json()
    assert [event["value"] for event in answer["events"]] == [2.5, 1]
    assert answer["total"] == 2


@pytest.mark.characterization(RECORD, EVENTS)
def test_the_newest_events(backend, name):
    number = record(backend, name).json()["id"]
    events = backend.get("/events", params={"limit": 20}).json()["events"]
    assert number in [event["id"] for event in events]


@pytest.mark.characterization(EVENTS)
def test_pages_of_old_events(backend):
    query = {"name": "purchase", "limit": 3, "before": 21}
    first = backend.get("/events", params=query).json()
    second = backend.get("/events", params=query | {"before": first["before"]}).json()
    assert [event["id"] for event in first["events"] + second["events"]] == [18, 15, 12, 9, 6, 3]


@pytest.mark.characterization("GET /events.ndjson")
def test_lines(backend, name):
    record(backend, name, value=7)
    lines = backend.get("/events.ndjson").text.splitlines()
    numbers = [json.loads(line)["id"] for line in lines]
    assert numbers == sorted(numbers, reverse=True)


@pytest.mark.characterization("GET /pages", RECORD)
def test_top_pages(backend, name):
    record(backend, name, path="/blog")
    answer = backend.get("/pages").json()
    assert answer["pages"][0]["path"] == "/"
    assert answer["views"] > 0


@pytest.mark.characterization("GET /pages/views", RECORD)
def test_views_of_a_page(backend, name):
    path = f"/campaign/{name}"
    for _ in range(3):
        record(backend, name, path=path)
    assert backend.get("/pages/views", params={"path": path}).json()["views"] == 3


@pytest.mark.characterization("GET /series")
@pytest.mark.parametrize("query", ["", "from=2024-06-20", "from=2024-06-05&to=2024-06-07"])
def test_series(backend, query):
    answer = backend.get(f"/series?{query}").json()
    assert answer["days"][-1]["day"] == answer["to"]


@pytest.mark.characterization("GET /series.csv")
def test_series_as_a_file(backend):
    assert len(backend.get("/series.csv").text.splitlines()) == 31


@pytest.mark.negative(RECORD, scenario="bad event")
@pytest.mark.parametrize("body", [{}, {"name": ""}, {"name": "x", "value": "much"}])
def test_bad_event(backend, body):
    assert backend.post("/events", json=body).status_code == 422


@pytest.mark.negative("GET /pages/views", scenario="never seen")
def test_nobody_has_been_there(backend):
    assert backend.get("/pages/views?path=/nowhere").status_code == 404


@pytest.mark.negative(EVENTS, scenario="bad limit")
@pytest.mark.parametrize("limit", ["0", "1000", "all"])
def test_bad_limit(backend, limit):
    assert backend.get("/events", params={"limit": limit}).status_code == 422
