"""Whose turn it is, where several processes run tests against the same two backends.

Tests of all workers ask at once. What one of them lists may hold what others write just then, on
one side and not yet on the other; no round tells that from a fault. So a test that is asked again
because of it is asked alone: it waits until no other test is between its two sides, and others wait
until it has ended. Locks of files in the folder of the run; nobody waits for ever.
"""

from __future__ import annotations

import fcntl
import os
import re
import time
from collections.abc import Generator
from pathlib import Path
from typing import Final

import pytest

from pytest_cutover.backends.markers import split_side
from pytest_cutover.compare.confirm.confirmation import Judged
from pytest_cutover.compare.diff.difference import Kind, wildcard
from pytest_cutover.compare.diff.lists.bare_ids import FEW_IDS, OWN_NUMBERS
from pytest_cutover.compare.diff.lists.own_rows import SOMEBODY_ELSE

# A test of another worker may hang; it is then taken for one that writes nothing.
_PATIENCE_S: Final = 60.0
_LONGER_THAN_A_TURN_S: Final = 180.0
_POLL_S: Final = 0.01
# What rows of others can change: which rows there are, and the numbers beside them.
_OF_ROWS: Final = frozenset({Kind.LENGTH, Kind.ORDER, Kind.ADDED, Kind.MISSING, Kind.IDENTITY})
_HEADER_THERE_OR_NOT: Final = frozenset({Kind.HEADER_ADDED, Kind.HEADER_MISSING})
_THERE_OR_NOT: Final = re.compile(r"(?:2\d\d|404|409|410|412) → (?:2\d\d|404|409|410|412)")
_BESIDE_ROWS: Final = frozenset({Kind.VALUE, Kind.SCALE, Kind.HEADER_VALUE})
_INSIDE_ROWS: Final = frozenset({Kind.TYPE, Kind.FORMAT})
# Servers pack what is long, and link to a next page: whether they do is as the rows are.
_OF_LENGTH: Final = frozenset({"content-encoding", "transfer-encoding", "vary", "etag", "link"})
_OPEN_FOR_OTHERS: Final = frozenset({SOMEBODY_ELSE, FEW_IDS, OWN_NUMBERS})


class Turns:
    """The turns of one worker of a run with several; `folder` is that of the run.

    With one worker there is nobody to wait for, and nothing is locked.
    """

    def __init__(self, folder: Path, *, workers: int) -> None:
        self._folder, self._several = folder, workers > 1
        self._turn = self._queue = -1
        self._alone = False

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(
        self, item: pytest.Item, nextitem: pytest.Item | None
    ) -> Generator[None, object, object]:
        """Take a turn beside others from the first variant of a test to the end of its last."""
        if not self._several:
            return (yield)
        self._begin()
        try:
            return (yield)
        finally:
            test, variant = split_side(item)
            if nextitem is None or not variant or split_side(nextitem)[0] != test:
                self._end()

    def alone(self) -> bool:
        """Wait for a turn without others; return whether one was given that was not had before."""
        if not self._several or self._alone or self._turn < 0:
            return False
        # Who waits while others wait for him would wait for ever.
        fcntl.flock(self._turn, fcntl.LOCK_UN)
        until_s = time.monotonic() + _PATIENCE_S
        self._alone = _taken(self._queue, fcntl.LOCK_EX, until_s) and _taken(
            self._turn, fcntl.LOCK_EX, until_s
        )
        if not self._alone:
            fcntl.flock(self._queue, fcntl.LOCK_UN)
            _taken(self._turn, fcntl.LOCK_SH, until_s)
        return self._alone

    def _begin(self) -> None:
        if self._turn >= 0:
            return
        try:
            self._turn, self._queue = (
                os.open(self._folder / name, os.O_RDWR | os.O_CREAT, 0o600)
                for name in ("turn", "queue")
            )
        except OSError:
            self._several = False  # the report says what is wrong with the folder
            return
        until_s = time.monotonic() + _LONGER_THAN_A_TURN_S
        # Who wants to be alone stands in the queue as well, and is not overtaken for ever.
        _taken(self._queue, fcntl.LOCK_EX, until_s)
        _taken(self._turn, fcntl.LOCK_SH, until_s)
        fcntl.flock(self._queue, fcntl.LOCK_UN)

    def _end(self) -> None:
        for lock in (self._turn, self._queue):
            if lock >= 0:
                os.close(lock)
        self._turn = self._queue = -1
        self._alone = False


def _taken(lock: int, how: int, until_s: float) -> bool:
    """Whether a lock was given in time."""
    while True:
        try:
            fcntl.flock(lock, how | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until_s:
                return False
            time.sleep(_POLL_S)
        except OSError:
            return False
        else:
            return True


def leaves_rows_open(judged: Judged) -> bool:
    """Whether rows that others wrote have no partner, or ids lie apart: one side was asked before
    they were whole.
    """
    return any(one.reason in _OPEN_FOR_OTHERS for one in judged.account.open)


def may_be_of_others(judged: Judged) -> bool:
    """Whether tests that ran at the same time can have made all that departs.

    They add rows, and take some away, so that one is there or is not, and one of theirs may stand
    beside another of theirs; no answer fails for them. What is the candidate's shows again alone.
    Where nothing departs yet, later rounds may hold this one to what they show of its rows.
    """
    if not judged.differences:
        return not judged.requests_differ
    return all(
        one.kind in _OF_ROWS | _BESIDE_ROWS
        or (one.kind in _INSIDE_ROWS and wildcard(one.pointer) != one.pointer)
        or (one.kind in _HEADER_THERE_OR_NOT and one.pointer.rpartition("/")[2] in _OF_LENGTH)
        or (one.kind is Kind.STATUS and _THERE_OR_NOT.fullmatch(one.change))
        for one in judged.differences
    )
