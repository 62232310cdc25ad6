"""Numbers that a list shows as the write of each row was answered."""

from __future__ import annotations

import itertools
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from pytest_cutover.compare.confirm import as_answered
from pytest_cutover.compare.confirm.confirmation import Judged
from pytest_cutover.compare.confirm.rulebook import Rulebook
from pytest_cutover.compare.confirm.test_state import Judge, TestState
from pytest_cutover.core.exchange import Side, Transcript
from pytest_cutover.core.unique import new_unique
from tests.unit.compare.building import exchange, settled, transcript

Jobs = list[dict[str, Any]]


def _heard(shown: Callable[[Jobs], Jobs], *, size: int = 2, shared: bool = False) -> Judged:
    """Ask a test that makes jobs and lists them; the candidate shows its own as told."""
    both = itertools.count(1)
    counts = {side: both if shared else itertools.count(1) for side in Side}

    def asked(side: Side) -> Transcript:
        codes = [new_unique("job") for _ in range(size)]
        jobs: Jobs = [
            {"id": uuid.uuid4().hex, "name": code, "number": next(counts[side]), "priority": 5}
            for code in codes
        ]
        posts = [
            exchange(
                {"id": job["id"], "number": job["number"], "priority": 5},
                status=201,
                method="POST",
                target="/jobs",
                endpoint="POST /jobs",
                sent=[job["name"]],
            )
            for job in jobs
        ]
        rows = shown(jobs[::-1]) if side is Side.CANDIDATE else jobs[::-1]
        read = exchange({"jobs": rows}, target="/jobs", endpoint="GET /jobs")
        made = [("job", code) for code in codes]
        return transcript(*posts, read, side=side, generated=made)

    judge = Judge(Rulebook(shared_state=shared), lambda _difference: None)
    return settled(TestState(None, None), judge, asked)


def _of_its_neighbour(jobs: Jobs) -> Jobs:
    return [{**job, "number": jobs[0]["number"]} for job in jobs]


@pytest.mark.parametrize("shared", [True, False])
def test_a_row_with_the_number_of_its_neighbour_is_found(shared: bool) -> None:
    judged = _heard(_of_its_neighbour, shared=shared)
    assert ("value", "/jobs/1/number") in [(one.kind, one.pointer) for one in judged.differences]


@pytest.mark.parametrize("shared", [True, False])
@pytest.mark.parametrize("size", [1, 2, 4])
def test_rows_that_show_what_was_answered_are_right(shared: bool, size: int) -> None:
    judged = _heard(lambda jobs: jobs, size=size, shared=shared)
    assert (judged.differences, judged.inconclusive) == ((), None)


def test_what_was_answered_is_said() -> None:
    judged = _heard(_of_its_neighbour, shared=True)
    told = {one.change: f"{one.baseline} | {one.candidate}" for one in judged.differences}
    assert re.fullmatch(
        r"answered (\d+), shows \1 \| answered \d+, shows \d+",
        told["as its write was answered → another"],
    )


@pytest.mark.parametrize(("target", "is_found"), [("/jobs?all=1", True), ("/items", False)])
def test_a_number_for_an_id_is_one_of_its_kind(target: str, is_found: bool) -> None:
    counts = {Side.BASELINE: itertools.count(1), Side.CANDIDATE: itertools.count(40)}

    def asked(side: Side) -> Transcript:
        own = next(counts[side])
        shift = 7 if side is Side.CANDIDATE else 0
        post = exchange(
            {"id": own, "slot": own}, status=201, method="POST", target="/jobs", endpoint="POST /j"
        )
        read = exchange([{"id": own, "slot": own + shift}], target=target, endpoint="GET /r")
        return transcript(post, read, side=side)

    rounds = [(asked(Side.BASELINE), asked(Side.CANDIDATE)) for _ in range(3)]
    assert [one.pointer for one in as_answered.judged(rounds)[0]] == ["/0/slot"] * is_found
    assert as_answered.judged(rounds[:1]) == (
        [],
        frozenset({("GET /r", "/*/slot")} if is_found else ()),
    )
