"""What the blockers of the cutover checklist mean."""

from __future__ import annotations

from typing import Final

from pytest_cutover.core.codes import Code, Severity

CODES: Final = (
    Code(
        "CUT401",
        "checklist item open",
        Severity.BREAK,
        "An item of the cutover checklist has no evidence, or its evidence says no.",
        "The team agreed not to switch before it is done.",
        "The report names the item and what satisfies it: a gate, a marked test, a sign-off.",
        "Do what it says. An item is dropped in [checklist], with a reason, where it is reviewed.",
    ),
    Code(
        "CUT408",
        "monitoring",
        Severity.HARM,
        "What was watched after the switch is above its limit, or could not be seen.",
        "Users are on the candidate now. No data is not health.",
        "The message has the values over time and the trigger that fired.",
        "Do what the action says. Limits stand in [checklist.monitoring].",
    ),
    Code(
        "CUT409",
        "not signed",
        Severity.FORM,
        "An item that people answer for has no sign-off that counts: none, expired, or another "
        "target's.",
        "A checklist that nobody signed was not walked through.",
        "cutover-signoffs.toml has what was signed, by whom, when and until when.",
        "pytest-cutover sign-off ITEM --target=NAME --by NAME --note WHAT",
    ),
)
