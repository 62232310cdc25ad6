"""Bytes first: which answers need not be read at all, and which are read together."""

from __future__ import annotations

from typing import Any

from pytest_cutover.compare.diff.ids.given_ids import writes
from pytest_cutover.compare.diff.paired_parse import SHORTEST, PairedParse
from pytest_cutover.compare.diff.taken_apart import Bodies
from pytest_cutover.compare.noise import formats
from pytest_cutover.compare.noise.rules import Rules
from pytest_cutover.core.exchange import Exchange, Transcript
from pytest_cutover.normalize.headers import request_tree
from pytest_cutover.normalize.matchers import ObjectPattern, is_plain
from pytest_cutover.normalize.normalized import Golden, NormalizedExchange
from pytest_cutover.normalize.substitution import Substitution


def unread(
    baseline: Transcript,
    candidate: Transcript,
    golden: Golden,
    substitutions: tuple[Substitution, Substitution],
) -> frozenset[int] | None:
    """Return the exchanges whose bodies need not be read: equal bytes, and no noise to look into.

    None where both sides said the very same, so that there is nothing to compare at all. A number
    that varies must not be the same where a test reads it after a write on one database.
    """
    left, right = substitutions
    masks = golden.exchanges
    pairs = list(zip(baseline.exchanges, candidate.exchanges, strict=False))
    equal = [_equal_bodies(one, other, left, right) for one, other in pairs]
    if all(equal) and len(baseline.exchanges) == len(candidate.exchanges):
        same = all(_equal_heads(one, other, left, right) for one, other in pairs)
        may_tell = after_a_write(baseline) if same else ()
        same = same and not any(_may_count(masks[index]) for index in may_tell if masks[index:])
        if same and all(one.failure is other.failure is None for one, other in pairs):
            return None
    else:
        same = False
    return frozenset(
        index
        for index, yes in enumerate(equal)
        if yes and (same or (index < len(masks) and _no_noise(masks[index])))
    )


def same_bytes(baseline: Transcript, candidate: Transcript) -> bool:
    """Whether both sides said the very same, so that no noise needs to be known to compare them."""
    sides = Substitution.of(baseline, candidate), Substitution.of(candidate, baseline)
    return unread(baseline, candidate, Golden(baseline.test), sides) is None


def read_together(
    baseline: Transcript,
    candidate: Transcript,
    golden: Golden,
    rules: Rules,
    substitutions: tuple[Substitution, Substitution],
    bodies: Bodies | None = None,
) -> dict[int, PairedParse]:
    """Return the large answers in which no rule looks: they are read together.

    `bodies` are those that were taken apart before.
    """
    found: dict[int, PairedParse] = {}
    if not in_step(baseline, candidate):
        return found
    known = bodies or Bodies()
    pairs = zip(baseline.exchanges, candidate.exchanges, golden.exchanges, strict=False)
    for index, (one, other, mask) in enumerate(pairs):
        if one.response is None or other.response is None:
            continue
        large = min(len(one.response.body), len(other.response.body)) >= SHORTEST
        if large and mask.response is not None and rules.at(one.endpoint) is None:
            left = substitutions[0].body(one.response.body)
            right = substitutions[1].body(other.response.body)
            pair = known.of(left), known.of(right)
            found[index] = PairedParse(*pair, mask.response.body.tree)
    return found


def _no_noise(mask: NormalizedExchange) -> bool:
    return mask.response is not None and is_plain(mask.response.body.tree)


def _may_count(mask: NormalizedExchange) -> bool:
    """Whether anything of an answer varies but its date."""
    headers = mask.response.headers if mask.response is not None else None
    members = headers.members if isinstance(headers, ObjectPattern) else {}
    varies = any(name != "date" and not is_plain(one) for name, one in members.items())
    return varies or not _no_noise(mask)


def _equal_bodies(one: Exchange, other: Exchange, left: Substitution, right: Substitution) -> bool:
    if one.response is None or other.response is None:
        return False
    if one.response.status != other.response.status:
        return False  # the body is shown, and reviewed, with the status
    if one.response.header("content-type") != other.response.header("content-type"):
        return False
    return left.same_body(one.response.body, right, other.response.body)


def _equal_heads(one: Exchange, other: Exchange, left: Substitution, right: Substitution) -> bool:
    """Whether all but the bodies and the date are equal, so that no id can be confused."""

    def head(exchange: Exchange, substitution: Substitution) -> tuple[Any, ...]:
        assert exchange.response is not None
        headers = [
            (name.lower(), value if name.lower() != "date" else _date(value, exchange.ended_s))
            for name, value in substitution.headers(exchange.response.headers)
        ]
        request = exchange.request
        return (
            request.method,
            substitution.target(request.target),
            substitution.body(request.body),
            request_tree(substitution.headers(request.headers)),
            exchange.response.status,
            exchange.response.http_version,
            headers,
        )

    return head(one, left) == head(other, right)


def in_step(one: Transcript, other: Transcript) -> bool:
    """Return whether both sides were sent requests to the same endpoints, in the same order."""
    left, right = (
        [(each.request.method, each.endpoint) for each in side.exchanges] for side in (one, other)
    )
    return left == right


def after_a_write(transcript: Transcript) -> set[int]:
    """Return the small answers that give ids out, or may show what was made with another id."""
    made = [i for i, one in enumerate(transcript.exchanges) if writes(one.request.method)]
    return {
        index
        for index, one in enumerate(transcript.exchanges)
        if made and index >= made[0] and one.response and len(one.response.body) < SHORTEST
    }


def _date(value: str, ended_s: float) -> tuple[str, int]:
    """Return the form of a date, and by how many quarters of an hour it is off the clock."""
    moment = formats.instant_s(value)
    return formats.format_of(value), round(((moment or ended_s) - ended_s) / 900)
