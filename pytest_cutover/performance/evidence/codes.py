"""What the blockers of measuring mean: latencies, errors, load and resources."""

from __future__ import annotations

from typing import Final

from pytest_cutover.core.codes import Code, Severity


def _raised(key: str, table: str = "[performance.endpoints]") -> str:
    return (
        f"Where the limit is wrong, {key} in {table} of cutover.toml is changed, with a comment on "
        "who agreed and why, and reviewed like code. Measure again before that: the baseline meets "
        "the limit on the same machine. Where it is right and can wait, it is waived until a day: "
        "an entry in cutover-accepted.toml with the endpoint, the key and both limits, as the "
        "page on performance shows."
    )


CODES: Final = (
    Code(
        "CUT201",
        "p99",
        Severity.BREAK,
        "More than 1 % of the candidate's requests were slower than the P99 limit.",
        "The slowest requests are what users remember. The test may stop at any time with an error "
        "of at most 5 %; a point estimate would flip between two runs.",
        "The report has the samples, how many exceeded the limit, and whether they came in bursts.",
        _raised("p99_ms"),
    ),
    Code(
        "CUT202",
        "p50 regression",
        Severity.BREAK,
        "The candidate's median is above the baseline's by more than is allowed.",
        "Pairs taken side by side share the machine's mood: the candidate itself is slower.",
        "Compare the ratio with its interval, and the noise of the baseline against itself.",
        _raised("p50_regression or p50_floor_ms"),
    ),
    Code(
        "CUT203",
        "p50",
        Severity.BREAK,
        "The candidate's median is above its limit.",
        "The ordinary request is too slow.",
        "See whether the baseline meets the limit on this machine: if not, it is inconclusive.",
        _raised("p50_ms"),
    ),
    Code(
        "CUT204",
        "p95",
        Severity.BREAK,
        "More than 5 % of the candidate's requests were slower than the P95 limit.",
        "One request in twenty is too slow.",
        "The report has the samples and how many exceeded the limit.",
        _raised("p95_ms"),
    ),
    Code(
        "CUT205",
        "max",
        Severity.BREAK,
        "Two or more requests took over twice the limit, and over the run such outliers are proven "
        "to be the candidate's: chance would have struck the baseline as often.",
        "Rare stalls hold connections and queues. One alone is a warning.",
        "Look at the times of the two: a pause every so often, or the first request of a worker.",
        _raised("max_ms"),
    ),
    Code(
        "CUT206",
        "error rate",
        Severity.HARM,
        "The share of the candidate's requests that failed is not below the limit.",
        "Errors that appear under measurement appear under traffic. A status other than the first "
        "one counts as failed: a fast 409 is no latency.",
        "The report has the errors by endpoint and kind; the candidate's log has the cause.",
        _raised("error_rate", "[performance]"),
    ),
    Code(
        "CUT207",
        "load degradation",
        Severity.BREAK,
        "With many users at once the candidate degrades against the baseline.",
        "What holds for one user does not hold for many: a pool, a lock, a single worker.",
        "Compare both sides per slice; look at CPU and connections in the same seconds.",
        _raised("p50_regression, or users,", "[performance]"),
    ),
    Code(
        "CUT208",
        "memory",
        Severity.BREAK,
        "The candidate's resident memory grows with each request by more than is allowed.",
        "At traffic it will run out. Growth is the slope of the smallest size per slice, after "
        "warm-up, with its interval.",
        "The report plots it. Take heap snapshots some thousand requests apart.",
        _raised("memory_bytes_per_request", "[performance]"),
    ),
    Code(
        "CUT209",
        "pool",
        Severity.BREAK,
        "Connections to the database passed their bound, ran out, or did not come back.",
        "The database serves others too, and a connection that is lost is lost until a restart.",
        "Look for paths that leave without giving a connection back: errors, time-outs.",
        "It cannot be accepted: mend the candidate's pool. A connection that is lost stays lost.",
    ),
    Code(
        "CUT211",
        "load p50, p99",
        Severity.BREAK,
        "Under load the candidate's P50 or P99 is above its limit.",
        "Limits hold for the traffic that is expected, not only for a quiet machine.",
        "See whether the generator was saturated, and whether the baseline meets the limit.",
        _raised("load_p50_ms or load_p99_ms"),
    ),
    Code(
        "CUT212",
        "busy machine",
        Severity.BREAK,
        "The machine was so busy that several gates on latency are left open, which it names.",
        "Where processes wait for a core, backends do too: figures in milliseconds are about the "
        "machine then. It is no excuse: a candidate that is slower than the baseline fails.",
        "The report plots how much of the time processes waited. See what else ran meanwhile.",
        "It cannot be accepted: measure again on a quiet machine, or with a larger budget_s.",
    ),
    Code(
        "CUT213",
        "throttled",
        Severity.BREAK,
        "A side answered 429 (too many requests), and several gates are left open for it.",
        "A refusal is fast and is no latency. Where the candidate alone refuses, so it will after "
        "the switch: somebody must know of that limit.",
        "The message says which side refused, how often, and which gates are open.",
        "It cannot be accepted: lower the request-rate cap of the target, or lift the backend's "
        "limit for this client, and measure again.",
    ),
)
