"""`pytest-cutover sign-off`: a person's dated statement about one item."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from pytest_cutover.cli import main

TOML = """
[targets.staging]
baseline = { url = "http://127.0.0.1:1" }
candidate = { url = "http://127.0.0.1:2" }
"""
FILE = "cutover-signoffs.toml"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "cutover.toml").write_text(TOML, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def sign(*more: str, item: str = "rollback.team") -> int:
    return main(["sign-off", item, "--by", "Ada", "--note", "walked through", *more])


def test_a_statement_is_written_with_its_time_and_its_end(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sign() == 0

    (entry,) = tomllib.loads((folder / FILE).read_text("utf-8"))["sign-off"]
    assert (entry["item"], entry["target"], entry["by"]) == ("rollback.team", "staging", "Ada")
    assert datetime.now(UTC) - entry["at"] < timedelta(minutes=1)
    assert entry["valid_until"].date() == datetime.now(UTC).date() + timedelta(days=14)
    said = capsys.readouterr().out
    assert "rollback.team signed for staging by Ada" in said
    assert f"next: commit {FILE}" in said


def test_what_stands_in_the_file_stays(folder: Path) -> None:
    before = "# reviewed in July\r\n"
    (folder / FILE).write_bytes(before.encode())

    assert sign() == 0
    assert sign("--valid-until", str(date.today() + timedelta(days=3)), item="switch.dns") == 0
    text = (folder / FILE).read_bytes().decode()
    assert text.startswith(before)
    assert text.count("[[sign-off]]\r\n") == 2


def test_an_item_of_another_kind_may_be_signed_and_says_so(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sign(item="environment.health") == 0
    assert "satisfied by a check, not by a signature" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "item", "said"),
    [
        ((), "rollback.tem", "did you mean `rollback.team`?"),
        (("--target", "stagging"), "rollback.team", "did you mean `staging`?"),
        (("--valid-until", "2020-01-01"), "rollback.team", "this day is over"),
        (("--valid-until", "soon"), "rollback.team", "not a date"),
        (("--note", " "), "rollback.team", "say what was done"),
    ],
)
def test_what_cannot_be_meant_is_told_and_nothing_is_written(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    item: str,
    said: str,
) -> None:
    assert sign(*arguments, item=item) == 4
    assert said in capsys.readouterr().err
    assert not (folder / FILE).exists()


def test_a_file_that_is_wrong_already_is_left_alone(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = '[[sign-off]]\nitem = "rollback.team"\n'
    (folder / FILE).write_text(text, "utf-8")

    assert sign() == 4
    assert "missing" in capsys.readouterr().err
    assert (folder / FILE).read_text("utf-8") == text


def test_with_several_targets_one_is_named(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with (folder / "cutover.toml").open("a") as file:
        file.write(TOML.replace("staging", "production"))

    assert sign() == 4
    assert "valid: staging, production" in capsys.readouterr().err
