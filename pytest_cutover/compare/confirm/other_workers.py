"""What the tests of other workers made on the two sides, so that their rows are known rows.

Each worker writes down which code, which id that was given out, and which text that a test made up
by itself, of the baseline stands for which of the candidate, round by round, and reads what the
others wrote before it compares. Without it a row that a test of another worker left could be
anybody's, and in any order. Where workers share no disk nothing is read, and nothing is known.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Final

from pytest_cutover.compare.confirm.confirmation import Round
from pytest_cutover.compare.confirm.given_out import given_out_in, made_in, sent_in
from pytest_cutover.compare.diff.ids.correspondence import Correspondence
from pytest_cutover.compare.noise import formats
from pytest_cutover.compare.noise.lists.rows import names_an_id
from pytest_cutover.core.shared_lines import add_line, new_lines

_FILE: Final = "made"


class OtherWorkers:
    """The rows of other workers' tests; `folder` is that of the run, `workers` how many it has."""

    def __init__(self, folder: Path, *, workers: int) -> None:
        self._file = folder / _FILE if workers > 1 else None
        self._read = 0

    def tell(self, one: Round) -> None:
        """Write down what a round made, before the turn of its test ends.

        Of ids those that no other thing has: a number is that of a row in each table.
        """
        if self._file is None:
            return
        made = made_in(one)
        ids = [
            (name, ours, theirs)
            for name, ours, theirs in given_out_in(one)
            if names_an_id(name) and formats.has_identity(formats.format_of(ours))
        ]
        sent = sent_in(one)
        try:
            if made or ids or sent:
                add_line(self._file, json.dumps([os.getpid(), made, ids, sent]))
        except OSError:
            self._file = None  # the report says what is wrong with the folder

    def heard(self, known: Correspondence) -> Correspondence:
        """Return what is known, with what others have written down since."""
        lines = list(new_lines(self._file, self._read))
        if not lines:
            return known
        self._read = lines[-1][0]
        grown = known.copy()
        for _, line in lines:
            who, made, ids, sent = json.loads(line)
            by = "" if who == os.getpid() else str(who)
            grown.generated(((ours, theirs) for ours, theirs in made), by=by)
            for name, ours, theirs in ids:
                grown.given_out(name, ours, theirs, by=by)
            for name, ours, theirs in sent if by else ():
                grown.made_up(name, ours, theirs)
        grown.begin_request()  # nothing of it was sent with what is asked next
        return grown
