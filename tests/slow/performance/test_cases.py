"""The cases that measure: they need a core each, and a machine that has one to spare."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.harness.cases import run_case

CASES = {path.stem: path for path in sorted((Path(__file__).parent / "cases").glob("*-*.py"))}


@pytest.mark.parametrize("case", CASES)
def test_it_is_said_what_is_true(
    case: str, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run_case(CASES[case], pytester, monkeypatch) == []
