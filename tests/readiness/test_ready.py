"""The environment of the candidate, by the ready-made checks and by one of FlowViz's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_cutover import Backend, CheckResult

    Check = Callable[[str], CheckResult]


@pytest.mark.checklist("environment.health")
def test_health_endpoint_responds(cutover_check: Check) -> None:
    cutover_check("health")


@pytest.mark.checklist("environment.health")
def test_health_needs_no_login(candidate: Backend) -> None:
    del candidate.headers["Authorization"]
    assert candidate.get("/api/health").json()["status"] == "ok"


@pytest.mark.checklist("environment.variables")
def test_variables_are_configured(cutover_check: Check) -> None:
    cutover_check("environment.variables")


@pytest.mark.checklist("environment.secrets")
def test_secrets_are_not_those_of_development(cutover_check: Check) -> None:
    cutover_check("secrets.rotated")


@pytest.mark.checklist("environment.migrations")
def test_migrations_are_applied(cutover_check: Check) -> None:
    cutover_check("migrations.applied")


@pytest.mark.checklist("environment.container")
def test_container_builds(cutover_check: Check) -> None:
    cutover_check("container.build")


@pytest.mark.checklist("validation.smoke")
def test_smoke_flow(cutover_check: Check) -> None:
    cutover_check("smoke")
