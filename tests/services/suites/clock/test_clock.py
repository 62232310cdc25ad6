"""What time it is."""

import time
from datetime import datetime

import pytest

NOW = "GET /now"


@pytest.mark.characterization("GET /health")
def test_health(backend):
    assert backend.get("/health").json()["status"] == "ok"


@pytest.mark.characterization(NOW)
def test_now(backend):
    answer = backend.get("/now").json()
    assert abs(answer["epoch"] - time.time()) < 60
    assert answer["iso"][:10] == answer["date"]


@pytest.mark.characterization(NOW)
def test_headers(backend):
    answer = backend.get("/now")
    assert abs(int(answer.headers["X-Timestamp"]) - time.time()) < 60
    assert answer.headers["Expires"].endswith(" GMT")


@pytest.mark.characterization("GET /zones", "GET /zones/{zone}")
def test_zones(backend):
    for zone in backend.get("/zones").json():
        answer = backend.get(f"/zones/{zone}").json()
        offset = datetime.fromisoformat(answer["now"]).utcoffset()
        assert offset.total_seconds() == answer["offset_hours"] * 3600


@pytest.mark.characterization("GET /uptime")
def test_uptime(backend):
    assert backend.get("/uptime").text.startswith("up ")


@pytest.mark.characterization("GET /process")
def test_process(backend):
    assert backend.get("/process").json()["zone"] == "UTC"


@pytest.mark.characterization("POST /timers", "GET /timers/{id}")
def test_timer(backend):
    made = backend.post("/timers", json={"seconds": 90, "label": backend.unique("tea")})
    assert made.status_code == 201
    answer = backend.get(made.headers["Location"]).json()
    assert answer["label"] == made.json()["label"]
    assert 0 < answer["remaining_s"] <= 90


@pytest.mark.characterization("POST /timers", "GET /timers/{id}")
def test_a_timer_that_rings(backend):
    made = backend.post("/timers", json={"seconds": 1})
    time.sleep(1.1)
    assert backend.get(made.headers["Location"]).json()["rings"] is True


@pytest.mark.characterization("GET /page")
def test_page(backend):
    assert "The clock is right." in backend.get("/page").text


@pytest.mark.characterization("GET /calendar.ics")
def test_calendar(backend):
    answer = backend.get("/calendar.ics")
    assert answer.text.count("BEGIN:VEVENT") == 3


@pytest.mark.characterization("GET /ticks.csv")
def test_ticks(backend):
    assert len(backend.get("/ticks.csv").text.splitlines()) == 41


@pytest.mark.negative("POST /timers", scenario="bad seconds")
@pytest.mark.parametrize("seconds", [0, 3601, "90", 1.5, None])
def test_bad_seconds(backend, seconds):
    assert backend.post("/timers", json={"seconds": seconds}).status_code == 422


@pytest.mark.negative("GET /zones/{zone}", scenario="unknown")
def test_unknown_zone(backend):
    assert backend.get("/zones/atlantis").status_code == 404
