"""Users of the old backend are users of the new one."""

import pytest


@pytest.mark.crossover("POST /users", "POST /login")
def test_a_new_user_logs_in_on_the_other_side(baseline, candidate):
    name = baseline.unique("reader")
    baseline.post("/users", json={"name": name, "password": "correct horse battery"})
    body = {"name": name, "password": "correct horse battery"}
    assert candidate.post("/login", json=body).json()["user"] == name


@pytest.mark.crossover("POST /login", "GET /me")
def test_a_token_is_good_on_the_other_side(baseline, candidate):
    body = {"name": "reader", "password": "reader-password"}
    token = candidate.post("/login", json=body).json()["token"]
    answer = baseline.get("/me", headers={"Authorization": f"Bearer {token}"})
    assert answer.json()["name"] == "reader"
