"""What tests of several files share."""

from __future__ import annotations

import pytest

from tests.harness.project import Project
from tests.harness.stub_server import Answer


@pytest.fixture
def things(project: Project) -> Project:
    for path in ("/a", "/b", "/c", "/d"):
        project.both(f"GET {path}", Answer(200, {"path": path}))
    return project
