"""Mistakes on the command line, of pytest and of pytest-cutover, and what answers there."""

from __future__ import annotations

from tests.integration.messages.newcomer import TARGET, Newcomer

ON_THE_COMMAND_LINE: tuple[Newcomer, ...] = (
    # -- pytest ----------------------------------------------------------------------------------
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
    # -- pytest-cutover --------------------------------------------------------------------------
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
    # -- backends --------------------------------------------------------------------------------
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
