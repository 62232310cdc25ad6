"""Gigabytes from the side that does not send them in make test."""

from __future__ import annotations

import pytest

from tests.integration.faults.conftest import BadProject
from tests.integration.faults.test_excess import EXCESS, HERE, are_not_held

ROLES = ("baseline", "candidate")
THERE = [(kind, role) for kind in EXCESS for role in ROLES if (kind, role) not in HERE]


@pytest.mark.parametrize(("kind", "role"), THERE)
def test_gigabytes_of_the_other_side_are_not_held(
    project: BadProject, kind: str, role: str
) -> None:
    are_not_held(project, kind, role)
