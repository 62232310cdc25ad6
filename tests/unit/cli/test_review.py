"""Pending findings are asked one by one; nothing is written before it is confirmed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from pytest_cutover.cli import main
from pytest_cutover.cli.review import ask_each
from pytest_cutover.parity.accepted import load_accepted

from .last_run import PATH, STATUS, WEIGHT


def answers(*texts: str) -> Callable[[str], str]:
    rest = iter(texts)
    return lambda _: next(rest)


def test_a_report_that_was_cut_off_is_a_mistake(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = project / ".cutover" / "gate.json"
    report.write_text(report.read_text(encoding="utf-8")[:99], encoding="utf-8")

    assert main(["review"]) == 4
    assert "is not whole JSON" in capsys.readouterr().err


def test_review_without_a_terminal_prints_what_to_run(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["review"]) == 0

    out = capsys.readouterr().out
    assert "2 pending, and no terminal to ask at" in out
    assert "pytest-cutover accept 99aabbcc --scope tests/test_lots.py::test_unknown --reason" in out
    assert "\x1b" not in out
    assert not (project / PATH).exists()


def reviewing(monkeypatch: pytest.MonkeyPatch, *texts: str) -> int:
    """`review` at a terminal, where these answers are given."""
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", answers(*texts))
    return main(["review", "--approver", "Mira"])


def test_review_writes_what_was_accepted_once_it_is_confirmed(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert reviewing(monkeypatch, "a", "both are meant", "", "s", "y") == 0

    (entry,) = load_accepted(project / PATH).entries
    assert entry.scope == ("tests/test_lots.py::test_lot", "tests/test_lots.py::test_full[a]")
    assert entry.reason == "both are meant"
    assert "1 of 2" in capsys.readouterr().out


def test_review_writes_nothing_before_it_is_confirmed(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert reviewing(monkeypatch, "a", "r", "", "q", "n") == 0
    assert not (project / PATH).exists()
    assert "nothing written" in capsys.readouterr().out


@pytest.mark.parametrize("end", [KeyboardInterrupt, EOFError])
def test_an_interrupted_review_writes_nothing(
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    end: type[BaseException],
) -> None:
    def interrupt(_: str) -> str:
        raise end

    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", interrupt)

    assert main(["review", "--approver", "m"]) == 130
    assert "nothing was written" in capsys.readouterr().err
    assert not (project / PATH).exists()


def test_a_wrong_scope_is_asked_for_again(capsys: pytest.CaptureFixture[str]) -> None:
    ask = answers("x", "a", "r", "no::such", '"unbalanced', "*test_lot", "q")

    entries = ask_each([WEIGHT, STATUS], ask, approver="m", expires=date(2030, 1, 1))

    assert [entry.scope for entry in entries] == [("*test_lot",)]
    assert "matches no test" in capsys.readouterr().out


def test_without_a_reason_a_finding_is_skipped(capsys: pytest.CaptureFixture[str]) -> None:
    assert ask_each([WEIGHT], answers("a", ""), approver="m", expires=date(2030, 1, 1)) == []
    assert "an accepted difference needs a reason" in capsys.readouterr().out
