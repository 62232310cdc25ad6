"""What a suite like this one would not notice, of what the candidate might do. Pure.

Everything that was observed and not compared, and everything that is documented and was never
seen. There is no percentage: ten open places of a health check weigh less than one of an invoice.
"""

from __future__ import annotations

from collections.abc import Iterator

from pytest_cutover.report.model import Report

_LISTED = 8


def unnoticed(report: Report) -> tuple[tuple[str, str], ...]:
    """Return pairs of what would not be noticed and where, the gravest first."""
    return tuple(
        (what, ", ".join(_some(where)))
        for what, where in (
            ("any change of what was left open", list(_held(report, "open: "))),
            ("any change of what is waived", list(_held(report, "waived: "))),
            ("another value of the same form", list(_held(report, "constrained: "))),
            ("any change under a rule that catches nothing", _vacuous(report)),
            ("documented answers that no test saw", _undemonstrated(report)),
            ("operations that generated requests never entered", _unentered(report)),
        )
        if where
    )


def _some(where: list[str]) -> list[str]:
    more = [f"and {len(where) - _LISTED} more"] if len(where) > _LISTED else []
    return [*where[:_LISTED], *more]


def _held(report: Report, fate: str) -> Iterator[str]:
    for row in report.account:
        for held in row.held_by:
            if held.startswith(fate):
                yield f"{row.endpoint}: {held.removeprefix(fate)}"


def _vacuous(report: Report) -> list[str]:
    return [f"{rule.rule} {rule.endpoint} {rule.pointer}" for rule in report.rules if rule.vacuous]


def _undemonstrated(report: Report) -> list[str]:
    return [
        f"{cell.endpoint} {cell.status}"
        for cell in report.coverage
        if cell.documented and not cell.tests
    ]


def _unentered(report: Report) -> list[str]:
    return [
        f"{one.endpoint} ({one.left_out or 'every request was refused'})"
        for one in report.generated
        if not one.succeeded
    ]
