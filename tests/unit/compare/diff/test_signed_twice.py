"""A session that is signed in two answers of a test: of one second, or of two."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from pytest_cutover.core.exchange import Transcript
from tests.unit.compare.building import brief, exchange, judged, transcript


def signed(said: Any, second: str, mark: str) -> str:
    text = base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")
    return f"{text}.{second}.{mark * 27}"


def side(*values: str) -> Transcript:
    return transcript(*(exchange({"session": value}) for value in values))


NOBODY = {"csrf": "q3Rt0aZx9KwL2mNv7Yb5"}
ONE = [signed(NOBODY, "aWhBxg", "A")] * 2
LATER = [signed(NOBODY, "aWhBzz", "B")] * 2


@pytest.mark.parametrize("said", [NOBODY, {"csrf": "w8Zk1pQd6VtH4sJc3Xn0"}])
def test_the_second_of_its_signing_makes_it_no_other_session(said: dict[str, str]) -> None:
    values = [signed(said, "aWhCaa", "C"), signed(said, "aWhCab", "D")]
    found = judged(side(*ONE), side(*values), again=side(*LATER))
    assert not [where for kind, where in brief(found.differences) if kind == "identity"]


def test_two_that_are_one_again_are_no_fault() -> None:
    apart = [signed(NOBODY, "aWhBxg", "A"), signed(NOBODY, "aWhBxh", "B")]
    later = [signed(NOBODY, "aWhByg", "E"), signed(NOBODY, "aWhByh", "F")]
    found = judged(side(*apart), side(*LATER), again=side(*later))
    assert brief(found.differences) == []


def test_another_session_is_one() -> None:
    other = signed({"csrf": "w8Zk1pQd6VtH4sJc3Xn0"}, "aWhCaa", "C")
    found = judged(side(*ONE), side(LATER[0], other), again=side(*LATER))
    assert found.differences
