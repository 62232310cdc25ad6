"""A pytest plugin that writes down which tests there are, and in which scenario. For agreements."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from pytest_cutover.backends.markers import marked, split_side

VARIABLE = "SCENARIOS_INTO"


def pytest_collection_finish(session: pytest.Session) -> None:
    found = {}
    for item in session.items:
        mark = marked(item)
        if mark is not None:
            found[split_side(item)[0]] = mark.scenario
    Path(os.environ[VARIABLE]).write_text(json.dumps(found), "utf-8")
