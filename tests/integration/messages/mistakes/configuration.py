"""Mistakes in cutover.toml and in the files that it names."""

from __future__ import annotations

from tests.integration.messages.newcomer import TARGET, Newcomer

IN_THE_CONFIGURATION: tuple[Newcomer, ...] = (
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
)
