"""Mistakes in tests and conftests."""

from __future__ import annotations

import pytest

from tests.integration.messages.newcomer import TARGET, Newcomer

IN_THE_SUITE: tuple[Newcomer, ...] = (
    Newcomer(
        name="method misspelt",
        config=TARGET,
        suite="""
    import pytest

    @pytest.mark.characterization("GTE /thing")
    def test_thing(backend):
        backend.get("/thing")
""",
        told=(
            "test_it.py::test_thing: marker characterization",
            "not an HTTP method",
            "did you mean `GET /thing`?",
        ),
    ),
    Newcomer(
        name="endpoint without a method",
        config=TARGET,
        suite="""
    import pytest

    @pytest.mark.characterization("/thing")
    def test_thing(backend):
        backend.get("/thing")
""",
        told=(
            "METHOD /path/{template}",
            "did you mean `GET /thing`?",
        ),
    ),
    Newcomer(
        name="marker without an endpoint",
        config=TARGET,
        suite="""
    import pytest

    @pytest.mark.characterization
    def test_thing(backend):
        backend.get("/thing")
""",
        told=(
            "names no endpoint",
            'Expected @pytest.mark.characterization("METHOD',
        ),
    ),
    Newcomer(
        name="endpoint misspelt",
        config=TARGET,
        suite="""
    import pytest

    @pytest.mark.characterization("GET /thign")
    def test_thing(backend):
        backend.get("/thing")
""",
        told=(
            "whose marker says GET /thign",
            "the test asked GET /thing",
            "did you mean `GET /thing`?",
        ),
        status=None,
    ),
    Newcomer(
        name="fixture shadowed",
        config=TARGET,
        conftest="""
    import pytest

    @pytest.fixture
    def backend():
        return None
""",
        told=(
            "the fixture `backend` of conftest.py",
            "test_it.py::test_thing would be",
            "cutover_login(backend)",
        ),
    ),
    Newcomer(
        name="login is no fixture",
        config=TARGET,
        conftest="""
    def cutover_login(backend):
        backend.headers["Authorization"] = "Bearer t"
""",
        told=(
            "cutover_login in ",
            "conftest.py is a plain function: pytest never calls it",
            "without a login",
            "@pytest.fixture",
            "pytest_cutover_login",
        ),
    ),
    Newcomer(
        name="async without a plugin",
        config=TARGET,
        suite="""
    import pytest

    @pytest.mark.characterization("GET /thing")
    async def test_thing(async_backend):
        await async_backend.get("/thing")
""",
        told=(
            # Before 8.4 pytest skipped it, with a warning.
            "every marked test failed before it sent a request"
            if pytest.version_tuple >= (8, 4)
            else "no marked test sent a request",
            "async def functions",
            "pytest-asyncio",
        ),
        status=None,
    ),
    Newcomer(
        name="session fixture asks for backend",
        config=TARGET,
        conftest="""
    import pytest

    @pytest.fixture(scope="session")
    def lots(backend):
        return backend.get("/thing")
""",
        suite="""
    import pytest

    @pytest.mark.characterization("GET /thing")
    def test_thing(backend, lots):
        backend.get("/thing")
""",
        told=(
            "every marked test failed before it sent a request",
            "ScopeMismatch",
        ),
        status=None,
    ),
    Newcomer(
        name="write without consent",
        config=TARGET,
        suite="""
    import pytest

    @pytest.mark.characterization("POST /thing")
    def test_thing(backend):
        backend.post("/thing", json={})
""",
        told=(
            "refused: POST /thing",
            "Expected GET or OPTIONS",
            "writes = true",
        ),
        status=None,
    ),
    Newcomer(
        name="fixture that is asked for while the test runs",
        config=TARGET,
        suite="""
    import pytest

    @pytest.fixture(autouse=True)
    def client(request):
        return request.getfixturevalue("backend")

    @pytest.mark.characterization("GET /thing")
    def test_thing(client):
        client.get("/thing")
""",
        told=("asks for `backend` while it runs", '@pytest.mark.usefixtures("…")'),
        status=None,
    ),
    Newcomer(
        name="test without a marker",
        config=TARGET,
        suite="""
    def test_thing(backend):
        backend.get("/thing")
""",
        told=(
            "uses `backend` without a marker",
            "Expected @pytest.mark.characterization",
        ),
        status=None,
    ),
    Newcomer(
        name="absolute URL",
        config=TARGET,
        suite="""
    import pytest

    @pytest.mark.characterization("GET /thing")
    def test_thing(backend):
        backend.get("https://example.org/thing")
""",
        told=(
            "refused: GET https://example.org/thing",
            "Expected a URL of the same origin",
            "Use a path",
        ),
        status=None,
    ),
    Newcomer(
        name="checklist item misspelt in a marker",
        config="""
    [targets.staging]
    require = ["checklist"]
    baseline = {{ url = "{baseline}" }}
    candidate = {{ url = "{candidate}" }}

""",
        suite="""
    import pytest

    @pytest.mark.checklist("environment.helth")
    def test_health():
        pass
""",
        told=(
            "environment.helth",
            "did you mean `environment.health`?",
            "and 47 more",
        ),
    ),
    Newcomer(
        name="login fails",
        config=TARGET,
        conftest="""
    def pytest_cutover_login(backend):
        backend.get("/locked").raise_for_status()
""",
        suite="""
    import pytest

    @pytest.mark.characterization("GET /thing")
    @pytest.mark.parametrize("number", [1, 2])
    def test_thing(backend, number):
        backend.get("/thing")
""",
        told=(
            "the login on the baseline backend failed",
            'answer: 401 {"error"',
            "Look at the login in conftest.py",
            "It was told in full by the first test of the baseline",
        ),
        status=None,
    ),
    Newcomer(
        name="fixture fails",
        config=TARGET,
        conftest="""
    import pytest

    @pytest.fixture
    def lot(backend):
        return backend.get("/full").raise_for_status().json()
""",
        suite="""
    import pytest

    @pytest.mark.characterization("GET /thing")
    def test_thing(backend, lot):
        backend.get("/thing")
""",
        told=(
            'answer: 409 {"error": "full"}',
            'backend.get("/full").raise_for_status()',
            "conftest.py:5: HTTPStatusError",
        ),
        never=(
            "_models.py",
            "raise HTTPStatusError",
            "pytest_runtest_setup",
        ),
        status=None,
    ),
)
