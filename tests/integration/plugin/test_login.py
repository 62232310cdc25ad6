"""The login: once for each side and session, outside the transcripts; no secret leaves the run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.harness.project import Project
from tests.harness.stub_server import Answer, Seen

TOKEN = "tok-5f2d9c81b7e64a30"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJlLW9mLXRoZS10b2tlbg"

HOOK = """
def pytest_cutover_login(backend):
    answer = backend.get("/login", params={"password": "h0rse-battery"})
    answer.raise_for_status()
    backend.headers["Authorization"] = f"Bearer {answer.json()['token']}"
    return True
"""
FIXTURE = """
import pytest

@pytest.fixture
def cutover_login(backend, account):
    answer = backend.get("/login", params={"password": account})
    answer.raise_for_status()
    backend.headers["Authorization"] = f"Bearer {answer.json()['token']}"

@pytest.fixture(scope="session")
def account():
    return "h0rse-battery"
"""
TESTS = """
import pytest

@pytest.mark.characterization("GET /thing")
@pytest.mark.parametrize("n", [1, 2, 3])
def test_it(backend, n):
    assert backend.get("/thing").status_code == 200
"""


def protected(seen: Seen) -> Answer:
    known = seen.headers.get("authorization", "").startswith("Bearer ")
    return Answer(200, {"size": 3}) if known else Answer(401, {"error": "who are you?"})


@pytest.fixture
def guarded(project: Project) -> Project:
    project.baseline["GET /login"] = Answer(200, {"token": TOKEN})
    project.candidate["GET /login"] = Answer(200, {"token": JWT})
    project.both("GET /thing", protected)
    return project


@pytest.mark.parametrize("form", [HOOK, FIXTURE], ids=["hook", "fixture"])
def test_it_happens_once_and_every_test_has_it(guarded: Project, form: str) -> None:
    guarded.write("conftest.py", form)
    guarded.write("test_it.py", TESTS)
    run = guarded.run()
    assert run.verdict == "GO"
    for server, token in ((guarded.baseline, TOKEN), (guarded.candidate, JWT)):
        path = "/login?password=h0rse-battery"
        assert len([one for one in server.requests if one.path == path]) == 1
        sent = {one.headers["authorization"] for one in server.asked("GET /thing")}
        assert sent == {f"Bearer {token}"}
    assert all("login" not in str(gate) for gate in run.report["gates"])


def test_a_login_that_fails_says_on_which_side(guarded: Project) -> None:
    guarded.candidate["GET /login"] = Answer(503)
    guarded.write("conftest.py", HOOK)
    guarded.write("test_it.py", TESTS)
    run = guarded.run()
    run.outcomes(passed=3, errors=3)
    assert run.verdict == "INCONCLUSIVE"
    assert "the login on the candidate backend failed" in run.screen
    assert "503" in run.screen
    assert "h0rse-battery" not in run.screen
    assert len([one for one in guarded.candidate.requests if "/login" in one.path]) == 1


LEAKY = """
import logging
import pytest

@pytest.mark.characterization("GET /thing")
def test_raises(backend):
    token = backend.headers["Authorization"]
    print("printed", token)
    logging.getLogger("app").warning("logged %s", token)
    backend.get("/thing")
    raise RuntimeError(f"no entry with {token}")

@pytest.mark.characterization("GET /thing")
def test_compares(backend, record_property):
    token = backend.headers["Authorization"]
    record_property("used", token)
    backend.get("/thing")
    assert {"token": token, "padding": "x" * 300} == {"token": "none", "padding": "x" * 300}

@pytest.mark.characterization("GET /thing")
def test_subtest(backend, subtests):
    backend.get("/thing")
    with subtests.test("one"):
        print("printed too", backend.headers["Authorization"])
        assert backend.headers["Authorization"] == "none"

@pytest.mark.characterization("GET /thing")
def test_skips(backend):
    backend.get("/thing")
    pytest.skip(f"because of {backend.headers['Authorization']}")
"""


@pytest.mark.parametrize("style", ["long", "short", "native", "line"])
def test_no_secret_leaves_the_run(guarded: Project, style: str) -> None:
    guarded.write("conftest.py", HOOK)
    guarded.write("test_it.py", LEAKY)
    guarded.candidate["GET /thing"] = Answer(
        200, {"size": 4, "token": JWT}, headers={"Set-Cookie": "sid=c00kie-9f8e7d6c5b4a; Path=/"}
    )
    run = guarded.run(
        "-vv", f"--tb={style}", "--showlocals", "-ra", "--junitxml=out.xml", "--cutover-report=rep"
    )
    written = {
        path: path.read_text("utf-8", "replace")
        for path in [*Path(guarded.path, "rep").rglob("*"), guarded.path / "out.xml"]
        if path.is_file()
    }
    assert {"gate.json", "gate.html", "gate.md", "out.xml"} <= {path.name for path in written}
    written |= {Path("screen"): run.screen, Path("errors"): run.errors}
    secrets = (TOKEN, JWT, "h0rse-battery", "c00kie-9f8e7d6c5b4a", TOKEN[:14], JWT[:24], JWT[-14:])
    for path, text in written.items():
        for secret in secrets:
            assert secret not in text, (path, secret)
    assert "<secret token 20>" in run.screen


def test_curl_has_variables_in_place_of_credentials(guarded: Project) -> None:
    guarded.write("conftest.py", HOOK)
    guarded.write("test_it.py", TESTS)
    guarded.candidate["GET /thing"] = Answer(200, {"size": 4})
    run = guarded.run()
    [finding] = run.report["findings"]
    assert finding["reproduce"]["candidate"].startswith(f"curl -i {guarded.candidate.url}/thing")
    assert "Bearer $CUTOVER_TOKEN" in finding["reproduce"]["candidate"]


def test_a_code_of_the_login_is_known_to_tests(project: Project) -> None:
    project.both("GET /login", Answer(200, {}))
    project.both("GET /me", lambda seen: Answer(200, {"team": seen.headers["x-team"], "n": 1}))
    project.write(
        "conftest.py",
        """
        import pytest

        @pytest.fixture
        def cutover_login(backend):
            backend.headers["X-Team"] = backend.unique("team")
            backend.get("/login")
        """,
    )
    project.write(
        "test_it.py",
        """
        import pytest

        @pytest.mark.characterization("GET /me")
        def test_me(backend):
            assert backend.get("/me").json()["team"].startswith("team")
        """,
    )
    project.target()

    project.run("--snapshot-update", "--cutover-target=staging", gate=False).outcomes(passed=2)
    [golden] = (project.path / "snapshots").rglob("*.json")
    assert "<unique team of the login #1>" in golden.read_text("utf-8")
    assert project.run("--cutover-target=staging", gate=False).verdict == "GO"


KEY_IN_THE_QUERY = """
def pytest_cutover_login(backend):
    backend.params = {"key": "k-9912-0417"}
    return True
"""
AS_NOBODY = """

@pytest.mark.negative("GET /thing", scenario="no key")
def test_nobody(backend):
    assert backend.as_user(None).get("/thing").status_code == 401
"""


def test_a_key_in_the_query_is_a_login_like_any_other(project: Project) -> None:
    def keyed(size: int) -> Callable[[Seen], Answer]:
        return lambda seen: (
            Answer(200, {"size": size})
            if "key=k-9912-0417" in seen.path
            else Answer(401, {"error": "who are you?"})
        )

    project.baseline["GET /thing"], project.candidate["GET /thing"] = keyed(3), keyed(4)
    project.write("conftest.py", KEY_IN_THE_QUERY)
    project.write("test_it.py", TESTS + AS_NOBODY)
    run = project.run()
    assert [one["pointer"] for one in run.report["findings"]] == ["/size"], run.screen
    written = [path for path in (project.path / ".cutover").rglob("*") if path.is_file()]
    assert not [path for path in written if "k-9912-0417" in path.read_text("utf-8", "replace")]
    assert "k-9912-0417" not in run.screen
