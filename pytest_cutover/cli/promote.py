"""`pytest-cutover promote`: a generated case that showed a finding becomes a test of the suite."""

from __future__ import annotations

import argparse
import shlex
from pathlib import Path

from pytest_cutover.cli.command import Subcommand
from pytest_cutover.cli.context import project_root
from pytest_cutover.config.load import read_text, shown_path
from pytest_cutover.core.atomic import write_whole
from pytest_cutover.core.errors import Mistake, MistakesError, did_you_mean
from pytest_cutover.fuzz.promote import HEADER, function, function_name
from pytest_cutover.fuzz.run.corpus import FOLDER, all_in, read
from pytest_cutover.report.io.gate_json import ReportUnreadable, read_report

_LISTED = 8
_FILE = "test_promoted.py"


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("finding", metavar="FINDING", help="the finding, by its 8 digits")
    parser.add_argument(
        "--to",
        metavar="FILE",
        help=f"the test file (default: tests/characterization/{_FILE}, or tests/{_FILE})",
    )
    parser.add_argument("--report", metavar="DIR", help="the report's folder (default: .cutover)")


def _run(arguments: argparse.Namespace) -> int:
    root = project_root(Path.cwd())
    folder = (Path(arguments.report) if arguments.report else root / ".cutover") / FOLDER
    kept = read(_case_file(folder, arguments.finding))
    if not all(call.can_be_written for call in kept.case.calls):
        raise MistakesError(
            "command line",
            [
                Mistake(
                    key=arguments.finding,
                    what=f"the request is odd in a way that no test can write: {kept.request}",
                    advice="repeat it with the curl commands of the report",
                )
            ],
        )
    path = Path(arguments.to) if arguments.to else _default(root)
    before = read_text(path) if path.exists() else HEADER
    name = function_name(kept)
    if f"def {name}(" in before:
        raise MistakesError(
            "command line",
            [
                Mistake(
                    key=arguments.finding,
                    what=f"{shown_path(path)} has the test {name} already",
                    advice="delete it there to write it anew",
                )
            ],
        )
    if "import pytest" not in before:
        before = f"import pytest\n\n{before}"
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, f"{before.rstrip()}\n\n\n{function(kept)}")
    print(f"written: {shown_path(path)}::{name}")
    print(function(kept), end="")
    print("read it, and give it a better name")
    print(f"next: pytest --cutover-target={_target(folder.parent)} {shown_path(path)}")
    return 0


def _case_file(folder: Path, finding: str) -> Path:
    """Return the file of a finding. Raises `MistakesError` with those that there are."""
    names = [path.stem for path in all_in(folder)]
    if finding in names:
        return folder / f"{finding}.json"
    more = f", and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    raise MistakesError(
        "command line",
        [
            Mistake(
                key=finding,
                what="there is no generated case with this id",
                valid=", ".join(names[:_LISTED]) + more or f"none in {shown_path(folder)}",
                suggestion=did_you_mean(finding, names),
                advice="run pytest with --cutover-fuzz first; findings of tests are tests already",
            )
        ],
    )


def _target(folder: Path) -> str:
    """Return the target of the run that kept the case, as a word of a command line."""
    try:
        return shlex.quote(read_report(folder / "gate.json").target)
    except ReportUnreadable:
        return "NAME"


def _default(root: Path) -> Path:
    suite = root / "tests" / "characterization"
    return (suite if suite.is_dir() else root / "tests") / _FILE


COMMAND = Subcommand(
    name="promote",
    summary="write the case of a fuzz finding into the suite, as a test",
    description="Appends a test function with the smallest request that showed the finding.",
    examples="""\
  pytest-cutover promote 1a2b3c4d
  pytest-cutover promote 1a2b3c4d --to tests/test_lots.py""",
    add_arguments=_add_arguments,
    run=_run,
)
