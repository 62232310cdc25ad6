"""The profile of a process waives few members, in few answers."""

from __future__ import annotations

import pytest

from pytest_cutover.compare.diff.profiles import NO_PROFILES, Profiles

PROCESS = Profiles.named("process")


@pytest.mark.parametrize(
    ("endpoint", "pointer"),
    [
        ("GET /health", "/pid"),
        ("GET /api/v1/status", "/process/started_at"),
        ("GET /info", "/nodes/0/hostname"),
        ("GET /healthz", "/Pod-Name"),
    ],
)
def test_members_of_health_like_answers_are_waived(endpoint: str, pointer: str) -> None:
    assert PROCESS.waives_of_process(endpoint, pointer)
    assert not NO_PROFILES.waives_of_process(endpoint, pointer)
    assert not Profiles.named("django").waives_of_process(endpoint, pointer)


@pytest.mark.parametrize(
    ("endpoint", "pointer"),
    [
        ("GET /orders", "/pid"),
        ("GET /orders/{status}", "/pid"),
        ("GET /health", "/workers"),
        ("GET /health", "/pid/parent"),
        ("GET /health", ""),
        ("GET /healthy-food", "/host"),
    ],
)
def test_other_places_are_not(endpoint: str, pointer: str) -> None:
    assert not PROCESS.waives_of_process(endpoint, pointer)
