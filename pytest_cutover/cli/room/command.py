"""`pytest-cutover room`: write the page of all phases of a target, once or again and again."""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pytest_cutover.checklist.item import Item
from pytest_cutover.checklist.items import items_of
from pytest_cutover.checklist.signoffs import SignOff, load_sign_offs
from pytest_cutover.cli.command import Subcommand
from pytest_cutover.cli.context import project_root
from pytest_cutover.cli.room.board import Board, board
from pytest_cutover.cli.room.folders import left_in
from pytest_cutover.cli.room.page import render
from pytest_cutover.codes import CODES
from pytest_cutover.config.checklist import Checklist
from pytest_cutover.config.constraints import valid_duration
from pytest_cutover.config.load import load_config, shown_path
from pytest_cutover.config.model import Config
from pytest_cutover.core.atomic import write_whole
from pytest_cutover.core.errors import InvalidValueError, Mistake, MistakesError, did_you_mean


@dataclass(frozen=True, slots=True)
class _Agreed:
    """What the configuration and the statements of people say about a target."""

    items: tuple[Item, ...]
    sign_offs: tuple[SignOff, ...]
    switch_at: datetime | None
    way_back: str


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "folders",
        nargs="*",
        metavar="FOLDER",
        help="report folders, of this machine and of others (default: .cutover)",
    )
    parser.add_argument("--target", metavar="NAME", help="the target that is switched")
    parser.add_argument(
        "--output", metavar="FILE", help="where the page goes (default: .cutover/room.html)"
    )
    parser.add_argument(
        "--every", metavar="DURATION", default="5s", help="how often it is rewritten (default: 5s)"
    )
    parser.add_argument("--once", action="store_true", help="write it once, and end")


def _run(arguments: argparse.Namespace) -> int:
    root = project_root(Path.cwd())
    config = load_config(root)
    target = _target(arguments.target, config)
    every_s = _every(arguments.every)
    folders = [Path(name) for name in arguments.folders] or [root / ".cutover"]
    for folder in folders:
        if not folder.is_dir():
            what = "no such folder of reports"
            advice = f"run pytest --cutover-target={target} first, or give another folder"
            raise MistakesError("command line", [Mistake(str(folder), what, advice=advice)])
    output = Path(arguments.output) if arguments.output else root / ".cutover" / "room.html"
    said = False
    while True:
        now = datetime.now(UTC)
        write_whole(output, render(_board(folders, target, root, now), every_s=round(every_s)))
        if not said:
            again = "" if arguments.once else f", rewritten every {every_s:g} s until Ctrl-C"
            print(f"written: {shown_path(output)}{again}", flush=True)
            said = True
        if arguments.once:
            return 0
        time.sleep(every_s)


def _board(folders: list[Path], target: str, root: Path, now: datetime) -> Board:
    """Return the room as it is now: the configuration and the statements are read again each
    time.
    """
    agreed = _agreed(load_config(root), root, now)
    return board(
        left_in(folders, target),
        target=target,
        now=now,
        items=agreed.items,
        sign_offs=agreed.sign_offs,
        switch_at=agreed.switch_at,
        way_back=agreed.way_back,
    )


def _agreed(config: Config, root: Path, now: datetime) -> _Agreed:
    # The checks bring pytest and httpx, which no other command needs.
    from pytest_cutover.monitoring.checks import READY_MADE

    table = config.checklist or Checklist()
    items = items_of(
        table.items,
        checks=READY_MADE,
        codes=CODES,
        targets=tuple(config.targets),
        source=config.source_name,
    )
    sign_offs = load_sign_offs(
        root / table.sign_offs, items=items.ids, targets=tuple(config.targets), now=now
    )
    switch = table.switch
    back = switch.to_baseline.shown if switch and switch.to_baseline else ""
    at = table.after.switched_at or (switch.at if switch else None)
    return _Agreed(items.items, sign_offs, at, back)


def _target(name: str | None, config: Config) -> str:
    if name is None and len(config.targets) == 1:
        return next(iter(config.targets))
    if name is not None and name in config.targets:
        return name
    raise MistakesError(
        "command line",
        [
            Mistake(
                key=f"--target={name}" if name else "--target",
                what="no target has this name" if name else "which target is switched?",
                valid=", ".join(config.targets),
                suggestion=did_you_mean(name or "", config.targets),
                advice="choose one: pytest-cutover room --target=NAME",
            )
        ],
    )


def _every(text: str) -> float:
    try:
        return max(1.0, valid_duration(float(text) if text.isdecimal() else text))
    except InvalidValueError as error:
        raise MistakesError("command line", [error.at(("--every",))]) from None


COMMAND = Subcommand(
    name="room",
    summary="write one page of all phases of a target, again and again",
    description="Writes one self-contained page for all who take part in a switch: the clock, what "
    "is\nnext, the way back, and every phase with its items, owners and signatures. The page "
    "reloads\nitself and needs no server: put it where all can open it. Phases that run on other "
    "machines\nare read from their report folders, wherever those are mounted or copied to.",
    examples="""\
  pytest-cutover room --target=production
  pytest-cutover room --target=production .cutover /mnt/ci/.cutover --output /var/www/room.html""",
    add_arguments=_add_arguments,
    run=_run,
)
