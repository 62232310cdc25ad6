"""Odd files, options and places that nobody thinks of, and what is said of them.

The `mistakes` are those that a newcomer makes; these are met: files that another system
or hand wrote, options of pytest that end a run early or leave everything out, a report that broke.
"""

from __future__ import annotations

from tests.integration.messages.newcomer import ONE_TEST, TARGET, Newcomer

_GO = ("cutover: GO",)
_FAILING = ONE_TEST + "        assert backend is None\n"
_SHADOWED = """
    import pytest

    @pytest.fixture
    def backend():
        return None
"""

ODDITIES: tuple[Newcomer, ...] = (
    # -- files -------------------------------------------------------------------------------------
    Newcomer(name="byte order mark", config=f"\ufeff{TARGET}", told=_GO, status=0),
    Newcomer(name="Windows line ends", config=TARGET.replace("\n", "\r\n"), told=_GO, status=0),
    Newcomer(
        name="accepted file of a byte order mark and nothing else",
        config=TARGET,
        files={"cutover-accepted.toml": "\ufeff"},
        told=_GO,
        status=0,
    ),
    Newcomer(
        name="accepted entry of wrong types",
        config=TARGET,
        files={"cutover-accepted.toml": '[[accepted]]\nsignature = 3\nscope = "x"\nreasn = "y"\n'},
        told=(
            "accepted[1].signature = 3: expected a string, got an integer",
            "next: write it in quotes",
            'scope = "x": expected an array of test ids or scenarios',
            "accepted[1].reasn: unknown key",
            "did you mean `reason`?",
            "next: add expires = …",
        ),
    ),
    Newcomer(
        name="accepted entry in single brackets",
        config=TARGET,
        files={"cutover-accepted.toml": '[accepted]\nsignature = "x"\n'},
        told=(
            "accepted = (a table): expected an array, got a table",
            "next: write its header in double brackets, [[…]]",
        ),
    ),
    Newcomer(
        name="targets as a text",
        config='targets = "staging"\n',
        told=(
            'targets = "staging": expected a table, got a string',
            "next: write its keys below a header in brackets",
        ),
    ),
    Newcomer(
        name="URL where a table belongs",
        config="""
    [targets.staging]
    baseline = "{baseline}"
    candidate = "{candidate}"
""",
        told=(
            "cutover.toml: 2 mistakes",
            "targets.staging.baseline = ",
            "expected a table, got a string",
            "next: write { url = ",
        ),
    ),
    Newcomer(
        name="table in double brackets",
        config=TARGET + "\n    [[performance]]\n    users = 3\n",
        told=(
            "performance = (an array): expected a table, got an array",
            "next: write its header in single brackets",
        ),
    ),
    Newcomer(
        name="half a user",
        config=TARGET + "\n    [performance.load]\n    users = 1.5\n",
        told=(
            "performance.load.users = 1.5: expected an integer, got a float",
            "next: write a whole number",
        ),
    ),
    Newcomer(
        name="time limit of the wrong table",
        config=TARGET + "\n    [timeouts]\n    ready = 3\n",
        told=("timeouts.ready: unknown key", "valid: connect_s", "next: rename or remove it"),
    ),
    # -- markers and fixtures ----------------------------------------------------------------------
    Newcomer(
        name="marker with a number",
        config=TARGET,
        suite=ONE_TEST.replace('"GET /thing")', "42)", 1),
        told=(
            "test_it.py::test_thing: marker characterization(42)",
            "valid: METHOD /path/{template}",
        ),
    ),
    Newcomer(
        name="marker with a misspelt argument",
        config=TARGET,
        suite=ONE_TEST.replace('"GET /thing")', '"GET /thing", scenaro="x")', 1),
        told=(
            "test_it.py::test_thing: the marker characterization has no argument `scenaro`",
            'Expected @pytest.mark.characterization("METHOD /path/{template}")',
            'scenario="…"',
        ),
    ),
    Newcomer(
        name="two markers",
        config=TARGET,
        suite=ONE_TEST.replace("    def ", '    @pytest.mark.negative("GET /thing")\n    def ', 1),
        told=(
            "test_it.py::test_thing is marked characterization and negative",
            "Expected one of them. Remove the other.",
        ),
    ),
    Newcomer(
        name="backend beside baseline",
        config=TARGET,
        suite=ONE_TEST.replace("(backend)", "(backend, baseline)"),
        told=(
            "test_it.py::test_thing is marked characterization and uses `baseline`",
            "Expected `backend` alone",
            "or mark the test crossover",
        ),
    ),
    Newcomer(
        name="fixture shadowed in a folder",
        config=TARGET,
        files={
            "shop/conftest.py": _SHADOWED.replace("\n    ", "\n"),
            "shop/test_shop.py": ONE_TEST.replace("\n    ", "\n"),
        },
        told=(
            "the fixture `backend` of shop/conftest.py hides the one of pytest-cutover",
            "shop/test_shop.py::test_thing would be",
            "Rename the fixture",
        ),
    ),
    # -- options of pytest -------------------------------------------------------------------------
    Newcomer(
        name="nothing selected",
        config=TARGET,
        arguments=("--cutover-target=staging", "-k", "nothing"),
        told=(
            "cutover: PARTIAL",
            "narrowed by -k; only a whole run can say GO",
            " next: pytest --cutover-target=staging",
        ),
        status=5,
    ),
    Newcomer(
        name="collected only",
        config=TARGET,
        arguments=("--cutover-target=staging", "--collect-only"),
        told=("test_thing[candidate]", "2 tests collected"),
        never=("cutover: ",),
        status=0,
    ),
    Newcomer(
        name="stopped at the first failure",
        config=TARGET,
        suite=_FAILING,
        arguments=("--cutover-target=staging", "-x"),
        told=(
            "CUT307 stopped early",
            "stopping after 1 failures. What it did not reach is not judged",
        ),
        status=None,
    ),
    Newcomer(
        name="one side alone",
        config=TARGET,
        arguments=("--cutover-target=staging", "test_it.py::test_thing[candidate]"),
        told=(
            "cutover: PARTIAL",
            "narrowed by test_it.py::test_thing[candidate]",
            " next: pytest --cutover-target=staging",
        ),
        status=1,
    ),
    Newcomer(
        name="no cache and another way of importing",
        config=TARGET,
        arguments=(
            *("--cutover-target=staging", "-p", "no:cacheprovider", "--import-mode=importlib"),
        ),
        told=_GO,
        status=0,
    ),
    # -- backends ----------------------------------------------------------------------------------
    Newcomer(
        name="program that is not there",
        config="""
    [targets.staging]
    baseline = {{ command = ["no-such-program", "{{port}}"] }}
    candidate = {{ url = "{candidate}" }}
""",
        told=(
            "`no-such-program",
            "No such file or directory: 'no-such-program'; check its command and cwd",
            "[targets.NAME.baseline]",
        ),
        status=None,
    ),
    Newcomer(
        name="program that ends at once",
        config="""
    [targets.staging]
    baseline = {{ command = ["{{python}}", "-m", "no_such_module", "{{port}}"] }}
    candidate = {{ url = "{candidate}" }}
""",
        told=(
            "ended with the process ending with status 1 (",
            "No module named no_such_module).",
        ),
        status=None,
    ),
    Newcomer(
        name="host without an address, and a proxy",
        config="""
    [targets.staging]
    baseline = {{ url = "{baseline}" }}
    candidate = {{ url = "http://no-such-host.invalid", ready_timeout_s = 1 }}
""",
        environment={"HTTPS_PROXY": "http://127.0.0.1:9"},
        told=(
            "the candidate backend does not answer: GET http://no-such-host.invalid/",
            "check its name, the VPN, and the DNS",
            "HTTPS_PROXY is set and not used",
            " next: curl -sS -v -o /dev/null http://no-such-host.invalid/",
        ),
        status=None,
    ),
    # -- a report that broke -----------------------------------------------------------------------
    Newcomer(
        name="runs before were cut off",
        config=TARGET,
        files={
            ".cutover/runs/staging/pre-cutover/gate.json": '{"version": 2, "verd',
            ".cutover/history/20260101-1.json": "{",
        },
        told=_GO,
        status=0,
    ),
    Newcomer(
        name="report cut off, and its review",
        files={".cutover/gate.json": '{"version": 2, "verd'},
        command=("review", "--list"),
        told=("gate.json is not whole JSON", "it was cut off or edited", "Run the gate again"),
    ),
    Newcomer(
        name="report of a version to come",
        files={".cutover/gate.json": '{"version": 9}'},
        command=("review", "--list"),
        told=("gate report of version 9", "reads 1 and 2", "run the gate again"),
    ),
    Newcomer(
        name="report with another shape",
        files={".cutover/gate.json": '{"version": 2, "findings": 3}'},
        command=("accept", "1a2b3c4d", "--scope", "x", "--reason", "y"),
        told=("is not a gate report", "`$.findings`", "Run the gate again"),
    ),
)
