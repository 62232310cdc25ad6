"""What the blockers mean that any run may have: no evidence, or not all of it; what has expired."""

from __future__ import annotations

from typing import Final

from pytest_cutover.core.codes import Code, Severity

CODES: Final = (
    Code(
        "CUT104",
        "accepted difference expired",
        Severity.FORM,
        "An entry of the accepted differences is past its date, and covers nothing any more.",
        "Acceptance was given for a time. Whoever gave it said that the question comes back.",
        "The entry is named with its reason and approver, and with what it would have covered.",
        "Remove the entry if the difference is gone. Otherwise whoever answers for it looks again: "
        "accepted in pytest-cutover review with the same scope, the entry is renewed in its place, "
        "with a new day, reason and approver.",
    ),
    Code(
        "CUT105",
        "accepted difference unused",
        Severity.FORM,
        "In a full run, an entry of the accepted differences matched nothing.",
        "It would silently hide the difference if that came back.",
        "Look whether the difference is gone, or the tests of its scope were renamed.",
        "It cannot be accepted: pytest-cutover accept --prune removes the entry, or mend its "
        "signature or scope.",
    ),
    Code(
        "CUT210",
        "measurements missing",
        Severity.BREAK,
        "An endpoint that must be measured was not, or the samples are not enough.",
        "No evidence is no pass.",
        "Was the run under xdist, narrowed, or out of budget? The message says how many more it "
        "takes.",
        "Missing evidence cannot be accepted: add a perf test, raise budget_s, or run without -n.",
    ),
    Code(
        "CUT301",
        "no evidence",
        Severity.HARM,
        "No marked test ran.",
        "A gate that saw nothing says nothing.",
        "Which tests were collected? pytest --collect-only -m characterization",
        "Missing evidence cannot be accepted: write a test with @pytest.mark.characterization, or "
        "widen the selection.",
    ),
    Code(
        "CUT302",
        "backend unreachable",
        Severity.HARM,
        "One of the two backends did not start, did not answer, or was launched and ended before "
        "the run did.",
        "Nothing can be compared with silence.",
        "For a launched backend the last lines of its log are shown; otherwise try its URL with "
        "curl.",
        "Silence cannot be accepted: mend the start, the end or the URL, and run again.",
    ),
    Code(
        "CUT303",
        "tests without evidence",
        Severity.BREAK,
        "Marked tests were skipped, expected to fail, or sent no request.",
        "They are green, and say nothing about the candidate.",
        "pytest -rsx shows the reasons.",
        "Fix or remove them. A difference that is meant is accepted in pytest-cutover review, "
        "with scope and day; xfail has neither.",
    ),
    Code(
        "CUT304",
        "gate switched off",
        Severity.HARM,
        "The plugin, or a part of it, was switched off for this run.",
        "A verdict of a part would pass for one of the whole.",
        "Look for -p no:…, addopts, and PYTEST_ADDOPTS.",
        "It cannot be accepted: run again with everything on.",
    ),
    Code(
        "CUT305",
        "narrowed run",
        Severity.FORM,
        "Only a part of the suite was asked for: arguments, -k, -m, --lf, deselection.",
        "PARTIAL: what was not asked may differ. Nothing is checked for staleness.",
        "The screen says how the run was narrowed.",
        "Fine while working on one test. For a verdict, run the whole suite.",
    ),
    Code(
        "CUT306",
        "recording run",
        Severity.FORM,
        "The run recorded goldens (--snapshot-update).",
        "What has just been written down cannot judge.",
        "Review the changed files under snapshots/.",
        "Nothing needs accepting but the goldens, in their review. Then run again without "
        "--snapshot-update.",
    ),
    Code(
        "CUT307",
        "run incomplete",
        Severity.HARM,
        "A worker crashed, or the run was interrupted: by Ctrl-C, or by SIGTERM when CI cancels "
        "it.",
        "The tests that are missing might have failed.",
        "The first error of the output; with xdist, run the named test alone.",
        "Missing evidence cannot be accepted: run again.",
    ),
    Code(
        "CUT309",
        "evidence not kept",
        Severity.BREAK,
        "The report could not be written.",
        "A verdict without its evidence cannot be reviewed.",
        "The message has the folder and the reason.",
        "It cannot be accepted: make the folder writable, or give another: --cutover-report DIR",
    ),
    Code(
        "CUT310",
        "one backend on both sides",
        Severity.HARM,
        "The two URLs, and what is sent to them, are the same.",
        "A backend always agrees with itself; nothing was seen of any other.",
        "Which URL is the candidate's? Look for a variable or a name that points to the wrong one.",
        "It cannot be accepted: give the candidate's own URL, or the header that leads to it in "
        "[targets.NAME.candidate.headers].",
    ),
    Code(
        "CUT311",
        "another build in mid-run",
        Severity.HARM,
        "One of the two backends was another build at the end of the run than at its beginning.",
        "What was seen before a deployment and after it is not one backend.",
        "What `version` of [targets.NAME.candidate] says now, and who deployed when. Without it "
        "the headers of the answers tell, as X-App-Version does.",
        "It cannot be accepted: run again when the deployment is over.",
    ),
)
