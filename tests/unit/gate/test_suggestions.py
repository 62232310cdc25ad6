"""What is proposed for the configuration instead of accepting it, and where nothing is."""

from __future__ import annotations

import tomllib
from dataclasses import replace

import pytest

from pytest_cutover.compare.diff.profiles import Profiles
from pytest_cutover.gate.causes.words import suggestion_of
from pytest_cutover.report.model import Finding
from tests.unit.report.reports import WEIGHT


def header(name: str, kind: str, baseline: str, candidate: str, *, severity: int = 4) -> Finding:
    verb = {"header-added": "is added", "header-missing": "is missing"}.get(kind, "a → b")
    return replace(
        WEIGHT,
        kind=kind,
        pointer=f"/headers/{name}",
        change="absent → string",
        baseline=baseline,
        candidate=candidate,
        severity=severity,
        explanation=f"header: {name} {verb}",
    )


NOTHING = "(nothing)"


@pytest.mark.parametrize(
    ("finding", "side", "profile"),
    [
        (header("server", "header-added", NOTHING, '"uvicorn"'), "candidate", "starlette"),
        (header("Server", "header-added", NOTHING, '"Werkzeug/3.1"'), "candidate", "wsgi"),
        (header("server", "header-missing", '"Kestrel"', NOTHING), "baseline", "aspnet"),
        (header("x-powered-by", "header-missing", '"Express"', NOTHING), "baseline", "express"),
        (header("x-runtime", "header-added", NOTHING, '"0.0031"'), "candidate", "rails"),
        (header("server", "header-value", '"Acme/1"', '"nginx/1.22"'), "candidate", "nginx"),
        (header("server", "header-value", '"nginx/1.22"', '"Acme/1"'), "baseline", "nginx"),
    ],
)
def test_what_a_framework_adds_to_every_answer_is_a_profile_of_its_side(
    finding: Finding, side: str, profile: str
) -> None:
    told = suggestion_of([finding, replace(finding, endpoint="GET /other")], "staging")

    where = told.splitlines()[0]
    assert where == f"# in [targets.staging.{side}], beside the profiles that stand there"
    assert tomllib.loads(told) == {"profile": [profile]}
    assert Profiles.named(profile).forgives_presence(finding.pointer.rpartition("/")[2].lower())


@pytest.mark.parametrize(
    ("finding", "target"),
    [
        # Nobody knows whose it is, or the target has no table to name a profile in.
        (header("server", "header-added", NOTHING, '"Acme/1"'), "staging"),
        (header("x-served-by", "header-added", NOTHING, '"uvicorn"'), "staging"),
        (header("x-request-id", "header-missing", '"7"', NOTHING), "staging"),
        (header("server", "header-added", NOTHING, '"uvicorn"'), ""),
    ],
)
def test_any_other_header_is_a_rule(finding: Finding, target: str) -> None:
    (rule,) = tomllib.loads(suggestion_of([finding], target))["parity"]["rules"]

    assert rule == {
        "endpoint": finding.endpoint,
        "pointer": finding.pointer,
        "ignore": True,
        "reason": "…",
    }


def test_a_header_that_guards_something_is_never_waived_by_a_line_to_copy() -> None:
    guards = header("x-powered-by", "header-missing", '"Express"', NOTHING, severity=1)

    assert suggestion_of([guards], "staging") == ""


def test_a_target_of_another_name_is_written_as_a_key() -> None:
    finding = header("server", "header-added", NOTHING, '"uvicorn"')

    assert suggestion_of([finding], "west 2").startswith('# in [targets."west 2".candidate]')
