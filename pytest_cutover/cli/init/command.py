"""The command `init`: asks, writes what is not there yet, and says what to do next."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest_cutover
from pytest_cutover.cli.command import Subcommand
from pytest_cutover.cli.init import files
from pytest_cutover.cli.init.document_check import why_not_yet
from pytest_cutover.cli.init.first_tests import first_tests, login_hook, shown
from pytest_cutover.cli.init.survey import Survey, survey
from pytest_cutover.config.constraints import REFERENCE, valid_url
from pytest_cutover.config.load import FILE_NAME, load_config, shown_path
from pytest_cutover.core.atomic import write_whole
from pytest_cutover.core.endpoint import normalise
from pytest_cutover.core.errors import InvalidValueError, Mistake, MistakesError

TARGET: Final = "staging"
_CONFTEST: Final = "conftest.py"
_FIRST_TEST: Final = "tests/test_cutover_first.py"
_WORKFLOW: Final = ".github/workflows/cutover.yml"
_GITLAB: Final = ".gitlab-ci.yml"
_DOCUMENT: Final = "openapi.json"


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--baseline", required=True, metavar="URL", help="the backend in service")
    parser.add_argument(
        "--candidate", required=True, metavar="URL", help="the backend that is to replace it"
    )
    parser.add_argument(
        "--twin",
        default="",
        metavar="URL",
        help="a second process of the baseline: what belongs to a process is learned from it",
    )
    parser.add_argument("--path", default="", help="a path that both answer, for the first test")
    parser.add_argument(
        "--writes",
        action="store_true",
        help="the target may be written to: a login by POST, tests that create",
    )
    parser.add_argument(
        "--header",
        action="append",
        default=[],
        metavar="NAME:VALUE",
        help="sent with every request; {env:NAME} in it is taken from the environment",
    )
    parser.add_argument(
        "--offline", action="store_true", help="write the files without asking anybody"
    )
    parser.add_argument("--dir", default=".", metavar="DIR", help="the project (default: here)")


def _run(arguments: argparse.Namespace) -> int:
    folder = Path(arguments.dir)
    _check(arguments, folder)
    source = load_config(folder).source
    urls = arguments.baseline.rstrip("/"), arguments.candidate.rstrip("/")
    name, password = (os.environ.get(f"CUTOVER_{one}", "") for one in ("USER", "PASSWORD"))
    headers = dict(_header(one) for one in arguments.header)
    found = Survey(*urls)
    if not arguments.offline:
        found = survey(
            *urls,
            path=arguments.path,
            credentials=(name, password) if password else None,
            headers={name: _filled(value) for name, value in headers.items()},
        )
    if found.problems:
        raise MistakesError("command line", [_unasked(side, why) for side, why in found.problems])
    if not arguments.offline:
        print("\n".join(_said(found)) + "\n")
    texts = _texts(found, folder, arguments, headers)
    if source is not None:
        del texts[FILE_NAME]
        print(f"kept     {shown_path(source)}: it has the configuration already")
    for name, text in texts.items():
        path = folder / name
        if path.exists():
            print(f"kept     {shown_path(path)}: already there")
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, text)
        print(f"written  {shown_path(path)}")
    print("\n" + "\n".join(_farewell(arguments, folder, found, configured=source is not None)))
    return 0


def _check(arguments: argparse.Namespace, folder: Path) -> None:
    """Every mistake of the arguments, before anything is written."""
    mistakes = []
    for option in ("baseline", "candidate", *(["twin"] if arguments.twin else [])):
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
        normalise(f"GET {arguments.path.partition('?')[0] or '/'}")
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


def _unasked(side: str, why: str) -> Mistake:
    return Mistake(
        key=f"--{side}",
        what=f"could not be asked: {why}",
        advice="start it, look at the URL, or give --offline to write the files without asking",
    )


def _said(found: Survey) -> Iterator[str]:
    """Yield what the backends said of themselves, a line each."""
    for side, url, profile in zip(
        ("baseline ", "candidate"),
        (found.baseline, found.candidate),
        found.profiles,
        strict=True,
    ):
        yield f"{side} {url}" + (f", which signs as {profile}" if profile else "")
    if found.document is not None:
        count = len(found.document.operations)
        yield f"document  {found.document.source}, {count} operations"
    else:
        yield "document  no OpenAPI document was found; [contract] path names it in cutover.toml"
    if found.health:
        yield f"health    GET {found.health}"
    if found.login:
        by = "Basic authentication" if found.login.basic else f"POST {found.login.path}"
        yield f"login     {by}"
    if found.operations:
        yield f"answering {shown(found.operations)}"
    else:
        yield (
            "answering nothing that was asked: give --path, a path that the API answers; the "
            "first test asks what it answers to anybody"
        )
    if found.refused:
        yield f"refused   {shown(found.refused)}: they need a login"


def _header(given: str) -> tuple[str, str]:
    name, _, value = given.partition(":")
    return name.strip(), value.strip()


def _filled(value: str) -> str:
    """Return a header's value as it is sent; raises MistakesError for a variable that is not
    set.
    """
    missing = [name for name in REFERENCE.findall(value) if name not in os.environ]
    if missing:
        mistake = Mistake(
            key="--header",
            what=f"the variable {missing[0]} is not set",
            advice=f"export {missing[0]}, here and where pytest runs",
        )
        raise MistakesError("command line", [mistake])
    return REFERENCE.sub(lambda found: os.environ[found[1]], value)


def _texts(
    found: Survey, folder: Path, given: argparse.Namespace, headers: Mapping[str, str]
) -> dict[str, str]:
    """Return the files by their names, filled in."""
    contract, document = _contract(found)
    words = {
        "@TARGET@": TARGET,
        "@BASELINE@": _side(found.baseline, found.health, headers, twin=given.twin.rstrip("/")),
        "@TWIN@\n": "" if given.twin else files.TWIN,
        "@CANDIDATE@": _side(found.candidate, found.health, headers),
        "@BASELINE_PROFILE@": _profile(found.profiles[0], "express"),
        "@CANDIDATE_PROFILE@": _profile(found.profiles[1], "starlette"),
        "@CONTRACT@\n": contract,
        "@WRITES@": str(given.writes).lower(),
        "@VERSION@": pytest_cutover.__version__,
    }
    name, job = _ci(folder)
    texts = {
        FILE_NAME: files.CONFIGURATION,
        _FIRST_TEST: first_tests(found, path=given.path),
        _CONFTEST: login_hook(found.login) if found.login else files.CONFTEST,
        name: job,
        ".cutover/.gitignore": files.GITIGNORE,
    }
    if document:
        texts[_DOCUMENT] = document
    for filled in (FILE_NAME, name):
        for mark, word in words.items():
            texts[filled] = texts[filled].replace(mark, word)
    return texts


def _side(url: str, health: str, headers: Mapping[str, str], *, twin: str = "") -> str:
    lines = [json.dumps(url, ensure_ascii=False)]
    if twin:
        lines.append(f"twin_url = {json.dumps(twin, ensure_ascii=False)}")
    if health:
        lines.append(f"ready = {json.dumps(health)}")
    if headers:
        pairs = (f"{json.dumps(name)} = {json.dumps(value)}" for name, value in headers.items())
        lines.append(f"headers = {{ {', '.join(pairs)} }}")
    return "\n".join(lines)


def _profile(recognised: str, example: str) -> str:
    if recognised:
        return f'# profile = "{recognised}"  # recognised already, by its own headers'
    return f'# profile = "{example}"  # the framework, whose own headers are then known'


def _contract(found: Survey) -> tuple[str, str]:
    """Return the tables of the document, and its text where it has no URL of its own."""
    if found.document is None:
        return "", ""
    text = ""
    where = found.document_at
    if not where:
        where = _DOCUMENT
        text = json.dumps(found.document.original, indent=2, ensure_ascii=False) + "\n"
    reason = why_not_yet(found.document, found.answers, base_url=found.baseline)
    table = files.CONTRACT_LATER.replace("@REASON@", reason) if reason else files.CONTRACT
    named = json.dumps(where, ensure_ascii=False)
    return f"{table.replace('@DOCUMENT@', named)}{files.COVERAGE_LATER}\n", text


def _ci(folder: Path) -> tuple[str, str]:
    """Return the CI job of the platform that the project is on: by its files, else by where git
    pushes.
    """
    config = folder / ".git" / "config"
    remote = config.read_text("utf-8", "replace") if config.is_file() else ""
    if not (folder / ".github").exists() and (
        (folder / _GITLAB).exists() or ("gitlab" in remote and "github.com" not in remote)
    ):
        own = (folder / _GITLAB).exists()
        return ("cutover.gitlab-ci.yml" if own else _GITLAB), files.GITLAB
    return _WORKFLOW, files.WORKFLOW


def _farewell(
    arguments: argparse.Namespace, folder: Path, found: Survey, *, configured: bool
) -> Iterator[str]:
    """Yield what to do next: a command that works as it stands, and ends in a verdict."""
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
    login = ""
    if found.login:
        login = "CUTOVER_USER=… CUTOVER_PASSWORD=… "
    yield f"next: {change}{login}pytest {choice}"
    if found.login and not found.login.basic and not arguments.writes:
        yield f"      (logging in is a POST: `writes = true` in {FILE_NAME} consents to it)"
    if not found.login:
        yield f"then: an API with a login: {_CONFTEST}"
    if (folder / "cutover.gitlab-ci.yml").exists():
        yield f"then: include cutover.gitlab-ci.yml in {_GITLAB}"


COMMAND = Subcommand(
    name="init",
    summary="ask both backends, and write the configuration, first tests, a login hook, a CI job",
    description="Asks both backends, with GET and OPTIONS only, for their OpenAPI document, their\n"
    "health, login and operations, and writes cutover.toml, first tests, conftest.py with a login\n"
    "hook, and a CI job. Files that exist are kept as they are.",
    examples="""\
  pytest-cutover init --baseline http://localhost:3000 --candidate http://localhost:8000
  pytest-cutover init --baseline https://old.example --candidate https://new.example \\
      --path /api/health""",
    add_arguments=_add_arguments,
    run=_run,
)
