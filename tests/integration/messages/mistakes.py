"""Forty mistakes of newcomers: what they wrote, and what they must be told.

A message has four parts: what is wrong, where, what was expected against what was observed, and
what to do next. A mistake lists a few words of each; the test looks for them on the screen.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

ONE_TEST = """
    import pytest

    @pytest.mark.characterization("GET /thing")
    def test_thing(backend):
        backend.get("/thing")
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """One mistake. `{baseline}` and `{candidate}` in `config` become the URLs of two servers.

    `told` are words that must stand on the screen, in any place; `never` must not. `command`
    says that the mistake is made with pytest-cutover instead of pytest. `status` is None where the
    run goes on and its verdict says it. `needs` is a package of an extra.
    """

    name: str
    config: str = ""
    suite: str = ONE_TEST
    conftest: str = ""
    arguments: tuple[str, ...] = ("--cutover-target=staging",)
    command: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    status: int | None = 4
    files: dict[str, str] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)
    needs: str = ""


TARGET = """
    [targets.staging]
    baseline = {{ url = "{baseline}" }}
    candidate = {{ url = "{candidate}" }}
"""

MISTAKES: tuple[Newcomer, ...] = (
    # -- the command line --------------------------------------------------------------------------
    Newcomer(
        name="target misspelt",
        config=TARGET,
        arguments=("--cutover-target=stagin",),
        told=(
            "--cutover-target=stagin",
            "no target has this name",
            "did you mean `staging`?",
            "next: choose one",
        ),
    ),
    Newcomer(
        name="no configuration",
        told=(
            "there are no targets",
            "--cutover-baseline URL",
            "pytest-cutover init",
        ),
    ),
    Newcomer(
        name="phase misspelt",
        config=TARGET,
        arguments=(
            "--cutover-target=staging",
            "--cutover-phase=monitor",
        ),
        told=(
            '--cutover-phase = "monitor"',
            "did you mean `monitoring`?",
            "valid: pre-cutover",
        ),
    ),
    Newcomer(
        name="one URL alone",
        arguments=("--cutover-baseline={baseline}",),
        told=(
            "without --cutover-candidate",
            "Expected both",
            "Add --cutover-candidate=URL",
        ),
    ),
    Newcomer(
        name="URL without a scheme",
        arguments=(
            "--cutover-baseline=localhost:3000",
            "--cutover-candidate={candidate}",
        ),
        told=(
            '--cutover-baseline = "localhost:3000"',
            "did you mean `http://localhost:3000`?",
        ),
    ),
    Newcomer(
        name="option misspelt",
        config=TARGET,
        arguments=(
            "--cutover-target=staging",
            "--cutover-fuz=3",
        ),
        told=("unrecognized arguments: --cutover-fuz=3",),
    ),
    Newcomer(
        name="fuzz without a schema",
        needs="schemathesis",
        config=TARGET,
        arguments=(
            "--cutover-target=staging",
            "--cutover-fuzz=3",
        ),
        told=(
            "there is no schema",
            "--cutover-schema=PATH-OR-URL",
            "/openapi.json",
        ),
    ),
    Newcomer(
        name="fuzz of no number",
        config=TARGET,
        arguments=(
            "--cutover-target=staging",
            "--cutover-fuzz=many",
        ),
        told=(
            "--cutover-fuzz",
            "'many'",
        ),
    ),
    Newcomer(
        name="schema that is not there",
        needs="schemathesis",
        config=TARGET,
        arguments=(
            "--cutover-target=staging",
            "--cutover-schema=api/openapi.yaml",
            "--cutover-fuzz=3",
        ),
        told=(
            "api/openapi.yaml",
            "no such file",
            "valid: an OpenAPI document",
            "/openapi.json",
        ),
    ),
    Newcomer(
        name="report where a file is",
        config=TARGET,
        files={"out": "x"},
        arguments=(
            "--cutover-target=staging",
            "--cutover-report=out",
        ),
        told=(
            "CUT309",
            "a file stands where a folder should be",
            "--cutover-report=DIR",
        ),
        status=None,
    ),
    # -- cutover.toml ------------------------------------------------------------------------------
    Newcomer(
        name="no TOML",
        config="""[targets.staging
""",
        told=(
            "line 1, column 17",
            "not valid TOML",
            "tables in [brackets]",
        ),
    ),
    Newcomer(
        name="table twice",
        config=TARGET
        + """
    [targets.staging]
    baseline = {{ url = "{baseline}" }}
    candidate = {{ url = "{candidate}" }}
""",
        told=(
            "line 5: the table [targets.staging] stands twice",
            "begins in line 1",
            "next: put the keys of both into one table",
        ),
    ),
    Newcomer(
        name="key misspelt",
        config="""
    [targets.staging]
    write = true
    baseline = {{ url = "{baseline}" }}
    candidate = {{ url = "{candidate}" }}

""",
        told=(
            "targets.staging.write: unknown key",
            "did you mean `writes`?",
            "next: rename or remove it",
        ),
    ),
    Newcomer(
        name="table misspelt",
        config=TARGET
        + """
    [perfomance]
    users = 3
""",
        told=(
            "perfomance: unknown key",
            "did you mean `performance`?",
        ),
    ),
    Newcomer(
        name="64MB",
        config=TARGET
        + """
    [limits]
    max_body_bytes = "64MB"
""",
        told=(
            'limits.max_body_bytes = "64MB"',
            "as an integer",
            "next: write 64000000",
        ),
    ),
    Newcomer(
        name="key of another table",
        config=TARGET
        + """
    [parity]
    max_body_bytes = 64
""",
        told=(
            "parity.max_body_bytes: unknown key",
            "belongs in [limits]",
        ),
    ),
    Newcomer(
        name="a boolean in quotes",
        config="""
    [targets.staging]
    writes = "yes"
    baseline = {{ url = "{baseline}" }}
    candidate = {{ url = "{candidate}" }}

""",
        told=(
            'targets.staging.writes = "yes"',
            "expected true or false, got a string",
            "without quotes",
        ),
    ),
    Newcomer(
        name="profile unknown",
        config="""
    [targets.staging]
    baseline = {{ url = "{baseline}", profile = ["expres"] }}
    candidate = {{ url = "{candidate}" }}
""",
        told=(
            "targets.staging.baseline.profile",
            "no profile has the name expres",
            "did you mean `express`?",
            "next: name the framework",
        ),
    ),
    Newcomer(
        name="family misspelt",
        config="""
    [targets.staging]
    require = ["paritty"]
    baseline = {{ url = "{baseline}" }}
    candidate = {{ url = "{candidate}" }}

""",
        told=(
            'require[1] = "paritty"',
            "did you mean `parity`?",
        ),
    ),
    Newcomer(
        name="variable not set",
        config="""
    [targets.staging]
    baseline = {{ url = "{baseline}", headers = {{ X-Key = "{{env:NOT_SET_HERE}}" }} }}
    candidate = {{ url = "{candidate}" }}
""",
        told=(
            "targets.staging.baseline.headers.X-Key",
            "NOT_SET_HERE",
            "next: set NOT_SET_HERE",
        ),
    ),
    Newcomer(
        name="command without a port",
        config="""
    [targets.staging]
    baseline = {{ command = ["true"] }}
    candidate = {{ url = "{candidate}" }}
""",
        told=(
            "never told its port",
            "{port}",
            "next: add it",
        ),
    ),
    Newcomer(
        name="url and command",
        config="""
    [targets.staging]
    baseline = {{ url = "{baseline}", command = ["true"] }}
    candidate = {{ url = "{candidate}" }}
""",
        told=(
            "a url or a command, not both",
            "next: remove one",
        ),
    ),
    Newcomer(
        name="contract that is not there",
        config="""
    [targets.staging]
    require = ["parity", "contract"]
    baseline = {{ url = "{baseline}" }}
    candidate = {{ url = "{candidate}" }}

    [contract]
    path = "contract/opnapi.yaml"

""",
        files={"contract/openapi.yaml": "x"},
        told=(
            "contract/opnapi.yaml",
            "[contract] path: no such file",
            "did you mean `contract/openapi.yaml`?",
        ),
    ),
    Newcomer(
        name="item misspelt",
        config="""
    [targets.staging]
    require = ["parity", "checklist"]
    baseline = {{ url = "{baseline}" }}
    candidate = {{ url = "{candidate}" }}

    [checklist.items."environment.helth"]
    check = "smoke"

""",
        told=(
            'checklist.items."environment.helth"',
            "did you mean `environment.health`?",
            "and 47 more",
        ),
    ),
    Newcomer(
        name="limit of an endpoint misspelt",
        config="""
    [targets.staging]

    baseline = {{ url = "{baseline}" }}
    candidate = {{ url = "{candidate}" }}

    [performance.endpoints]
    "GET /thing" = {{ p99 = 5 }}

""",
        told=(
            'performance.endpoints."GET /thing".p99',
            "did you mean `p99_ms`?",
        ),
    ),
    Newcomer(
        name="rule misspelt",
        config="""
    [targets.staging]

    baseline = {{ url = "{baseline}" }}
    candidate = {{ url = "{candidate}" }}

    [[parity.rules]]
    endpoint = "GET /thing"
    pointer = "/size"
    tolerence = 1

""",
        told=(
            "parity.rules[1].tolerence",
            "did you mean `tolerance`?",
        ),
    ),
    Newcomer(
        name="load in production",
        config="""
    [targets.staging]
    production = true
    load = true
    baseline = {{ url = "{baseline}" }}
    candidate = {{ url = "{candidate}" }}

""",
        told=(
            "targets.staging.load = true",
            "production = true",
            "next: make a target of its own",
        ),
    ),
    # -- tests -------------------------------------------------------------------------------------
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
    # -- pytest-cutover ----------------------------------------------------------------------------
    Newcomer(
        name="command misspelt",
        command=("reveiw",),
        told=(
            "reveiw: no such command",
            "did you mean `review`?",
        ),
    ),
    Newcomer(
        name="code unknown",
        command=(
            "explain",
            "CUT999",
        ),
        told=(
            "CUT999: no such code",
            "valid: CUT101",
            "lists them all",
        ),
    ),
    Newcomer(
        name="review without a report",
        command=(
            "review",
            "--list",
        ),
        told=(
            ".cutover/gate.json",
            "no report of a run here",
            "next: run pytest --cutover-target=NAME",
        ),
    ),
    Newcomer(
        name="accept without a report",
        command=(
            "accept",
            "1a2b3c4d",
            "--scope",
            "*",
            "--reason",
            "x",
        ),
        told=(
            ".cutover/gate.json",
            "no report of a run here",
            "next: run pytest",
        ),
    ),
    Newcomer(
        name="sign-off of no item",
        config=TARGET,
        command=(
            "sign-off",
            "rollback.teem",
            "--target=staging",
            "--by",
            "A",
            "--note",
            "x",
        ),
        told=(
            "rollback.teem",
            "did you mean `rollback.team`?",
        ),
    ),
    Newcomer(
        name="sign-off of no target",
        config=TARGET,
        command=(
            "sign-off",
            "rollback.team",
            "--target=stagin",
            "--by",
            "A",
            "--note",
            "x",
        ),
        told=(
            "--cutover-target=stagin",
            "did you mean `staging`?",
        ),
    ),
    Newcomer(
        name="promote nothing",
        command=(
            "promote",
            "1a2b3c4d",
        ),
        told=(
            "1a2b3c4d",
            "no generated case",
            "next: run pytest with --cutover-fuzz",
        ),
    ),
    Newcomer(
        name="compare with no file",
        command=(
            "compare",
            "a.json",
            "b.json",
        ),
        told=(
            "a.json cannot be read",
            "No such file",
            "Run the gate again",
        ),
    ),
    # -- backends ----------------------------------------------------------------------------------
    Newcomer(
        name="unreachable",
        arguments=(
            "--cutover-baseline={baseline}",
            "--cutover-candidate=http://127.0.0.1:9",
        ),
        told=(
            "still waiting for the baseline at http",
            "GET http://127.0.0.1:9/ was asked",
            "Connection refused",
            "Check host and port",
            " next: curl -sS -v -o /dev/null http://127.0.0.1:9/",
        ),
        status=None,
    ),
    Newcomer(
        name="https to a port that speaks http",
        arguments=(
            "--cutover-baseline={baseline}",
            "--cutover-candidate={tls}",
        ),
        told=(
            "speaks no TLS",
            " next: curl -sS -v -o /dev/null https://",
        ),
        status=None,
    ),
)
