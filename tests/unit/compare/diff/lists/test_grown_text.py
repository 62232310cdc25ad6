"""A text that is a list, and rows that are texts: what came is told by lines, else it is open."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from pytest_cutover.compare.confirm.confirmation import Judged, Round
from pytest_cutover.compare.confirm.rulebook import Rulebook
from pytest_cutover.compare.confirm.test_state import Judge, TestState
from pytest_cutover.core.exchange import Side, Transcript
from pytest_cutover.core.unique import new_unique
from tests.unit.compare.building import exchange, transcript

Lines = list[str]
TEXT = [("Content-Type", "text/plain; charset=utf-8")]


def _same(lines: Lines) -> Lines:
    return lines


def _found(
    fault: Callable[[Lines], Lines] = _same, *, shared: bool = True, as_json: bool = False
) -> Judged:
    """Make a lot and ask for all, in rounds, as two backends would."""
    names = ["Seed A", "Seed B", "Seed C"]
    databases = [names] if shared else [list(names), list(names)]
    case, told = TestState(None, None), Judge(Rulebook(shared_state=shared), lambda _one: None)

    def asked(side: Side) -> Transcript:
        rows = databases[0 if side is Side.BASELINE else -1]
        code = new_unique("LOT")
        rows.append(code)
        made = exchange({"id": len(rows)}, status=201, method="POST", sent={"name": code})
        lines = [f"{len(rows)} lots", *(f"{n} {name} 10 open" for n, name in enumerate(rows, 1))]
        lines = fault(lines) if side is Side.CANDIDATE else lines
        answer: dict[str, Any] = {"body": "\n".join([*lines, ""]).encode(), "headers": TEXT}
        shown = exchange(lines) if as_json else exchange(**answer)
        return transcript(made, shown, side=side, generated=[("LOT", code)])

    while True:
        case.rounds.append(Round(asked(Side.BASELINE), asked(Side.CANDIDATE)))
        judged = told.live(case)
        if len(case.rounds) > 1 and not told.wants_round(case, judged):
            return judged


FAULTS: dict[str, Callable[[Lines], Lines]] = {
    "no total": lambda lines: ["0 lots", *lines[1:]],
    "one too many": lambda lines: [f"{len(lines)} lots", *lines[1:]],
    "empty": lambda lines: [lines[0]],
    "newest missing": lambda lines: lines[:-1],
    "oldest missing": lambda lines: [lines[0], *lines[2:]],
    "reversed": lambda lines: [lines[0], *lines[:0:-1]],
    "twice": lambda lines: [lines[0], *(line for line in lines[1:] for _ in range(2))],
    "another price": lambda lines: [*lines[:-1], lines[-1].replace(" 10 ", " 11 ")],
    "another state": lambda lines: [*lines[:-1], lines[-1].replace("open", "done")],
    "another seed": lambda lines: [lines[0], lines[1].replace("10", "12"), *lines[2:]],
    "another id": lambda lines: [*lines[:-1], f"{len(lines) + 6} {lines[-1].partition(' ')[2]}"],
}


@pytest.mark.parametrize("shared", [True, False])
@pytest.mark.parametrize("as_json", [False, True], ids=["text", "JSON"])
def test_lines_that_came_are_those_of_a_list(as_json: bool, shared: bool) -> None:
    alike = _found(as_json=as_json, shared=shared)
    assert (alike.differences, alike.inconclusive, alike.account.open) == ((), None, {})


@pytest.mark.parametrize(("as_json", "shared"), [(False, True), (False, False), (True, True)])
@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_wrong_in_them_never_passes(fault: str, as_json: bool, shared: bool) -> None:
    found = _found(FAULTS[fault], as_json=as_json, shared=shared)
    assert found.differences or found.account.open
