"""A whole file of tests is left out because a module is not installed here; it holds the one test that would have
shown the difference."""

EXPECT = ["not-go"]


def answer(side, request):
    return 200, {}, {"name": "new" if side == "candidate" and request.path == "/reports" else "old"}


TESTS = """
@C("GET /users")
def test_users(backend):
    backend.get("/users")
"""

FILES = {
    "test_reports.py": """
import pytest

pytest.importorskip("a_module_that_is_not_here")


@pytest.mark.characterization("GET /reports")
def test_reports(backend):
    backend.get("/reports")
"""
}
