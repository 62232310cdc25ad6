"""`pytest-cutover explain`: what a code of the report means."""

from __future__ import annotations

import argparse
import re
import textwrap

from pytest_cutover.cli.command import Subcommand
from pytest_cutover.cli.echo import say
from pytest_cutover.codes import CODES
from pytest_cutover.core.codes import Code
from pytest_cutover.core.errors import Mistake, MistakesError, did_you_mean

_WIDTH = 98
_ACTIVE = re.compile(r"[*_<>\[\]`|#\\]")
_FAMILIES = {"1": "Parity", "2": "Performance", "3": "Evidence", "4": "Checklist and contract"}
_INTRODUCTION = """\
# The codes

Every blocker in a report has one. This page is `pytest-cutover explain --markdown`; a single code
is explained at the terminal by `pytest-cutover explain CUT101`. Codes are stable: one that is no
longer used is never given to something else."""


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("code", nargs="?", metavar="CODE", help="such as CUT101; without it: all")
    parser.add_argument("--markdown", action="store_true", help="print all of them as Markdown")


def _run(arguments: argparse.Namespace) -> int:
    if arguments.markdown:
        say(documented().rstrip("\n"))
        return 0
    if arguments.code is None:
        for entry in CODES.values():
            say(f"{entry.code}  {entry.title}")
        say("\nnext: pytest-cutover explain CODE")
        return 0
    say(explained(_code(arguments.code)))
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
    """Return the whole text of a code, wrapped for a terminal."""
    lines = [f"{entry.code}  {entry.title}"]
    for title, text in _parts(entry):
        wrapped = textwrap.wrap(text, 84, break_on_hyphens=False, break_long_words=False)
        lines += ["", title, *(f"    {line}" for line in wrapped)]
    return "\n".join(lines)


def documented() -> str:
    """All codes as Markdown: the text of docs/reference/codes.md."""
    sections = [_INTRODUCTION]
    for entry in CODES.values():
        if entry.code[3] not in {shown[3] for shown in CODES if shown < entry.code}:
            sections.append(f"## {_FAMILIES[entry.code[3]]}")
        sections.append(f"### {entry.code} {entry.title}")
        sections += [_paragraph(title, text) for title, text in _parts(entry)]
    return "\n\n".join(sections) + "\n"


def _parts(entry: Code) -> tuple[tuple[str, str], ...]:
    return (
        ("what it means", entry.what),
        ("why it matters in a migration", entry.why),
        ("how to look into it", entry.how_to_look),
        ("how to accept it properly", entry.how_to_accept),
    )


def _paragraph(title: str, text: str) -> str:
    """One of the texts, the signs in it that Markdown would act on as they are."""
    escaped = _ACTIVE.sub(r"\\\g<0>", text)
    whole = f"**{title.capitalize()}.** {escaped}"
    return "\n".join(textwrap.wrap(whole, _WIDTH, break_on_hyphens=False, break_long_words=False))


COMMAND = Subcommand(
    name="explain",
    summary="say what a code such as CUT101 means",
    description="Says what a code of the report means, why it matters in a migration, how to look "
    "into\nit, and how to accept it properly.",
    examples="  pytest-cutover explain\n  pytest-cutover explain CUT101\n"
    "  pytest-cutover explain --markdown > docs/reference/codes.md",
    add_arguments=_add_arguments,
    run=_run,
)
