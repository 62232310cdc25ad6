"""The console command `pytest-cutover`: what is done beside a run, at a terminal.

`main` reads the arguments, `commands.COMMANDS` is the list of subcommands, each in its file. A room
that wants a subcommand writes a `Command` and adds it there. Exit status: 0, or 4 for a mistake of
the user's, told on stderr in four parts (what, where, expected against found, what to do next).

May import every room; no room imports this one.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from pytest_cutover import __version__
from pytest_cutover.cli.commands import COMMANDS
from pytest_cutover.cli.echo import say
from pytest_cutover.core.errors import ConfigError, Mistake, MistakesError, did_you_mean
from pytest_cutover.core.sanitize import block

USAGE_ERROR = 4
INTERRUPTED = 130

_DESCRIPTION = "May we switch the traffic? What is done beside a run of the gate."
_EXAMPLES = """\
examples:
  pytest-cutover init --baseline http://localhost:3000 --candidate http://localhost:8000
  pytest --cutover-target=staging
  pytest-cutover review
  pytest-cutover explain CUT101
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one subcommand; return the exit status. `argv` is without the program's name."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    parser = _parser()
    if not arguments:
        parser.print_help()
        return 0
    try:
        _refuse_unknown_command(arguments)
        parsed = parser.parse_args(arguments)
        status: int = parsed.run(parsed)
        sys.stdout.flush()
    except ConfigError as error:
        say(block(f"pytest-cutover: {error}"), to=sys.stderr)
        return USAGE_ERROR
    except BrokenPipeError:
        # Whoever reads, such as `head`, has seen enough; the rest is flushed into nowhere.
        _write_into_nowhere()
        return 0
    except (KeyboardInterrupt, EOFError):
        try:
            print("\npytest-cutover: interrupted; nothing was written", file=sys.stderr)
        except OSError:
            _write_into_nowhere()  # the terminal itself has gone
        return INTERRUPTED
    return status


def _write_into_nowhere() -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(nowhere, stream.fileno())


class _Parser(argparse.ArgumentParser):
    """An argument parser whose mistakes are ours: four parts and exit status 4."""

    def error(self, message: str) -> NoReturn:
        raise MistakesError(
            "command line",
            [
                Mistake(
                    key="",
                    what=message,
                    valid=" ".join(self.format_usage().removeprefix("usage: ").split()),
                    advice=f"{self.prog} --help",
                )
            ],
        )


def _refuse_unknown_command(arguments: Sequence[str]) -> None:
    names = [command.name for command in COMMANDS]
    word = next((word for word in arguments if not word.startswith("-")), None)
    if word is not None and word not in names and arguments[0] == word:
        raise MistakesError(
            "command line",
            [
                Mistake(
                    key=word,
                    what="no such command",
                    valid=", ".join(names),
                    suggestion=did_you_mean(word, names),
                    advice="pytest-cutover --help",
                )
            ],
        )


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="pytest-cutover",
        description=_DESCRIPTION,
        epilog=_EXAMPLES,
        allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"pytest-cutover {__version__}")
    subparsers = parser.add_subparsers(metavar="COMMAND", required=True)
    for command in COMMANDS:
        own = subparsers.add_parser(
            command.name,
            help=command.summary,
            description=command.description,
            epilog=f"examples:\n{command.examples}",
            allow_abbrev=False,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        command.add_arguments(own)
        own.set_defaults(run=command.run)
    return parser
