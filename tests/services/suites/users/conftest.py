"""Everybody is the admin, unless a test logs in as somebody else."""

import pytest


@pytest.fixture
def cutover_login(backend):
    answer = backend.post("/login", json={"name": "admin", "password": "admin-password"})
    answer.raise_for_status()
    backend.headers["Authorization"] = f"Bearer {answer.json()['token']}"
