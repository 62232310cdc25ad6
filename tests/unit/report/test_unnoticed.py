"""What the suite would not notice is named by its place, without a percentage."""

from __future__ import annotations

from dataclasses import replace

from pytest_cutover.report.model import AccountRow, Coverage, GeneratedOperation, RuleReport
from pytest_cutover.report.unnoticed import unnoticed
from tests.unit.report.reports import GO


def test_it_names_what_was_open_waived_held_to_form_and_never_seen() -> None:
    report = replace(
        GO,
        account=(
            AccountRow(
                endpoint="GET /lots",
                exact=9,
                constrained=2,
                waived=1,
                open=1,
                held_by=(
                    "open: too large (1)",
                    "waived: profile express (1)",
                    "constrained: uuid4 (2)",
                ),
            ),
        ),
        rules=(
            RuleReport(endpoint="GET /x", pointer="/a", rule="ignore", matched=3, vacuous=True),
        ),
        coverage=(Coverage(endpoint="GET /lots", status="404", documented=True, tests=0),),
        generated=(GeneratedOperation(endpoint="POST /lots", sent=9, refused=9),),
    )

    assert dict(unnoticed(report)) == {
        "any change of what was left open": "GET /lots: too large (1)",
        "any change of what is waived": "GET /lots: profile express (1)",
        "another value of the same form": "GET /lots: uuid4 (2)",
        "any change under a rule that catches nothing": "ignore GET /x /a",
        "documented answers that no test saw": "GET /lots 404",
        "operations that generated requests never entered": (
            "POST /lots (every request was refused)"
        ),
    }


def test_it_is_empty_where_everything_was_compared_and_seen() -> None:
    assert unnoticed(replace(GO, account=(AccountRow(endpoint="GET /lots", exact=9),))) == ()
