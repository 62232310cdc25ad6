"""Each case of this folder, run as its user would run it: `tests/harness/cases.py` is the format.

A new case is a file beside this one with a `-` in its name, and nothing else; `make format` puts it
into shape.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.harness.cases import run_case

CASES = {path.stem: path for path in sorted(Path(__file__).parent.glob("*-*.py"))}


@pytest.mark.parametrize("case", CASES)
def test_it_is_said_what_is_true(
    case: str, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run_case(CASES[case], pytester, monkeypatch) == []
