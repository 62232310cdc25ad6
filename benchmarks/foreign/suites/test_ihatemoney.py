"""Shared budgets behind ihatemoney."""
# ruff: noqa: D103

import base64
import re

import pytest

PASSWORD = "Correct-Horse-7"
PROJECT = "GET /api/projects/{project}"
BILLS = "GET /api/projects/{project}/bills"


def auth(name):
    return {"authorization": "Basic " + base64.b64encode(f"{name}:{PASSWORD}".encode()).decode()}


@pytest.fixture
def project(backend):
    name = backend.unique("trip").lower()
    data = {
        "name": "Garden",
        "id": name,
        "password": PASSWORD,
        "contact_email": f"{name}@example.com",
        "default_currency": "XXX",
    }
    assert backend.post("/api/projects", data=data).status_code == 201
    return name


@pytest.fixture
def members(backend, project):
    place = f"/api/projects/{project}/members"
    return [
        backend.post(place, data={"name": name, "weight": 1}, headers=auth(project)).json()
        for name in ("Anna", "Bela")
    ]


def pay(backend, project, members, amount="12.5", what="Hinges"):
    data = {
        "date": "2026-03-02",
        "what": what,
        "payer": members[0],
        "amount": amount,
        "payed_for": members,
        "bill_type": "Expense",
    }
    return backend.post(f"/api/projects/{project}/bills", data=data, headers=auth(project))


@pytest.mark.characterization("GET /")
def test_the_first_page(backend):
    assert "<html" in backend.get("/").text


@pytest.mark.characterization("POST /api/projects", PROJECT)
def test_a_project(backend, project):
    found = backend.get(f"/api/projects/{project}", headers=auth(project)).json()
    assert found["name"] == "Garden"


@pytest.mark.negative("POST /api/projects", scenario="no name")
def test_a_project_without_a_name(backend):
    assert backend.post("/api/projects", data={"id": "x"}).status_code == 400


@pytest.mark.negative("POST /api/projects", scenario="it is there")
def test_a_project_twice(backend, project):
    data = {
        "name": "Garden",
        "id": project,
        "password": PASSWORD,
        "contact_email": "anna@example.com",
        "default_currency": "XXX",
    }
    assert backend.post("/api/projects", data=data).status_code == 400


@pytest.mark.negative(PROJECT, scenario="nobody")
def test_a_project_of_nobody(backend, project):
    assert backend.get(f"/api/projects/{project}").status_code == 401


@pytest.mark.characterization("POST /api/projects/{project}/members")
def test_members(backend, project, members):
    found = backend.get(f"/api/projects/{project}/members", headers=auth(project)).json()
    assert [one["id"] for one in found] == members


@pytest.mark.characterization("POST /api/projects/{project}/bills", BILLS)
def test_bills(backend, project, members):
    pay(backend, project, members)
    pay(backend, project, members, "3", "Paint")
    assert len(backend.get(f"/api/projects/{project}/bills", headers=auth(project)).json()) == 2


@pytest.mark.negative("POST /api/projects/{project}/bills", scenario="no amount")
def test_a_bill_of_nothing(backend, project, members):
    assert pay(backend, project, members, "much").status_code == 400


@pytest.mark.characterization("DELETE /api/projects/{project}/bills/{bill}")
def test_a_bill_is_taken_back(backend, project, members):
    bill = pay(backend, project, members).json()
    place = f"/api/projects/{project}/bills/{bill}"
    assert backend.delete(place, headers=auth(project)).is_success
    assert backend.get(place, headers=auth(project)).status_code == 404


@pytest.mark.characterization("GET /api/projects/{project}/statistics")
def test_statistics(backend, project, members):
    pay(backend, project, members)
    place = f"/api/projects/{project}/statistics"
    assert backend.get(place, headers=auth(project)).json()[0]["balance"] == 6.25


@pytest.mark.characterization("GET /api/projects/{project}/token")
def test_a_token(backend, project):
    found = backend.get(f"/api/projects/{project}/token", headers=auth(project)).json()
    answer = backend.get(f"/{project}/join/{found['token']}")
    assert answer.is_redirect


@pytest.mark.characterization("POST /authenticate", "GET /{project}/")
def test_into_the_project_by_the_form(backend, project, members):
    pay(backend, project, members)
    form = backend.get("/authenticate").text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form)
    data = {"id": project, "password": PASSWORD, **({"csrf_token": token[1]} if token else {})}
    assert backend.post("/authenticate", data=data).is_redirect
    assert "Hinges" in backend.get(f"/{project}/").text
    assert "Anna" in backend.get(f"/{project}/settle_bills").text
    assert backend.get(f"/{project}/export/bills.csv").text.count("\n") == 2


@pytest.mark.negative("POST /authenticate", scenario="a wrong password")
def test_a_wrong_password(backend, project):
    form = backend.get("/authenticate").text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form)
    data = {"id": project, "password": "no", **({"csrf_token": token[1]} if token else {})}
    assert backend.post("/authenticate", data=data).status_code == 200


@pytest.mark.characterization("DELETE /api/projects/{project}")
def test_delete(backend, project):
    assert backend.delete(f"/api/projects/{project}", headers=auth(project)).is_success
