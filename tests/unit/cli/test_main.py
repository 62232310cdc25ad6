"""The command tells what it can do, and every mistake in four parts."""

from __future__ import annotations

import html
import re
import subprocess
import sys
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from pytest_cutover.cli import main
from pytest_cutover.cli.commands import COMMANDS
from pytest_cutover.cli.explain import documented
from pytest_cutover.codes import CODES

ROOT = Path(__file__).parents[3]
NAMES = ", ".join(command.name for command in COMMANDS)


def test_without_arguments_it_shows_its_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert "pytest-cutover init --baseline" in capsys.readouterr().out


@pytest.mark.parametrize("command", [command.name for command in COMMANDS])
def test_every_command_has_examples(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main([command, "--help"])

    assert caught.value.code == 0
    assert f"examples:\n  pytest-cutover {command}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["explan"],
            f"explan: no such command\n    valid: {NAMES}\n"
            "    did you mean `explain`?\n    next: pytest-cutover --help",
        ),
        (["accept"], "one of the arguments SIGNATURE-OR-ID --open --prune --migrate is required"),
        (["accept", "1a2b3c4d"], "the following arguments are required: --scope, --reason"),
        (["accept"], "next: pytest-cutover accept --help"),
        (["explain", "CUT999"], "CUT999: no such code\n    valid: CUT101 to CUT409"),
        (["explain", "diferences"], "did you mean `CUT101`?"),
        (
            ["review", "--report", "nowhere"],
            "there is no report of a run here\n    next: run pytest --cutover-target=NAME first",
        ),
    ],
)
def test_a_mistake_is_told_on_stderr_with_status_4(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 4

    out, err = capsys.readouterr()
    assert out == ""
    assert message in err


@pytest.mark.parametrize("word", ["CUT101", "cut101", "101"])
def test_a_code_is_explained(word: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", word]) == 0

    out = capsys.readouterr().out
    assert out.startswith(
        "CUT101  differences\n\nwhat it means\n    The candidate answered differently"
    )
    for title in ("why it matters in a migration", "how to look into it"):
        assert f"\n\n{title}\n    " in out
    assert "\n\nhow to accept it properly\n    Change the candidate." in out


def test_all_codes_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain"]) == 0

    out = capsys.readouterr().out
    assert all(f"{code}  {entry.title}" in out for code, entry in CODES.items())


def test_codes_are_complete_sentences() -> None:
    texts = [
        text
        for entry in CODES.values()
        for text in (entry.what, entry.why, entry.how_to_look, entry.how_to_accept)
    ]

    assert list(CODES) == sorted(CODES)
    assert all(text.strip() == text and len(text) >= 10 for text in texts)


def test_the_documentation_has_the_same_texts() -> None:
    page = ROOT / "docs" / "reference" / "codes.md"

    written = "pytest-cutover explain --markdown > docs/reference/codes.md"
    assert page.read_text(encoding="utf-8") == documented(), f"run: {written}"


def test_the_documentation_shows_every_word_as_it_is() -> None:
    page = MarkdownIt("commonmark").render(documented())
    shown = " ".join(html.unescape(re.sub(r"<[^>]*>", "", page)).split())

    for entry in CODES.values():
        for text in (entry.what, entry.why, entry.how_to_look, entry.how_to_accept):
            assert text in shown


def test_every_command_and_option_that_a_code_names_exists() -> None:
    texts = " ".join(f"{entry.how_to_look} {entry.how_to_accept}" for entry in CODES.values())
    words = [sys.executable, "-m", "pytest", "--help"]
    offered = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout

    named = set(re.findall(r"pytest-cutover ([a-z-]+)", texts))
    assert {"review", "accept", "sign-off"} <= named
    assert named <= {command.name for command in COMMANDS}
    for option in set(re.findall(r"--(?:cutover|snapshot)[a-z-]*", texts)):
        assert option in offered


def test_it_runs_as_a_command(tmp_path: Path) -> None:
    code = "import sys; from pytest_cutover.cli import main; sys.exit(main())"
    done = subprocess.run(
        [sys.executable, "-c", code, "explain", "nope"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 4
    assert done.stderr.startswith("pytest-cutover: command line:")
