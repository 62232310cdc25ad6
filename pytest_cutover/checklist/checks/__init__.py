"""The ready-made checks, by the names that items use. Each is a plain function of a `Context`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pytest_cutover.checklist.checks import (
    configuration,
    containers,
    database,
    http,
    observability,
    retirement,
)
from pytest_cutover.checklist.context import CheckFunction
from pytest_cutover.checklist.switch import checks as switch
from pytest_cutover.monitoring import checks as monitoring

CHECKS: Final[Mapping[str, CheckFunction]] = {
    "health": http.candidate_health,
    "health.baseline": http.baseline_health,
    "smoke": http.smoke,
    "smoke.public": http.public_smoke,
    "environment.variables": configuration.variables,
    "secrets.rotated": configuration.rotated,
    "migrations.applied": database.applied,
    "migrations.compatible": database.compatible,
    "container.build": containers.build,
    "container.baseline": containers.baseline_image,
    "logging": observability.logging,
    "switch.candidate-answers": switch.candidate_answers,
    "switch.baseline-answers": switch.baseline_answers,
    "switch.confirmed": switch.confirmed,
    "switch.rehearsal": switch.rehearsal,
    "monitoring.error-rate": monitoring.error_rate,
    "monitoring.p99": monitoring.p99,
    "monitoring.no-5xx": monitoring.no_5xx,
    "monitoring.probes": monitoring.probes,
    "monitoring.normal": monitoring.normal,
    "after.no-traffic": retirement.no_traffic,
}
"""Every check there is."""
