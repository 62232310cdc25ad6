"""Who may log in, and what they are told about themselves."""

import pytest

from .matrix import LOGIN, LOGINS, cases


@pytest.mark.characterization(LOGIN)
@pytest.mark.parametrize("row", cases(*LOGINS))
def test_login(backend, row):
    response = row.send(backend)

    assert response.status_code == 200
    assert response.json()["user"]["email"] == row.value.lower()
    assert response.json()["token"]


@pytest.mark.characterization(LOGIN)
def test_cookie_holds_the_token(backend):
    response = backend.post("/api/login", json={"email": "manager@flowviz.com"})

    assert response.cookies["flowviz_session"] == response.json()["token"]


@pytest.mark.characterization(LOGIN)
def test_is_no_ones_to_cache(backend):
    response = backend.post("/api/login", json={"email": "admin@flowviz.com"})

    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.characterization(LOGIN)
def test_every_login_is_the_same_user(backend):
    first = backend.post("/api/login", json={"email": "auditor@flowviz.com"}).json()
    second = backend.post("/api/login", json={"email": "auditor@flowviz.com"}).json()

    assert first["user"] == second["user"]
    assert first["token"] != second["token"]


@pytest.mark.characterization(LOGIN)
def test_unknown_fields_are_ignored(backend):
    body = {"email": "test@flowviz.com", "password": "from a password manager", "remember": True}

    assert backend.post("/api/login", json=body).status_code == 200
