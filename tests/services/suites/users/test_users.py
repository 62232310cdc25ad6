"""Users, roles and sessions."""

import re

import pytest

LIST, CREATE, LOGIN = "GET /users", "POST /users", "POST /login"
PASSWORD = "correct horse battery"


@pytest.fixture
def user(backend):
    """A reader of this test's own."""
    body = {"name": backend.unique("reader"), "password": PASSWORD}
    return backend.post("/users", json=body).json()


def logged_in(backend, name, password=PASSWORD):
    """Headers of somebody else than the admin."""
    answer = backend.post("/login", json={"name": name, "password": password})
    return {"Authorization": f"Bearer {answer.json()['token']}"}


@pytest.mark.characterization(CREATE, "GET /users/{id}")
def test_create(backend):
    name = backend.unique("Editor")
    made = backend.post("/users", json={"name": name, "role": "editor"})
    assert made.status_code == 201
    assert made.json()["email"] == f"{name.lower()}@corp.example"
    assert backend.get(made.headers["Location"]).json() == made.json()


@pytest.mark.characterization(LIST)
def test_the_newest_users(backend, user):
    answer = backend.get("/users", params={"size": 50}).json()
    assert user["id"] in [one["id"] for one in answer["users"]]
    assert answer["meta"]["total"] >= 33


@pytest.mark.characterization(LIST)
@pytest.mark.parametrize(
    "query", ["q=person1", "q=person&page=2", "role=admin", "q=nobody", "size=5"]
)
def test_find_users(backend, query):
    assert backend.get(f"/users?{query}").status_code == 200


@pytest.mark.characterization("PATCH /users/{id}", "GET /users/{id}")
def test_promote(backend, user):
    changed = backend.patch(f"/users/{user['id']}", json={"role": "editor"})
    assert changed.json()["role"] == "editor"
    assert backend.get(f"/users/{user['id']}").json()["role"] == "editor"


@pytest.mark.characterization("DELETE /users/{id}", "GET /users/{id}", "GET /audit")
def test_delete(backend, user):
    assert backend.delete(f"/users/{user['id']}").status_code == 204
    assert backend.get(f"/users/{user['id']}").status_code == 404
    noted = backend.get("/audit", params={"subject": user["name"]}).json()["entries"]
    assert [one["action"] for one in noted] == ["deleted", "created"]


@pytest.mark.characterization(LOGIN, "GET /me")
def test_log_in(backend, user):
    answer = backend.post("/login", json={"name": user["name"], "password": PASSWORD})
    assert answer.json()["expires_in"] == 3600
    headers = {"Authorization": f"Bearer {answer.json()['token']}"}
    assert backend.get("/me", headers=headers).json()["name"] == user["name"]


@pytest.mark.characterization("GET /me")
def test_who_am_i(backend):
    assert backend.get("/me").json()["role"] == "admin"


@pytest.mark.characterization("GET /me/sessions", LOGIN)
def test_two_sessions(backend, user):
    logged_in(backend, user["name"])
    second = logged_in(backend, user["name"])
    sessions = backend.get("/me/sessions", headers=second).json()
    assert [one["current"] for one in sessions] == [True, False]


@pytest.mark.characterization("POST /logout", "GET /me")
def test_log_out(backend, user):
    headers = logged_in(backend, user["name"])
    assert backend.post("/logout", headers=headers).status_code == 204
    assert backend.get("/me", headers=headers).status_code == 401


@pytest.mark.characterization("GET /login", "POST /login/form")
def test_log_in_by_form(backend, user):
    page = backend.get("/login")
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]
    form = {"csrf_token": token, "name": user["name"], "password": PASSWORD}
    answer = backend.post("/login/form", data=form)
    assert answer.status_code == 303
    assert answer.headers["set-cookie"].startswith("session=")


@pytest.mark.characterization("POST /me/password", LOGIN)
def test_another_password(backend, user):
    headers = logged_in(backend, user["name"])
    body = {"old": PASSWORD, "new": "stapled battery horse"}
    assert backend.post("/me/password", json=body, headers=headers).status_code == 204
    again = backend.post("/login", json={"name": user["name"], "password": PASSWORD})
    assert again.status_code == 401


@pytest.mark.characterization("PUT /me/avatar")
def test_avatar(backend, user):
    headers = logged_in(backend, user["name"]) | {"Content-Type": "image/png"}
    answer = backend.put("/me/avatar", content=b"\x89PNG\r\n" + b"\x00\xff" * 300, headers=headers)
    assert answer.json()["size"] == 606


@pytest.mark.characterization("GET /audit")
def test_audit(backend, user):
    entries = backend.get("/audit").json()["entries"]
    assert user["name"] in [entry["subject"] for entry in entries]


@pytest.mark.negative(LIST, scenario="not logged in")
@pytest.mark.parametrize("header", ["", "Bearer nonsense", "Basic YWRtaW46YWRtaW4="])
def test_not_logged_in(backend, header):
    answer = backend.get("/users", headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.negative(LIST, scenario="not allowed")
def test_readers_see_no_users(backend, user):
    assert backend.get("/users", headers=logged_in(backend, user["name"])).status_code == 403


@pytest.mark.negative(CREATE, scenario="name taken")
def test_name_taken(backend, user):
    assert backend.post("/users", json={"name": user["name"]}).status_code == 409


@pytest.mark.negative(CREATE, scenario="bad user")
@pytest.mark.parametrize("body", [{}, {"name": 5}, {"name": "x", "role": "king"}])
def test_bad_user(backend, body):
    assert backend.post("/users", json=body).status_code == 422


@pytest.mark.negative(LOGIN, scenario="locked")
def test_locked_after_three_failures(backend, user):
    body = {"name": user["name"], "password": "a guess"}
    statuses = [backend.post("/login", json=body).status_code for _ in range(4)]
    assert statuses == [401, 401, 401, 423]


@pytest.mark.negative("POST /login/form", scenario="foreign form")
def test_foreign_form(backend, user):
    form = {"csrf_token": "x" * 43, "name": user["name"], "password": PASSWORD}
    assert backend.post("/login/form", data=form).status_code == 403


@pytest.mark.negative(LOGIN, scenario="inactive")
def test_inactive(backend):
    body = {"name": "person09", "password": "person09-password"}
    assert backend.post("/login", json=body).status_code == 403
