"""Is the process answering? nginx asks every second."""

import pytest

from .matrix import HEALTH


@pytest.mark.characterization(HEALTH)
def test_health(backend):
    response = backend.get("/api/health")

    assert response.status_code == 200
    assert response.json()["status"] == "ok"


@pytest.mark.characterization(HEALTH)
def test_asked_again_it_tells_a_later_time(backend):
    first = backend.get("/api/health").json()["timestamp"]
    second = backend.get("/api/health").json()["timestamp"]

    assert first <= second


@pytest.mark.characterization(HEALTH)
def test_needs_no_login(backend):
    del backend.headers["Authorization"]

    assert backend.get("/api/health").status_code == 200


@pytest.mark.characterization(HEALTH)
def test_ignores_a_query(backend):
    assert backend.get("/api/health", params={"verbose": "1"}).status_code == 200


@pytest.mark.characterization(HEALTH)
def test_ignores_a_trailing_slash(backend):
    assert backend.get("/api/health/").status_code == 200
