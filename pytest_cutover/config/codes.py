"""What each blocker means. ``CUT1xx`` parity, ``2xx`` performance, ``3xx`` evidence, ``4xx`` more.

Read by `pytest-cutover explain` and by every page of the report. Codes are stable: one that is no
longer used is kept and never given to something else. Text only, so that importing costs nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Code:
    """One code: its short title, what it means, why it blocks, where to look, how to accept it."""

    code: str
    title: str
    what: str
    why: str
    how_to_look: str
    how_to_accept: str


_PARITY = (
    Code(
        "CUT101",
        "differences",
        "The candidate answered differently from the baseline, and nobody has accepted it.",
        "Clients that work today may break after the switch. The difference was seen again in "
        "further rounds, and the baseline was not seen to do so by itself; one marked unstable "
        "appears only sometimes.",
        "Each finding has the smallest example, and a curl command for each side: run both. "
        "Repeat one test with the command under 'next'.",
        "Change the candidate. Where the difference is meant, pytest-cutover review shows each "
        "with both sides; pytest-cutover accept SIGNATURE --scope TEST --reason WHY is for "
        "scripts. Keep the scope to the tests in which it is meant, give a reason that the "
        "clients' owners would sign, and a day on which the question comes back. The entry is "
        "reviewed like code.",
    ),
    Code(
        "CUT102",
        "golden stale",
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
        "A test has no golden, so it was compared with the live baseline only. For information.",
        "Nothing is blocked; but nothing can be compared once the baseline is retired.",
        "The report counts unrecorded tests.",
        "Nothing needs accepting. pytest --snapshot-update records them from the baseline; commit "
        "snapshots/.",
    ),
    Code(
        "CUT104",
        "accepted difference expired",
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
        "In a full run, an entry of the accepted differences matched nothing.",
        "It would silently hide the difference if that came back.",
        "Look whether the difference is gone, or the tests of its scope were renamed.",
        "It cannot be accepted: remove the entry, or mend its signature or scope.",
    ),
    Code(
        "CUT106",
        "dead parity rule",
        "A parity rule matched nothing, or no change of the value under it would be caught.",
        "Dead rules are how suites rot: the comparison looks stricter than it is.",
        "The report lists each rule with how often it matched, and what it failed to catch.",
        "It cannot be accepted: remove or narrow the rule. Where nothing is to be compared there, "
        "say so with ignore = true and a reason.",
    ),
    Code(
        "CUT107",
        "baseline disagrees with itself",
        "The baseline gave two different answers to the same test within this run.",
        "Where the baseline has no single answer, a difference proves nothing: inconclusive.",
        "Run the test against the baseline alone, several times. Usual causes: tests that share "
        "data, an order that is not promised, a value that a recording did not see change.",
        "It cannot be accepted: isolate the data (backend.unique), re-record, or add a rule that "
        "says what is not promised, such as unordered = true.",
    ),
    Code(
        "CUT108",
        "orphaned golden",
        "A golden belongs to no test of a full run.",
        "The test was removed or renamed, and what it protected is no longer asked.",
        "The report names the file.",
        "It cannot be accepted: restore the test, or delete the file where that is reviewed.",
    ),
    Code(
        "CUT109",
        "test failed",
        "A test failed in its own assertions, on one side or both.",
        "What the test says about this side is not true.",
        "pytest's own output above. Failing on both sides is a mistake of the test or its data.",
        "Mend the backend or the test. An assertion cannot be accepted; a difference can.",
    ),
    Code(
        "CUT110",
        "fuzz",
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
        "Fewer generated cases were compared than were asked for, or the baseline was unsteady.",
        "What was not sent cannot have been found: inconclusive.",
        "The message names the operation and why: the time was over, its schema cannot be used, "
        "or the baseline does not agree with itself.",
        "It cannot be accepted: raise seconds in [fuzz], mend the schema, or ask for fewer cases.",
    ),
)


def _raised(key: str, table: str = "[performance.endpoints]") -> str:
    return (
        f"Where the limit is wrong, {key} in {table} of cutover.toml is changed, with a comment on "
        "who agreed and why, and reviewed like code. Measure again before that: the baseline meets "
        "the limit on the same machine. Where it is right and can wait, it is waived until a day: "
        "an entry in cutover-accepted.toml with the endpoint, the key and both limits, as the "
        "page on performance shows."
    )


_PERFORMANCE = (
    Code(
        "CUT201",
        "p99",
        "More than 1 % of the candidate's requests were slower than the P99 limit.",
        "The slowest requests are what users remember. The test may stop at any time with an error "
        "of at most 5 %; a point estimate would flip between two runs.",
        "The report has the samples, how many exceeded the limit, and whether they came in bursts.",
        _raised("p99_ms"),
    ),
    Code(
        "CUT202",
        "p50 regression",
        "The candidate is slower than the baseline by more than is allowed, in most pairs.",
        "Pairs taken side by side share the machine's mood: the candidate itself is slower.",
        "Compare the ratio with its interval, and the noise of the baseline against itself.",
        _raised("p50_regression or p50_floor_ms"),
    ),
    Code(
        "CUT203",
        "p50",
        "The candidate's median is above its limit.",
        "The ordinary request is too slow.",
        "See whether the baseline meets the limit on this machine: if not, it is inconclusive.",
        _raised("p50_ms"),
    ),
    Code(
        "CUT204",
        "p95",
        "More than 5 % of the candidate's requests were slower than the P95 limit.",
        "One request in twenty is too slow.",
        "The report has the samples and how many exceeded the limit.",
        _raised("p95_ms"),
    ),
    Code(
        "CUT205",
        "max",
        "Two or more requests took over twice the limit, and over the run such outliers are proven "
        "to be the candidate's: chance would have struck the baseline as often.",
        "Rare stalls hold connections and queues. One alone is a warning.",
        "Look at the times of the two: a pause every so often, or the first request of a worker.",
        _raised("max_ms"),
    ),
    Code(
        "CUT206",
        "error rate",
        "The share of the candidate's requests that failed is not below the limit.",
        "Errors that appear under measurement appear under traffic. A status other than the first "
        "one counts as failed: a fast 409 is no latency.",
        "The report has the errors by endpoint and kind; the candidate's log has the cause.",
        _raised("error_rate", "[performance]"),
    ),
    Code(
        "CUT207",
        "load degradation",
        "With many users at once the candidate degrades against the baseline.",
        "What holds for one user does not hold for many: a pool, a lock, a single worker.",
        "Compare both sides per slice; look at CPU and connections in the same seconds.",
        _raised("p50_regression, or users,", "[performance]"),
    ),
    Code(
        "CUT208",
        "memory",
        "The candidate's resident memory grows with each request by more than is allowed.",
        "At traffic it will run out. Growth is the slope of the smallest size per slice, after "
        "warm-up, with its interval.",
        "The report plots it. Take heap snapshots some thousand requests apart.",
        _raised("memory_bytes_per_request", "[performance]"),
    ),
    Code(
        "CUT209",
        "pool",
        "Connections to the database passed their bound, ran out, or did not come back.",
        "The database serves others too, and a connection that is lost is lost until a restart.",
        "Look for paths that leave without giving a connection back: errors, time-outs.",
        "It cannot be accepted: mend the candidate's pool. A connection that is lost stays lost.",
    ),
    Code(
        "CUT210",
        "measurements missing",
        "An endpoint that must be measured was not, or the samples do not suffice.",
        "No evidence is no pass.",
        "Was the run under xdist, narrowed, or out of budget? The message says how many more it "
        "takes.",
        "Missing evidence cannot be accepted: add a perf test, raise budget_s, or run without -n.",
    ),
    Code(
        "CUT211",
        "load p50, p99",
        "Under load the candidate's P50 or P99 is above its limit.",
        "Limits hold for the traffic that is expected, not only for a quiet machine.",
        "See whether the generator was saturated, and whether the baseline meets the limit.",
        _raised("load_p50_ms or load_p99_ms"),
    ),
)

_EVIDENCE = (
    Code(
        "CUT301",
        "no evidence",
        "No marked test ran.",
        "A gate that saw nothing says nothing.",
        "Which tests were collected? pytest --collect-only -m characterization",
        "Missing evidence cannot be accepted: write a test with @pytest.mark.characterization, or "
        "widen the selection.",
    ),
    Code(
        "CUT302",
        "backend unreachable",
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
        "Marked tests were skipped, expected to fail, or sent no request.",
        "They are green, and say nothing about the candidate.",
        "pytest -rsx shows the reasons.",
        "Mend or remove them. A difference that is meant is accepted in pytest-cutover review, "
        "with scope and day; xfail has neither.",
    ),
    Code(
        "CUT304",
        "gate switched off",
        "The plugin, or a part of it, was switched off for this run.",
        "A verdict of a part would pass for one of the whole.",
        "Look for -p no:…, addopts, and PYTEST_ADDOPTS.",
        "It cannot be accepted: run again with everything on.",
    ),
    Code(
        "CUT305",
        "narrowed run",
        "Only a part of the suite was asked for: arguments, -k, -m, --lf, deselection.",
        "PARTIAL: what was not asked may differ. Nothing is checked for staleness.",
        "The screen says how the run was narrowed.",
        "Fine while working on one test. For a verdict, run the whole suite.",
    ),
    Code(
        "CUT306",
        "recording run",
        "The run recorded goldens (--snapshot-update).",
        "What has just been written down cannot judge.",
        "Review the changed files under snapshots/.",
        "Nothing needs accepting but the goldens, in their review. Then run again without "
        "--snapshot-update.",
    ),
    Code(
        "CUT307",
        "run incomplete",
        "A worker crashed, or the run was interrupted: by Ctrl-C, or by SIGTERM when CI cancels "
        "it.",
        "The tests that are missing might have failed.",
        "The first error of the output; with xdist, run the named test alone.",
        "Missing evidence cannot be accepted: run again.",
    ),
    Code(
        "CUT308",
        "different requests",
        "A test sent the two backends different requests.",
        "Different answers to different questions are no difference.",
        "The report shows both requests. Usual causes: random values, the time, ids of one side "
        "kept in a module.",
        "It cannot be accepted: use backend.unique for new values, and ids from the same side's "
        "answers.",
    ),
    Code(
        "CUT309",
        "evidence not kept",
        "The report could not be written.",
        "A verdict without its evidence cannot be reviewed.",
        "The message has the folder and the reason.",
        "It cannot be accepted: make the folder writable, or give another: --cutover-report DIR",
    ),
    Code(
        "CUT310",
        "one backend on both sides",
        "The two URLs, and what is sent to them, are the same.",
        "A backend always agrees with itself; nothing was seen of any other.",
        "Which URL is the candidate's? Look for a variable or a name that points to the wrong one.",
        "It cannot be accepted: give the candidate's own URL, or the header that leads to it in "
        "[targets.NAME.candidate.headers].",
    ),
)

_CHECKLIST = (
    Code(
        "CUT401",
        "checklist item open",
        "An item of the cutover checklist has no evidence, or its evidence says no.",
        "The team agreed not to switch before it is done.",
        "The report names the item and what satisfies it: a gate, a marked test, a sign-off.",
        "Do what it says. An item is dropped in [checklist], with a reason, where it is reviewed.",
    ),
    Code(
        "CUT402",
        "contract incomplete",
        "An operation of the contract has no documented success, or takes input and has no "
        "documented error.",
        "What is not written down cannot be held, by neither side.",
        "The message names the operation and what it lacks.",
        "Complete the OpenAPI document.",
    ),
    Code(
        "CUT403",
        "contract and baseline",
        "The baseline, which is in service, answered something that the contract does not allow.",
        "The document is wrong: clients live with what the baseline does.",
        "The message has the operation, the status, and where in the answer it is.",
        "Mend the document, and look whether the candidate was built from the mistake.",
    ),
    Code(
        "CUT404",
        "contract and candidate",
        "The candidate answered something that the contract does not allow.",
        "Clients rely on the contract: a status, header or member that it does not name may break "
        "them.",
        "The message has the operation, the status, and where in the answer it is.",
        "Mend the candidate. Where the answer is meant, document it.",
    ),
    Code(
        "CUT405",
        "coverage",
        "A documented status was seen on no side, so nobody knows whether it is at parity.",
        "What no test asks for is not covered by a GO.",
        "The matrix in the report: operation, status, side, and the tests that showed it.",
        "Write the test, or name the cell with a reason in [coverage.ignore].",
    ),
    Code(
        "CUT406",
        "negative coverage",
        "A documented error, or one of [[coverage.scenarios]], is shown by no negative test.",
        "Errors are where two frameworks differ most.",
        "The message names the operation and the status or scenario.",
        'Write a test with @pytest.mark.negative("METHOD /path", scenario="…").',
    ),
    Code(
        "CUT407",
        "never varied",
        "A parameter or property of the contract had one value, or none, in all requests.",
        "A handling of it that differs would not be seen.",
        "The message names them.",
        'Vary them in a test. They fail the gate only with [coverage] varied = "require".',
    ),
    Code(
        "CUT408",
        "monitoring",
        "What was watched after the switch is above its limit, or could not be seen.",
        "Users are on the candidate now. No data is not health.",
        "The message has the values over time and the trigger that fired.",
        "Do what the action says. Limits stand in [checklist.monitoring].",
    ),
    Code(
        "CUT409",
        "not signed",
        "An item that people answer for has no sign-off that counts: none, expired, or another "
        "target's.",
        "A checklist that nobody signed was not walked through.",
        "cutover-signoffs.toml has what was signed, by whom, when and until when.",
        "pytest-cutover sign-off ITEM --target=NAME --by NAME --note WHAT",
    ),
)

CODES: Final[Mapping[str, Code]] = {
    entry.code: entry for entry in (*_PARITY, *_PERFORMANCE, *_EVIDENCE, *_CHECKLIST)
}
"""Every code, in order."""
