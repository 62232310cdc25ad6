"""What the blockers of the contract and its coverage mean."""

from __future__ import annotations

from typing import Final

from pytest_cutover.core.codes import Code, Severity

CODES: Final = (
    Code(
        "CUT402",
        "contract incomplete",
        Severity.FORM,
        "An operation of the contract has no documented success, or takes input and has no "
        "documented error.",
        "What is not written down cannot be held, by neither side.",
        "The message names the operation and what it lacks.",
        "Complete the OpenAPI document.",
    ),
    Code(
        "CUT403",
        "contract and baseline",
        Severity.FORM,
        "The baseline, which is in service, answered something that the contract does not allow.",
        "The document is wrong: clients live with what the baseline does.",
        "The message has the operation, the status, and where in the answer it is.",
        "Fix the document, and look whether the candidate was built from the mistake.",
    ),
    Code(
        "CUT404",
        "contract and candidate",
        Severity.BREAK,
        "The candidate answered something that the contract does not allow.",
        "Clients rely on the contract: a status, header or member that it does not name may break "
        "them.",
        "The message has the operation, the status, and where in the answer it is.",
        "Fix the candidate. Where the answer is meant, document it.",
    ),
    Code(
        "CUT405",
        "coverage",
        Severity.FORM,
        "A documented status was seen on no side, so nobody knows whether it is at parity.",
        "What no test asks for is not covered by a GO.",
        "The matrix in the report: operation, status, side, and the tests that showed it.",
        "Write the test, or name the cell with a reason in [coverage.ignore].",
    ),
    Code(
        "CUT406",
        "negative coverage",
        Severity.FORM,
        "A documented error, or one of [[coverage.scenarios]], is shown by no negative test.",
        "Errors are where two frameworks differ most.",
        "The message names the operation and the status or scenario.",
        'Write a test with @pytest.mark.negative("METHOD /path", scenario="…").',
    ),
    Code(
        "CUT407",
        "never varied",
        Severity.ADDITION,
        "A parameter or property of the contract had one value, or none, in all requests.",
        "A handling of it that differs would not be seen.",
        "The message names them.",
        'Vary them in a test. They fail the gate only with [coverage] varied = "require".',
    ),
)
