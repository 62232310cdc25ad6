"""What a failing item of generated requests says first, and of findings that another item told."""

from __future__ import annotations

from pytest_cutover.core.evidence import DifferenceEvidence
from pytest_cutover.fuzz.generate.payload import Shown, Told
from pytest_cutover.fuzz.run.failure_message import failure_text

ENDPOINT = "POST /items"


def shown(kind: str, pointer: str, change: str, *, kept: str) -> Shown:
    observed = DifferenceEvidence(
        signature=f"{ENDPOINT} | {kind} | {pointer} | {change}",
        endpoint=ENDPOINT,
        kind=kind,
        pointer=pointer,
        change=change,
        baseline="1" if pointer else "",
        candidate="2" if pointer else "",
    )
    test = f"fuzz::{ENDPOINT}"
    return Shown(observed=observed, request="valid", test=test, occurrences=3, kept=kept)


def text(*findings: Shown, known: tuple[str, ...] = ()) -> list[str]:
    told = Told(
        nodeid="fuzz::x",
        endpoint=ENDPOINT,
        kind="operation",
        wanted=5,
        compared=5,
        findings=findings,
    )
    return failure_text(told, lambda kept: f"pytest {kept}", known).splitlines()


ADDED = shown("added", "/seen", "absent → integer", kept="a.json")
COUNT = shown("value", "/count", "integer → integer", kept="b.json")


def test_the_worst_difference_is_the_first_line() -> None:
    first, second, *_ = text(ADDED, COUNT)

    assert first == "/count 1 → 2 at POST /items"
    assert second == "2 findings in 5 cases sent to both backends"


def test_what_another_item_has_told_is_named_and_not_told_again() -> None:
    assert "  and 1 more that an item above tells in full" in text(ADDED, COUNT, known=("a.json",))
    assert text(COUNT, known=("b.json",)) == [
        "/count 1 → 2 at POST /items",
        "1 finding in 5 cases sent to both backends",
        "",
        "  that an item above tells in full",
    ]
