"""Pointers and templates, fingerprints, moves, dotenv texts, tokens, comparisons."""

from __future__ import annotations

import jwt
import pytest

from pytest_cutover.checklist.checks.configuration import parsed, verified
from pytest_cutover.checklist.switch.fingerprint import side_of
from pytest_cutover.checklist.switch.timeline import TimedAnswer, moved
from pytest_cutover.config.monitoring import Fingerprint
from pytest_cutover.core.exchange import Side
from pytest_cutover.core.json_pointer import at, filled

SECRET = "development-only-secret-of-32-bytes!"


def test_a_pointer_finds_members_and_items() -> None:
    assert at({"a/b": [{"~": 7}]}, "/a~1b/0/~0") == 7
    with pytest.raises(KeyError):
        at({"a": []}, "/a/0")


def test_a_template_keeps_types_and_fills_text() -> None:
    values = {"id": 7, "code": "L-1"}

    assert filled({"a": "{id}", "b": ["x-{code}"]}, values, str) == {"a": 7, "b": ["x-L-1"]}
    assert filled("{unique:LOT}", {}, lambda label: f"{label}-new") == "LOT-new"
    with pytest.raises(KeyError):
        filled("{nobody}", values, str)


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ('HTTP 404\n\n{"error":"none"}', Side.BASELINE),
        ('HTTP 404\n\n{"detail":"none"}', Side.CANDIDATE),
        ('{"error":1,"detail":2}', None),
        ("HTTP 502", None),
    ],
)
def test_a_fingerprint_tells_one_side_or_none(text: str, side: Side | None) -> None:
    fingerprint = Fingerprint(path="/x", baseline='"error":', candidate='"detail":')

    assert side_of(text, fingerprint) is side


def test_a_move_is_told_by_its_last_old_answer_and_what_was_lost() -> None:
    old = [TimedAnswer(at_s=float(second), side=Side.BASELINE) for second in range(5)]
    lost = [TimedAnswer(at_s=5.0, side=None, lost="ReadError")]
    new = [TimedAnswer(at_s=6.0 + second, side=Side.CANDIDATE) for second in range(10)]

    found = moved([*old, *lost, *new], Side.CANDIDATE, 3.5)
    assert (found.last_old_s, found.first_new_s, found.lost, found.arrived) == (0.5, 2.5, 1, True)
    assert str(found) == "to candidate: last old answer after 0.50 s, 1 of 16 lost"
    assert not moved([*new, *old], Side.CANDIDATE, 0.0).arrived


def test_a_dotenv_text_is_read_as_shells_read_it() -> None:
    text = "# no\nexport A=1\nB='two words'\nC=\"x\"\nD=bare # a remark\nE=\nnot a line\n"

    assert parsed(text) == {"A": "1", "B": "two words", "C": "x", "D": "bare", "E": ""}


def test_a_token_that_development_could_sign_is_told_without_showing_it() -> None:
    token = jwt.encode({"sub": "x"}, SECRET, algorithm="HS256")
    found = verified(token, ["another-secret-of-at-least-32-bytes", SECRET])

    assert found.verdict == "fail"
    assert found.observed == "a token verifies under known secret 2 of 2"
    assert SECRET not in found.message + found.observed
    assert verified(token, ["another-secret-of-at-least-32-bytes"]).verdict == "pass"


@pytest.mark.parametrize(
    ("token", "verdict"),
    [
        ("opaque", "inconclusive"),
        (jwt.encode({"sub": "x"}, "", algorithm="none"), "fail"),
        ("eyJhbGciOiJSUzI1NiJ9.e30.c2ln", "inconclusive"),
        ("a.b", "inconclusive"),
    ],
)
def test_a_token_that_cannot_be_tested_from_outside(token: str, verdict: str) -> None:
    assert verified(token, [SECRET]).verdict == verdict
