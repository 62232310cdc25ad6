"""`pytest-cutover explain`: what a code of the report means."""

from __future__ import annotations

import argparse
import textwrap

from pytest_cutover.cli.command import Command
from pytest_cutover.config.codes import CODES, Code
from pytest_cutover.config.errors import Mistake, MistakesError, did_you_mean

_WIDTH = 88


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("code", nargs="?", metavar="CODE", help="such as CUT101; without it: all")


def _run(arguments: argparse.Namespace) -> int:
    if arguments.code is None:
        for entry in CODES.values():
            print(f"{entry.code}  {entry.title}")
        print("\nnext: pytest-cutover explain CODE")
        return 0
    print(explained(_code(arguments.code)))
    return 0


def _code(word: str) -> Code:
    wanted = word.strip().upper()
    if wanted.isdecimal():
        wanted = f"CUT{wanted}"
    if wanted in CODES:
        return CODES[wanted]
    by_title = {entry.title: entry.code for entry in CODES.values()}
    guess = by_title.get(did_you_mean(word, by_title), "")
    raise MistakesError(
        "command line",
        [
            Mistake(
                key=word,
                what="no such code",
                valid=f"{min(CODES)} to {max(CODES)}",
                suggestion=guess,
                advice="pytest-cutover explain lists them all",
            )
        ],
    )


def explained(entry: Code) -> str:
    """The whole text of a code, wrapped for a terminal."""
    parts = (
        ("what", entry.what),
        ("why it matters", entry.why),
        ("how to look", entry.how_to_look),
        ("how to go on", entry.how_to_accept),
    )
    lines = [f"{entry.code}  {entry.title}"]
    for title, text in parts:
        wrapped = textwrap.wrap(text, _WIDTH - 4, break_on_hyphens=False, break_long_words=False)
        lines += ["", title, *(f"    {line}" for line in wrapped)]
    return "\n".join(lines)


COMMAND = Command(
    name="explain",
    summary="say what a code such as CUT101 means",
    description="Says what a code of the report means, why it matters and how to go on.",
    examples="  pytest-cutover explain\n  pytest-cutover explain CUT101",
    add_arguments=_add_arguments,
    run=_run,
)
