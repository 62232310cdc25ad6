"""`pytest-cutover sign-off`: a person's dated statement about one item of the checklist."""

from __future__ import annotations

import argparse
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from pytest_cutover.checklist.items import items_of, unknown_item
from pytest_cutover.checklist.signoffs import SignOff, append
from pytest_cutover.cli.command import Subcommand
from pytest_cutover.cli.context import approver, project_root
from pytest_cutover.codes import CODES
from pytest_cutover.config.checklist import Checklist, EvidenceKind
from pytest_cutover.config.load import load_config, shown_path
from pytest_cutover.config.model import Config
from pytest_cutover.core.errors import Mistake, MistakesError
from pytest_cutover.core.sanitize import one_line

_DEFAULT_DAYS = 14


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("item", metavar="ITEM", help="the id of the item, such as rollback.team")
    parser.add_argument("--target", metavar="NAME", help="the target it is said about")
    parser.add_argument("--by", metavar="NAME", help="who says so (default: git's user)")
    parser.add_argument("--note", required=True, help="what was done, in a sentence")
    parser.add_argument(
        "--valid-until", metavar="YYYY-MM-DD", help=f"last day (default: in {_DEFAULT_DAYS} days)"
    )


def _run(arguments: argparse.Namespace) -> int:
    # The checks bring pytest and httpx, which no other command needs: `explain` answers at once.
    from pytest_cutover.monitoring.checks import READY_MADE

    config = load_config(project_root(Path.cwd()))
    table = config.checklist or Checklist()
    items = items_of(
        table.items,
        checks=READY_MADE,
        codes=CODES,
        targets=tuple(config.targets),
        source=config.source_name,
    )
    item = items.get(arguments.item)
    if item is None:
        raise MistakesError("command line", [unknown_item(arguments.item, items.ids)])
    if not arguments.note.strip():
        raise MistakesError(
            "command line", [Mistake("--note", "empty", advice="say what was done, in a sentence")]
        )
    now = datetime.now(UTC).replace(microsecond=0)
    entry = SignOff(
        item=item.id,
        target=_target(arguments.target, config),
        by=approver(arguments.by),
        at=now,
        note=arguments.note.strip(),
        valid_until=_last_moment(arguments.valid_until, now),
    )
    path = config.root / table.sign_offs
    append(path, entry, items=items.ids, targets=tuple(config.targets), now=now)
    print(f"{item.id} signed for {entry.target} by {one_line(entry.by)}: {item.title}")
    print(f"  until {entry.ends(item.valid_for_s):%Y-%m-%d}")
    if item.evidence is not EvidenceKind.SIGN_OFF:
        print(f"  note: this item is satisfied by a {item.evidence}, not by a signature")
    print(f"next: commit {shown_path(path)}")
    return 0


def _target(given: str | None, config: Config) -> str:
    """Return the target of that name; the only one that there is, where none is given."""
    if given is None and len(config.targets) == 1:
        return next(iter(config.targets))
    if given is None:
        raise MistakesError(
            "command line",
            [
                Mistake(
                    "--target",
                    "a statement is about one target, and none is named",
                    valid=", ".join(config.targets),
                    advice="give --target NAME",
                )
            ],
        )
    return config.target(given).name


def _last_moment(given: str | None, now: datetime) -> datetime:
    if given is None:
        return datetime.combine(now.date() + timedelta(days=_DEFAULT_DAYS), time(23, 59, 59), UTC)
    try:
        day = date.fromisoformat(given)
    except ValueError:
        day = None
    if day is None or day < now.date():
        raise MistakesError(
            "command line",
            [
                Mistake(
                    "--valid-until",
                    "not a date" if day is None else "this day is over",
                    value=given,
                    valid=f"YYYY-MM-DD, {now.date()} or later",
                    advice=f"leave it out for {_DEFAULT_DAYS} days from now",
                )
            ],
        )
    return datetime.combine(day, time(23, 59, 59), UTC)


COMMAND = Subcommand(
    name="sign-off",
    summary="say that an item of the checklist is done, by name and until a day",
    description="Appends a statement to cutover-signoffs.toml. It counts for one target, until it"
    "\nexpires; the report shows it apart from what was measured.",
    examples="""\
  pytest-cutover sign-off rollback.team --target=staging --note "walked through on the call" """
    """\\
      --by "Ada Admin <ada@example.com>" """.rstrip(),
    add_arguments=_add_arguments,
    run=_run,
)
