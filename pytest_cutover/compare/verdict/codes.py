"""What the blockers of parity mean: differences, goldens, rules."""

from __future__ import annotations

from typing import Final

from pytest_cutover.core.codes import Code, Severity

CODES: Final = (
    Code(
        "CUT101",
        "differences",
        Severity.HARM,
        "The candidate answered differently from the baseline, and nobody has accepted it.",
        "Clients that work today may break after the switch. The difference was seen again in "
        "further rounds, and the baseline was not seen to do so by itself; one marked unstable "
        "appears only sometimes.",
        "Each finding has the smallest example, and a curl command for each side: run both. "
        "Repeat one test with the command under 'next'.",
        "Change the candidate. Where the difference is meant, pytest-cutover review shows each "
        "with both sides; pytest-cutover accept SIGNATURE --scope TEST --reason WHY is for "
        "scripts. The entry holds for the values that were seen, or for what makes the one of the "
        "other (×100): another value there is a new finding. "
        "Keep the scope to the tests in which it is meant, give a reason that the "
        "clients' owners would sign, and a day on which the question comes back. The entry is "
        "reviewed like code.",
    ),
    Code(
        "CUT102",
        "golden stale",
        Severity.BREAK,
        "The live baseline no longer answers what its golden recorded, or the golden's file cannot "
        "be used: it is cut off, half merged, of another version or of another test.",
        "One of the two is no longer the truth: the baseline was changed, or its data was. It is "
        "not held against the candidate.",
        "Compare the golden under snapshots/ with the baseline's answer in the report. Of a file "
        "that cannot be used the message says what is wrong on which line.",
        "It is recorded again, not accepted, once somebody knows why the baseline changed: "
        "pytest --snapshot-update on your machine (CI refuses it), then review the changed golden. "
        "Bring a damaged one back from version control: a new one has forgotten what was noise.",
    ),
    Code(
        "CUT103",
        "unrecorded",
        Severity.ADDITION,
        "A test has no golden, so it was compared with the live baseline only. For information.",
        "Nothing is blocked; but nothing can be compared once the baseline is retired.",
        "The report counts unrecorded tests.",
        "Nothing needs accepting. pytest --snapshot-update records them from the baseline; commit "
        "snapshots/.",
    ),
    Code(
        "CUT106",
        "dead parity rule",
        Severity.FORM,
        "A parity rule matched nothing, or no change of the value under it would be caught.",
        "Dead rules are how suites rot: the comparison looks stricter than it is.",
        "The report lists each rule with how often it matched, and what it failed to catch.",
        "It cannot be accepted: remove or narrow the rule. Where nothing is to be compared there, "
        "say so with ignore = true and a reason.",
    ),
    Code(
        "CUT107",
        "baseline disagrees with itself",
        Severity.HARM,
        "The baseline gave two different answers to the same test within this run.",
        "Where the baseline has no single answer, a difference proves nothing: inconclusive.",
        "Run the test against the baseline alone, several times. Usual causes: tests that share "
        "data, an order that is not promised, a value that a recording did not see change.",
        "Better: isolate the data (backend.unique), re-record, or add a rule that says what is not "
        "promised, such as unordered = true. The command under 'next' waives one endpoint in the "
        "tests that show it, until a day.",
    ),
    Code(
        "CUT108",
        "orphaned golden",
        Severity.FORM,
        "A golden belongs to no test of a full run.",
        "The test was removed or renamed, and what it protected is no longer asked.",
        "The report names the file.",
        "It cannot be accepted: restore the test, or delete the file where that is reviewed.",
    ),
    Code(
        "CUT109",
        "test failed",
        Severity.HARM,
        "A test failed in its own assertions, on one side or both.",
        "What the test says about this side is not true.",
        "pytest's own output above. Failing on both sides is a mistake of the test or its data.",
        "Fix the backend or the test. An assertion cannot be accepted; a difference can.",
    ),
    Code(
        "CUT112",
        "compared in full",
        Severity.BREAK,
        "Something was observed and not compared: a place that varies and has nothing to be held "
        "to, a request that one side alone was sent, a body that could not be read.",
        "Whatever stands there may differ. It is no evidence, neither for nor against.",
        "The report names endpoint, place and reason.",
        "The command under 'next' waives one endpoint and reason in the tests that show it, until "
        "a day. Better: make the place comparable, by a rule or by steadier test data.",
    ),
    Code(
        "CUT308",
        "different requests",
        Severity.HARM,
        "A test sent the two backends different requests.",
        "Different answers to different questions are no difference.",
        "The report shows both requests. Usual causes: random values, the time, ids of one side "
        "kept in a module.",
        "It cannot be accepted: use backend.unique for new values, and ids from the same side's "
        "answers.",
    ),
)
