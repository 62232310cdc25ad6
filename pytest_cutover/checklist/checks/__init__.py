"""The ready-made checks of the checklist, by the names that items use.

Each is a plain function of a `Context`. Those that look at metrics stand in `monitoring/checks.py`,
beside the whole list.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pytest_cutover.checklist.checks import configuration, containers, database, http
from pytest_cutover.checklist.context import CheckFunction
from pytest_cutover.checklist.switch import checks as switch

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
    "switch.baseline-answers": switch.baseline_answers,
    "switch.confirmed": switch.confirmed,
    "switch.rehearsal": switch.rehearsal,
}
"""The checks that need no metrics."""
