"""A project whose two backends and whose suite are careless with every secret they hold."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.harness.project import Project
from tests.harness.run import Run
from tests.harness.stub_server import StubServer
from tests.integration.secrets.planted import PLANTS

BACKEND = Path(__file__).with_name("leaky_backend.py")

SUITE = """
import json, logging, os, warnings
from pathlib import Path
from urllib.parse import quote

import pytest

P = json.loads((Path(__file__).parent / "plants.json").read_text())


def fails(error, cause=None):
    if "QUIET" not in os.environ:
        raise error from cause


def loud(answer, record_property):
    print("said", answer.text, dict(answer.headers), answer.request.url)
    logging.getLogger("app").warning("asked %s: %r", answer.request.url, answer.text)
    warnings.warn(f"look at {answer.text}")
    record_property("answer", answer.text)


@pytest.mark.characterization("POST /login")
def test_login(backend, record_property):
    body = {"account": [{"credentials": {"password": P["deep"], "pinCode": 1, "otp": P["number"]}}]}
    answer = backend.post("/login", json=body, cookies={"sid": P["cookie"]})
    loud(answer, record_property)
    given = answer.json()["data"]
    assert "QUIET" in os.environ or given == {"session": [], "proof": "x" * 300}, answer.text


@pytest.mark.negative("GET /echo")
def test_echo(backend, record_property):
    answer = backend.get(
        "/echo",
        params={"api_key": P["query"], "page": 2},
        headers={"X-Api-Key": P["api_key_header"]},
        auth=("ada", P["basic_password"]),
    )
    loud(answer, record_property)
    fails(RuntimeError(f"refused: {answer.json()['error']}"), ValueError(answer.text))


@pytest.mark.negative("POST /echo")
def test_form(backend, record_property):
    answer = backend.post("/echo", data={"client_secret": P["form"], "page": "2"})
    loud(answer, record_property)
    if "QUIET" not in os.environ:
        answer.raise_for_status()


@pytest.mark.negative("GET /echo")
def test_userinfo(backend, record_property):
    url = backend.base_url.copy_with(path="/echo", username="eve", password=P["userinfo"])
    loud(backend.get(url), record_property)
    fails(KeyError(f"no entry for {url} with {P['userinfo']}"))


@pytest.mark.characterization("GET /links")
def test_links(backend, record_property):
    answer = backend.get("/links")
    loud(answer, record_property)
    if backend.name == "candidate" and "SKIP" in os.environ:
        pytest.skip(f"because of {answer.headers['location']}")


@pytest.mark.negative("GET /boom")
def test_boom(backend, record_property):
    loud(backend.get("/boom"), record_property)


@pytest.fixture
def entry(backend):
    answer = backend.get("/echo", headers={"Authorization": f"Bearer {P['token']}"})
    yield answer
    fails(LookupError(f"not closed: {answer.text}"))


@pytest.mark.negative("GET /echo")
def test_fixture(entry):
    pass
"""
DIES = """

@pytest.mark.characterization("GET /die")
def test_zz_die(backend):
    backend.get("/die", headers={"Authorization": "Token " + P["token"]})
"""
CRASHES = """

@pytest.mark.characterization("POST /login")
def test_zz_crash(backend):
    backend.post("/login", json={"password": "only-here-" + P["deep"]})
    if backend.name == "candidate":
        os._exit(5)
"""


class Leaky(Project):
    """The careless project; `plants` are its secrets."""

    plants: dict[str, str | int]

    def gate(self, *words: str, suite: str = SUITE, apart: bool = False) -> Run:
        self.write("test_it.py", suite)
        return self.run("--cutover-target=local", *words, gate=False, apart=apart)


@pytest.fixture
def leaky(
    pytester: pytest.Pytester,
    servers: tuple[StubServer, StubServer],
    monkeypatch: pytest.MonkeyPatch,
) -> Leaky:
    monkeypatch.setenv("OF_THE_CANDIDATE", str(PLANTS["database"]))
    project = Leaky(pytester, *servers)
    project.plants = dict(PLANTS)
    plants = project.write("plants.json", json.dumps(PLANTS))
    tables = []
    for side in ("baseline", "candidate"):
        command = ["{python}", str(BACKEND), side, "{port}", str(plants)]
        tables += [
            f"[targets.local.{side}]",
            f"command = {json.dumps(command)}",
            'headers = { X-Team-Secret = "tms-{env:OF_THE_CANDIDATE}" }',
            "[targets.local." + side + ".env]",
            'DATABASE_URL = "postgresql://app:{env:OF_THE_CANDIDATE}@db/flowviz"',
            f'SIGNING_SECRET = "{PLANTS["signing"]}"',
        ]
    project.write("cutover.toml", "\n".join(tables) + "\n")
    project.ini("addopts = -p no:cacheprovider\n")
    return project
