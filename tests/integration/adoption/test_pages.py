"""What the pages for existing suites and logins show is run: a section is a whole project."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.harness.project import Project
from tests.harness.stub_server import Answer, Seen

HOW_TO = Path(__file__).parents[3] / "docs" / "how-to"
LABELLED = re.compile(r"```python\n# ([\w/]+\.py)\n(.*?)```", re.DOTALL)


def section(page: str, heading: str) -> dict[str, str]:
    text = (HOW_TO / page).read_text("utf-8").partition(f"\n## {heading}\n")[2]
    return dict(LABELLED.findall(text.partition("\n## ")[0]))


def admin(seen: Seen) -> Answer:
    known = seen.headers.get("authorization", "")
    return Answer(403 if known else 401, {"error": "no"})


def login(seen: Seen) -> Answer:
    return Answer(200, {"token": "T" + str(hash(seen.body)).strip("-") + "0123456789abcdef"})


@pytest.mark.parametrize(
    ("page", "heading", "passed", "verdict"),
    [
        ("existing-suites.md", "Tests on `httpx.Client`", 4, "GO"),
        ("existing-suites.md", "Tests on `requests`", 4, "GO"),
        ("existing-suites.md", "Async tests", 2, "GO"),
        # Its one test is refused on both sides, which by itself proves nothing.
        ("users.md", "Several users", 2, "INCONCLUSIVE"),
    ],
)
def test_a_section_is_a_suite(
    project: Project,
    monkeypatch: pytest.MonkeyPatch,
    page: str,
    heading: str,
    passed: int,
    verdict: str,
) -> None:
    files = section(page, heading)
    assert sorted(files)[0] == "conftest.py"
    for name, text in files.items():
        project.write(name, text)
    project.both("GET /lots", Answer(200, [{"id": 7}]))
    project.both("GET /lots/7", Answer(200, {"id": 7}))
    project.both("GET /admin", admin)
    project.both("POST /login", login)
    for variable in ("CUTOVER_PASSWORD", "CUTOVER_AUDITOR_PASSWORD"):
        monkeypatch.setenv(variable, f"secret-of-{variable}")
    run = project.run("--cutover-writes")
    run.outcomes(passed=passed)
    assert run.verdict == verdict, run.screen


def test_nobody_is_another_caller_than_the_login(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.write("conftest.py", section("users.md", "One login")["conftest.py"])
    project.write("test_nobody.py", section("users.md", "Nobody")["tests/test_nobody.py"])
    project.both("GET /admin", admin)
    project.both("POST /login", login)
    monkeypatch.setenv("CUTOVER_PASSWORD", "secret-of-the-test")
    run = project.run("--cutover-writes")
    run.outcomes(passed=2)


def test_a_client_that_a_module_made_is_replaced(project: Project) -> None:
    files = section("existing-suites.md", "Tests on Starlette's or FastAPI's `TestClient`")
    project.write("conftest.py", files["conftest.py"])
    project.write("lots/__init__.py", "")
    project.write("lots/main.py", "app = None\n")
    module = files["tests/test_main.py"].replace("from fastapi.testclient import TestClient\n", "")
    module = module.replace("TestClient(app)", "app")
    project.write(
        "lots/test_main.py",
        module + "\n\ndef test_lots():\n    assert client.get('/lots').status_code == 200\n"
        "\n\ndef test_lot():\n    assert client.get('/lots/7').json()['id'] == 7\n",
    )
    for server in (project.baseline, project.candidate):
        server["GET /lots"] = Answer(307, None, {"Location": "/lots/"})
    project.both("GET /lots/", Answer(200, [{"id": 7}]))
    project.both("GET /lots/7", Answer(200, {"id": 7}))
    run = project.run()
    run.outcomes(passed=4)
    assert run.verdict == "GO", run.screen


def test_each_test_has_a_project_of_its_own(project: Project) -> None:
    names: set[bytes] = set()

    def make(seen: Seen) -> Answer:
        taken = seen.body in names
        names.add(seen.body)
        return Answer(409, {"error": "taken"}) if taken else Answer(201, {"id": len(names)})

    files = section("existing-suites.md", "Tests that begin with an empty database")
    project.write("conftest.py", files["conftest.py"])
    project.write(
        "test_it.py",
        "import pytest\n\n@pytest.mark.characterization('POST /projects', 'GET /thing')\n"
        "@pytest.mark.parametrize('n', [1, 2])\n"
        "def test_it(backend, project_url, n):\n    assert backend.get('/thing').is_success\n",
    )
    project.both("POST /projects", make)
    project.both("GET /thing", Answer(200, {"size": 3}))
    run = project.run("--cutover-writes")
    run.outcomes(passed=4)
    assert run.verdict == "GO", run.screen
