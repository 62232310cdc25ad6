"""What the blockers of generated requests mean."""

from __future__ import annotations

from typing import Final

from pytest_cutover.core.codes import Code, Severity

CODES: Final = (
    Code(
        "CUT110",
        "fuzz",
        Severity.HARM,
        "A generated request was answered differently by the candidate, and nobody accepted it.",
        "Nobody wrote a test for it, and a client may send it. It was seen again on a second try, "
        "and the request is the smallest that still shows it.",
        "Run the command under 'next', or both curl commands of the finding. The case is kept "
        "under .cutover/fuzz and asked first next time; pytest-cutover promote FINDING makes a "
        "test of it.",
        'Change the candidate, or accept it with the scope "fuzz" (every generated request), '
        '"fuzz::*[unknown field]" (a class of them), or the test id that the finding names.',
    ),
    Code(
        "CUT111",
        "fuzz cases",
        Severity.BREAK,
        "Fewer generated cases were compared than were asked for, or the baseline was unsteady.",
        "What was not sent cannot have been found: inconclusive.",
        "The message names the operation and why: the time was over, its schema cannot be used, "
        "or the baseline does not agree with itself.",
        "It cannot be accepted: raise seconds in [fuzz], mend the schema, or ask for fewer cases.",
    ),
    Code(
        "CUT113",
        "entered",
        Severity.BREAK,
        "The baseline answered no generated request to an operation with success, and no marked "
        "test entered it.",
        "Two backends that refuse everything agree: behind the refusal anything may differ.",
        "The message names the operations and how many requests each was sent. Most often the "
        "login is missing or its data are.",
        "Log in in pytest_cutover_login(backend), put there what the operation needs, or write a "
        "marked test that enters it. The command under 'next' waives one operation, until it "
        "expires.",
    ),
)
