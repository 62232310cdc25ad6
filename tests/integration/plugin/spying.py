"""Suites that write down what was recorded of them."""

from __future__ import annotations

import json
import textwrap
from typing import Any

from tests.harness.project import Project

# Writes down what was recorded, when all of it is: as a room that judges would read it.
SPY = """
    import json, pathlib, pytest
    from pytest_cutover.backends.session import RECORDERS, SESSION

    def said(recorder):
        return {
            "closed": recorder.closed,
            "late": len(recorder.late),
            "asked": [
                [e.endpoint, e.poll, e.whole, e.response.body.decode() if e.response else None]
                for e in recorder.exchanges
            ],
        }

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_teardown(item):
        yield
        for variant, recorder in item.stash[RECORDERS].items():
            name = f"{item.originalname}-{variant}.json"
            pathlib.Path(name).write_text(json.dumps(said(recorder)))
        for side, recorder in item.config.stash[SESSION].seeds.items():
            pathlib.Path(f"seed-{side}.json").write_text(json.dumps(said(recorder)))
"""


def recorded(project: Project, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((project.path / f"{name}.json").read_text("utf-8"))
    return found


def suite(project: Project, text: str, conftest: str = "") -> None:
    project.write("conftest.py", textwrap.dedent(SPY) + textwrap.dedent(conftest))
    project.write(
        "test_it.py", "import pytest\n\nC = pytest.mark.characterization\n" + textwrap.dedent(text)
    )
