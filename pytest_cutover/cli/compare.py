"""`pytest-cutover compare`: what changed between two reports."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from pytest_cutover.cli.command import Subcommand
from pytest_cutover.cli.context import read
from pytest_cutover.cli.echo import say
from pytest_cutover.report.comparison import compare
from pytest_cutover.report.renderers import comparison_markdown, comparison_text

SAME_OR_BETTER = 0
WORSE = 1


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    for name in ("old", "new"):
        parser.add_argument(
            name, metavar=name.upper(), help=f"the {name} gate.json, or the folder that holds it"
        )
    kinds = parser.add_mutually_exclusive_group()
    kinds.add_argument("--json", action="store_true", help="print the changes as JSON")
    kinds.add_argument("--markdown", action="store_true", help="print the changes as Markdown")


def _run(arguments: argparse.Namespace) -> int:
    comparison = compare(read(Path(arguments.old)), read(Path(arguments.new)))
    if arguments.json:
        print(json.dumps(comparison_text.as_json(comparison), indent=1, ensure_ascii=True))
    elif arguments.markdown:
        say(comparison_markdown.render(comparison).rstrip("\n"))
    else:
        say(comparison_text.text(comparison))
    return WORSE if comparison.worse else SAME_OR_BETTER


COMMAND = Subcommand(
    name="compare",
    summary="say what changed between two reports",
    description="Says which findings are new, gone or changed, and how verdict, gates and latency "
    "went.\nExit status: 0 where the newer report is not worse, 1 where it is (a worse verdict, a "
    "new\nor reopened finding, a required gate that no longer stands as it did), 4 for a mistake.",
    examples="  pytest-cutover compare main/gate.json .cutover/gate.json\n"
    "  pytest-cutover compare before after --markdown",
    add_arguments=_add_arguments,
    run=_run,
)
