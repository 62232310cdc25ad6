"""`pytest-cutover init`: from two URLs to a first run, without overwriting anything."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path
from typing import Final

from pytest_cutover.cli import scaffold
from pytest_cutover.cli.command import Subcommand
from pytest_cutover.config.constraints import valid_url
from pytest_cutover.config.load import FILE_NAME, load_config, shown_path
from pytest_cutover.core.atomic import write_whole
from pytest_cutover.core.endpoint import normalise
from pytest_cutover.core.errors import InvalidValueError, Mistake, MistakesError

TARGET: Final = "staging"
_CONFTEST: Final = "conftest.py"
_FIRST_TEST: Final = "tests/test_cutover_first.py"
_WORKFLOW: Final = ".github/workflows/cutover.yml"


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--baseline", required=True, metavar="URL", help="the backend in service")
    parser.add_argument(
        "--candidate", required=True, metavar="URL", help="the backend that is to replace it"
    )
    parser.add_argument("--path", default="/", help="what the first test asks for (default: /)")
    parser.add_argument("--dir", default=".", metavar="DIR", help="the project (default: here)")


def _run(arguments: argparse.Namespace) -> int:
    folder = Path(arguments.dir)
    _check(arguments, folder)
    source = load_config(folder).source
    texts = _texts(arguments.baseline.rstrip("/"), arguments.candidate.rstrip("/"), arguments.path)
    if source is not None:
        del texts[FILE_NAME]
        print(f"kept     {shown_path(source)}: it has the configuration already")
    for name, text in texts.items():
        path = folder / name
        if path.exists():
            print(f"kept     {shown_path(path)}: already there")
            continue
        write_whole(path, text)
        print(f"written  {shown_path(path)}")
    print(_farewell(arguments, folder, configured=source is not None))
    return 0


def _check(arguments: argparse.Namespace, folder: Path) -> None:
    """Every mistake of the arguments, before anything is written."""
    mistakes = []
    for option in ("baseline", "candidate"):
        try:
            valid_url(getattr(arguments, option))
        except InvalidValueError as error:
            mistake = error.at((option,))
            advice = mistake.advice or f"give the root of the API: --{option} http://HOST:PORT"
            mistakes.append(replace(mistake, key=f"--{option}", advice=advice))
    try:
        if "{" in arguments.path:
            raise InvalidValueError(
                "a placeholder cannot be asked for",
                value=arguments.path,
                advice="give a path that both backends answer, such as /api/health",
            )
        normalise(f"GET {arguments.path.partition('?')[0]}")
    except InvalidValueError as error:
        mistakes.append(
            replace(
                error.at(()),
                key="--path",
                value=json.dumps(arguments.path),
                valid="/path?query",
                suggestion=error.suggestion.removeprefix("GET "),
                advice=error.advice or "give a path that both backends answer",
            )
        )
    if not folder.is_dir():
        mistakes.append(
            Mistake(
                key="--dir",
                value=json.dumps(arguments.dir),
                what="no such folder",
                advice="make it first, or leave --dir out",
            )
        )
    if mistakes:
        raise MistakesError("command line", mistakes)


def _texts(baseline: str, candidate: str, path: str) -> dict[str, str]:
    """The files by their names, filled in."""
    words = {
        "@TARGET@": TARGET,
        "@BASELINE@": json.dumps(baseline, ensure_ascii=False),
        "@CANDIDATE@": json.dumps(candidate, ensure_ascii=False),
        "@ENDPOINT@": json.dumps(normalise(f"GET {path.partition('?')[0]}")),
        "@PATH@": json.dumps(path),
    }
    texts = {
        FILE_NAME: scaffold.CONFIGURATION,
        _FIRST_TEST: scaffold.FIRST_TEST,
        _CONFTEST: scaffold.CONFTEST,
        _WORKFLOW: scaffold.WORKFLOW,
    }
    for name, text in texts.items():
        for mark, word in words.items():
            text = text.replace(mark, word)
        texts[name] = text
    return texts


def _farewell(arguments: argparse.Namespace, folder: Path, *, configured: bool) -> str:
    """What to do next: a command that works as it stands."""
    change = "" if folder.resolve() == Path.cwd() else f"cd {shown_path(folder)} && "
    if configured:
        names = list(load_config(folder).targets)
        choice = (
            f"--cutover-target={names[0]}"
            if names
            else (
                f"--cutover-baseline={arguments.baseline} --cutover-candidate={arguments.candidate}"
            )
        )
    else:
        choice = f"--cutover-target={TARGET}"
    return (
        f"\nnext: {change}pytest {choice} {_FIRST_TEST}\n"
        "      (a part of the suite says PARTIAL; without the file name it is a verdict)\n"
        f"then: an API with a login: {_CONFTEST}; .cutover/ belongs into .gitignore"
    )


COMMAND = Subcommand(
    name="init",
    summary="write the configuration, a first test, a login hook and a CI job",
    description="Writes cutover.toml, a first test, conftest.py with a login hook, and a CI job.\n"
    "Files that exist are kept as they are.",
    examples="""\
  pytest-cutover init --baseline http://localhost:3000 --candidate http://localhost:8000
  pytest-cutover init --baseline https://old.example --candidate https://new.example \\
      --path /api/health""",
    add_arguments=_add_arguments,
    run=_run,
)
