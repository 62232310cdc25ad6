"""The subcommands, in the order of the help. A room adds its own here."""

from __future__ import annotations

from typing import Final

from pytest_cutover.cli import accept, compare, explain, promote, review, sign_off
from pytest_cutover.cli.command import Subcommand
from pytest_cutover.cli.init.command import COMMAND as INIT
from pytest_cutover.cli.room.command import COMMAND as ROOM

COMMANDS: Final[tuple[Subcommand, ...]] = (
    INIT,
    review.COMMAND,
    accept.COMMAND,
    compare.COMMAND,
    promote.COMMAND,
    sign_off.COMMAND,
    ROOM,
    explain.COMMAND,
)
