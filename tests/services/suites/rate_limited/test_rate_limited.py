"""A budget of requests."""

import time

import pytest

ONE, USAGE = "GET /quotes/{id}", "GET /usage"


@pytest.fixture
def key(backend):
    """Headers with a key of this test's own: ten requests a minute."""
    made = backend.post("/keys", json={"name": backend.unique("app")})
    return {"X-Api-Key": made.json()["key"]}


def key_of(backend, plan):
    made = backend.post("/keys", json={"name": backend.unique("app"), "plan": plan})
    return {"X-Api-Key": made.json()["key"]}


@pytest.mark.characterization("GET /health")
def test_health(backend):
    assert backend.get("/health").json() == {"status": "ok"}


@pytest.mark.characterization("POST /keys")
@pytest.mark.parametrize("plan", ["tiny", "free", "paid"])
def test_create_a_key(backend, plan):
    made = backend.post("/keys", json={"name": backend.unique("app"), "plan": plan})
    assert made.status_code == 201
    assert made.json()["key"].startswith("rk_")


@pytest.mark.characterization(ONE)
def test_the_budget_shrinks(backend, key):
    left = [
        int(backend.get("/quotes/1", headers=key).headers["X-RateLimit-Remaining"]) for _ in "abc"
    ]
    assert left == [9, 8, 7]


@pytest.mark.characterization(ONE)
def test_when_the_window_ends(backend, key):
    answer = backend.get("/quotes/2", headers=key)
    assert answer.headers["X-RateLimit-Limit"] == "10"
    assert 0 < int(answer.headers["X-RateLimit-Reset"]) - time.time() < 120


@pytest.mark.characterization(ONE)
def test_beyond_the_budget(backend):
    key = key_of(backend, "free")
    answers = [backend.get("/quotes/3", headers=key) for _ in range(12)]
    assert [one.status_code for one in answers] == [200] * 10 + [429] * 2
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 60


@pytest.mark.characterization(ONE)
def test_after_the_window_it_goes_on(backend):
    key = key_of(backend, "tiny")
    assert [backend.get("/quotes/4", headers=key).status_code for _ in range(4)] == [200] * 3 + [
        429
    ]
    time.sleep(2.1)
    assert backend.get("/quotes/4", headers=key).headers["X-RateLimit-Remaining"] == "2"


@pytest.mark.characterization(USAGE)
def test_usage(backend, key):
    for number in (1, 2):
        backend.get(f"/quotes/{number}", headers=key)
    assert backend.get("/usage", headers=key).json()["used"] == 2


@pytest.mark.characterization("GET /quotes")
def test_all_quotes(backend, key):
    assert len(backend.get("/quotes", headers=key).json()) == 5


@pytest.mark.characterization(ONE)
def test_without_a_key(backend):
    answer = backend.get("/quotes/5")
    assert int(answer.headers["X-RateLimit-Remaining"]) < 5000
    assert backend.get("/quotes/5").json()["served"] > answer.json()["served"]


@pytest.mark.characterization("POST /echo")
def test_echo(backend, key):
    body = {"name": backend.unique("thing"), "n": 1.50}
    assert backend.post("/echo", json=body, headers=key).json()["echo"] == body


@pytest.mark.negative(ONE, scenario="unknown quote")
def test_unknown_quote(backend, key):
    answer = backend.get("/quotes/99", headers=key)
    assert answer.status_code == 404
    assert answer.headers["X-RateLimit-Remaining"] == "9"


@pytest.mark.negative(ONE, scenario="bad key")
def test_bad_key(backend):
    answer = backend.get("/quotes/1", headers={"X-Api-Key": "rk_" + "0" * 32})
    assert answer.status_code == 401


@pytest.mark.negative("POST /keys", scenario="bad plan")
def test_bad_plan(backend):
    assert backend.post("/keys", json={"plan": "gold"}).status_code == 422
