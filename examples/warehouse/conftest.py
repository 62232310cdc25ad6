"""What a team gives besides its two URLs: how to log in."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pytest_cutover import Backend


def pytest_cutover_login(backend: Backend) -> bool:
    """Everybody is the clerk."""
    credentials = {"email": "clerk@warehouse.example", "password": "correct horse"}
    response = backend.post("/api/v1/auth/token", json=credentials)
    response.raise_for_status()
    backend.headers["Authorization"] = f"Bearer {response.json()['access_token']}"
    return True
