"""From gates to the word, from the word to the exit status."""

from __future__ import annotations

import pytest

from pytest_cutover.gate.verdict import decide, exit_status
from pytest_cutover.report.model import Gate, GateVerdict, Verdict


def gate(verdict: str, *, required: bool = True) -> Gate:
    return Gate(id="x", code="CUT101", title="x", verdict=GateVerdict(verdict), required=required)


@pytest.mark.parametrize(
    ("gates", "narrowed", "incomplete", "expected"),
    [
        ([gate("pass")], False, False, Verdict.GO),
        ([], False, False, Verdict.INCONCLUSIVE),
        ([gate("pass"), gate("inconclusive")], False, False, Verdict.INCONCLUSIVE),
        ([gate("pass"), gate("inconclusive", required=False)], False, False, Verdict.GO),
        ([gate("inconclusive"), gate("fail")], False, False, Verdict.NO_GO),
        ([gate("pass"), gate("fail", required=False)], False, False, Verdict.NO_GO),
        ([gate("pass")], True, False, Verdict.PARTIAL),
        ([gate("inconclusive")], True, False, Verdict.PARTIAL),
        ([gate("fail")], True, False, Verdict.NO_GO),
        ([gate("pass")], True, True, Verdict.INCONCLUSIVE),
        ([gate("pass")], False, True, Verdict.INCONCLUSIVE),
    ],
)
def test_the_word(gates: list[Gate], narrowed: bool, incomplete: bool, expected: Verdict) -> None:
    assert decide(gates, narrowed=narrowed, incomplete=incomplete) is expected


@pytest.mark.parametrize(
    ("verdict", "asked", "pytest_status", "expected"),
    [
        (Verdict.GO, True, 0, 0),
        (Verdict.GO, True, 1, 1),
        (Verdict.NO_GO, True, 1, 1),
        (Verdict.NO_GO, False, 0, 1),
        (Verdict.INCONCLUSIVE, True, 0, 1),
        (Verdict.INCONCLUSIVE, False, 0, 1),
        (Verdict.PARTIAL, True, 0, 1),
        (Verdict.PARTIAL, False, 0, 0),
        (Verdict.PARTIAL, False, 1, 1),
        *((verdict, True, status, status) for verdict in Verdict for status in (2, 3, 4, 5)),
    ],
)
def test_the_exit_status(verdict: Verdict, asked: bool, pytest_status: int, expected: int) -> None:
    assert exit_status(verdict, gate_requested=asked, pytest_status=pytest_status) == expected


def test_tests_held_back_for_want_of_a_backend_are_not_an_empty_suite() -> None:
    assert (
        exit_status(Verdict.INCONCLUSIVE, gate_requested=True, pytest_status=5, not_run=True) == 1
    )
