"""What an entry holds for, from the values that its finding was seen with."""

from __future__ import annotations

from typing import Final

from pytest_cutover.compare.evidence import binding as evidence
from pytest_cutover.config.transformation import FORMATS, is_relation
from pytest_cutover.core.errors import Mistake, MistakesError
from pytest_cutover.core.sanitize import one_line
from pytest_cutover.core.seen_values import MOST_PAIRS, SeenValues
from pytest_cutover.report.model import Finding

Pairs = tuple[tuple[str, str], ...]
NOT_BOUND: Final[tuple[str, Pairs]] = ("", ())


def binding_of(finding: Finding) -> tuple[str, Pairs]:
    """Return the `change` and the `values` of an entry; both empty where the signature says all.

    Raises `MistakesError` where neither says what was reviewed: the values are others in every run
    or too many to list, and nothing makes the one of the other.
    """
    found = evidence.binding_of(
        kind=finding.kind,
        change=finding.change,
        explanation=finding.explanation,
        seen=finding.values,
    )
    if found is not None:
        return found.change, found.values
    assert finding.values is not None
    raise MistakesError("command line", [_unbound(finding, finding.values)])


def binding_line(change: str, values: Pairs) -> str:
    """Return what the entry holds for, in a line for a screen; empty where the signature says
    all.
    """
    if change == FORMATS:
        return "holds for any value of these formats: its values are others in every run"
    if is_relation(change):
        return f"holds where the answer is {one_line(change)}, and for nothing else at this place"
    if change:
        return f"holds for what is {one_line(change)}, and for nothing else at this place"
    shown = ", ".join(f"{one_line(a, 40)} → {one_line(b, 40)}" for a, b in values[:3])
    more = f" and {len(values) - 3} more pairs" if len(values) > 3 else ""
    return f"holds for {shown}{more}; another value is a new finding" if values else ""


def _unbound(finding: Finding, seen: SeenValues) -> Mistake:
    why = (
        "its values are others in every round"
        if seen.varying
        else f"it was seen with more than {MOST_PAIRS} pairs of values"
    )
    place = f'endpoint = "{one_line(finding.endpoint)}", pointer = "{one_line(finding.pointer)}"'
    return Mistake(
        key=one_line(finding.id),
        what=f"cannot be accepted as it was reviewed: {why}, no change makes the one of the other, "
        f"and {one_line(finding.change)} would let any value through",
        advice=f"constrain the place by a rule in cutover.toml, [[parity.rules]] {place} with "
        "tolerance, same-number or volatile, or ignore with a reason",
    )
