"""A line of its own kind behind the rows of a list that grows: how many, and how long it took.

It has no id and stands at another place in each round, for the rows before it are more.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from pytest_cutover.compare.confirm.rulebook import Rulebook
from pytest_cutover.compare.confirm.test_state import Judge, TestState
from pytest_cutover.core.exchange import Side, Transcript
from pytest_cutover.core.unique import new_unique
from tests.unit.compare.building import exchange, settled, transcript

Line = dict[str, Any]
FAULTS: dict[str, Callable[[Line], Line]] = {
    "alike": lambda line: line,
    "count lacks the newest": lambda line: {**line, "count": line["count"] - 1},
    "time as text": lambda line: {**line, "took_ms": str(line["took_ms"])},
    "another word": lambda line: {**line, "state": "partial"},
}


@pytest.mark.parametrize("shared", [None, False])
@pytest.mark.parametrize("is_first", [False, True])
@pytest.mark.parametrize("in_lines", [False, True])
@pytest.mark.parametrize("fault", FAULTS)
def test_what_varies_in_a_line_of_its_own_kind(
    fault: str, in_lines: bool, is_first: bool, shared: bool | None
) -> None:
    state, judge = TestState(None, None), Judge(Rulebook(shared_state=shared), lambda _: None)
    chance = random.Random(fault)
    sides = {side: [{"id": str(uuid4()), "name": f"seed {n}"} for n in range(3)] for side in Side}

    def asked(side: Side) -> Transcript:
        rows, name = sides[side], new_unique("N")
        rows.append({"id": str(uuid4()), "name": name})
        made = exchange(rows[-1], method="POST", sent={"name": name}, status=201)
        line = {"count": len(rows), "took_ms": chance.randint(100, 900), "state": "whole"}
        told = [{"summary": FAULTS[fault](line) if side is Side.CANDIDATE else line}]
        shown = [*told, *rows] if is_first else [*rows, *told]
        lines = "".join(json.dumps(row) + "\n" for row in shown).encode()
        as_lines = [("Content-Type", "application/x-ndjson")]
        read = exchange(body=lines, headers=as_lines) if in_lines else exchange(shown)
        return transcript(made, read, side=side, generated=[("N", name)])

    found = settled(state, judge, asked)
    assert bool(found.differences) is (fault != "alike")
    assert fault != "alike" or not (found.account.open or found.inconclusive)
