"""Which values of a baseline are volatile: learned from two recordings of the same test.

`learn` is called after a recording and, where there is no golden, on the spot. What differs
between the recordings becomes a symbol with a format; what did not differ but plainly belongs to
this run (an id that the test did not send, a reading of the clock) becomes one as well.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, fields, replace
from operator import attrgetter

from pytest_cutover.compare.noise import byte_holes
from pytest_cutover.compare.noise.facts import RecordingFacts
from pytest_cutover.compare.noise.learner import Learner
from pytest_cutover.compare.noise.rules import NO_RULES, Active, Rules
from pytest_cutover.core.exchange import Transcript
from pytest_cutover.normalize.body import Body, BodyKind, Parser
from pytest_cutover.normalize.matchers import (
    ObjectPattern,
    Pattern,
    Placeholder,
    changed,
    placeholders,
    renumber,
)
from pytest_cutover.normalize.normalized import (
    Golden,
    NormalizedExchange,
    NormalizedRequest,
    NormalizedResponse,
    normalize,
)
from pytest_cutover.normalize.substitution import Substitution

__all__ = [
    "Golden",
    "Recording",
    "UnsteadyBaseline",
    "learn",
    "learn_from",
    "without_ids_of_the_run",
]


class UnsteadyBaseline(ValueError):  # noqa: N818 - what it is, not that it is an error
    """The baseline does not agree with itself: no noise can be learned. The message says where."""


@dataclass(frozen=True, slots=True)
class Recording:
    """A transcript as the learner sees it, read once however often something is learned from it."""

    test: str
    exchanges: tuple[NormalizedExchange, ...]
    facts: RecordingFacts

    @classmethod
    def of(cls, transcript: Transcript, parsers: Mapping[int, Parser] | None = None) -> Recording:
        """Read a transcript; `parsers` read the JSON of some of its answers."""
        substitution = Substitution.of(transcript)
        seen = normalize(transcript, parsers=parsers, substitution=substitution)
        return cls(transcript.test, seen, RecordingFacts.of(transcript, seen, substitution))


def learn(
    first: Transcript,
    again: Transcript,
    *,
    earlier: Golden | None = None,
    rules: Rules = NO_RULES,
) -> Golden:
    """Return the golden of a test from two recordings of the baseline.

    `earlier` is the golden that was on disk: what was volatile stays so, and a generated-looking
    value or timestamp that differs from the earlier recording becomes `per_run`. `rules` that say
    `unordered` pair the items of the recordings.

    Raises:
        UnsteadyBaseline: the recordings differ in more than values: number of exchanges, status,
            kind of body, or one of them failed.
    """
    one = Recording.of(first)
    other = one if again is first else Recording.of(again)
    return learn_from(one, other, earlier=earlier, rules=rules)


def learn_from(
    first: Recording,
    again: Recording,
    *,
    earlier: Golden | None = None,
    rules: Rules = NO_RULES,
) -> Golden:
    """Return the same from what was read already. Raises as `learn` does."""
    left, right = first.exchanges, again.exchanges
    if len(left) != len(right):
        raise UnsteadyBaseline(
            f"{first.test}: the baseline answered {len(left)} requests, and {len(right)} the next"
            " time; run the test alone and look at what decides how many requests it sends"
        )
    learner = Learner(first.facts, again.facts)
    known = earlier.exchanges if earlier and len(earlier.exchanges) == len(left) else None
    learned = tuple(
        _exchange(learner, index, a, b, known[index] if known else None, rules.at(a.endpoint))
        for index, (a, b) in enumerate(zip(left, right, strict=True))
    )
    if earlier is None and not learner.has_classes:
        return Golden(first.test, learned)
    return Golden(first.test, _numbered(learned))


def _exchange(
    learner: Learner,
    index: int,
    a: NormalizedExchange,
    b: NormalizedExchange,
    earlier: NormalizedExchange | None,
    rules: Active | None,
) -> NormalizedExchange:
    _require_steady(index, a, b)
    assert a.response is not None
    assert b.response is not None
    learner.at(a, b)
    old = earlier or _NOTHING
    was = old.response or NormalizedResponse(0)
    request = NormalizedRequest(
        a.request.method,
        learner.merge(a.request.target, b.request.target, old.request.target),
        learner.merge(a.request.headers, b.request.headers, old.request.headers),
        _body(learner, a.request.body, b.request.body, old.request.body),
    )
    response = NormalizedResponse(
        a.response.status,
        _dated(learner.merge(a.response.headers, b.response.headers, was.headers)),
        _body(learner, a.response.body, b.response.body, was.body, rules),
        a.response.http_version,
    )
    return NormalizedExchange(a.endpoint, request, response)


_NOTHING = NormalizedExchange("", NormalizedRequest("", None))


def _dated(headers: Pattern) -> Pattern:
    """Return the headers with `Date` as what it is by nature: volatile, even where it did not
    vary.
    """
    known = headers.members if isinstance(headers, ObjectPattern) else headers
    if not isinstance(known, dict) or "date" not in known:
        return headers
    optional = headers.optional if isinstance(headers, ObjectPattern) else frozenset()
    return ObjectPattern({**known, "date": Placeholder(("http-date",))}, optional)


def _require_steady(index: int, a: NormalizedExchange, b: NormalizedExchange) -> None:
    where = f"{a.endpoint} (exchange {index + 1})"
    for one in (a, b):
        if one.failure is not None:
            raise UnsteadyBaseline(f"{where}: the baseline failed: {one.failure.message}")
    assert a.response is not None
    assert b.response is not None
    pairs = (
        ("method", a.request.method, b.request.method),
        ("status", a.response.status, b.response.status),
        ("kind of body", a.response.body.kind, b.response.body.kind),
        ("HTTP version", a.response.http_version, b.response.http_version),
    )
    for what, left, right in pairs:
        if left != right:
            raise UnsteadyBaseline(
                f"{where}: the {what} was {left} and then {right} from the same baseline"
            )


def _body(learner: Learner, a: Body, b: Body, earlier: Body, rules: Active | None = None) -> Body:
    old = earlier.tree if earlier.kind is a.kind else None
    if a.kind is BodyKind.BINARY:
        return Body(a.kind, byte_holes.learn(a.tree, b.tree, old), a.problems)
    return Body(a.kind, learner.merge(a.tree, b.tree, old, rules), a.problems)


def _numbered(exchanges: tuple[NormalizedExchange, ...]) -> tuple[NormalizedExchange, ...]:
    """Return the classes numbered by their first appearance, requests before responses."""
    numbers: dict[int, int] = {}
    for tree in (tree for seen in exchanges for tree in trees(seen)):
        for symbol in placeholders(tree):
            if symbol.number is not None:
                numbers.setdefault(symbol.number, len(numbers) + 1)
    if all(old == new for old, new in numbers.items()):
        return exchanges
    return tuple(_with_trees(seen, lambda tree: renumber(tree, numbers)) for seen in exchanges)


_KIND = attrgetter(
    *(one.name for one in fields(Placeholder) if one.name not in ("number", "per_run"))
)


def without_ids_of_the_run(golden: Golden) -> Golden:
    """Return a golden to which an id, a token or a time is any other of its format."""

    known: dict[Hashable, Placeholder] = {}

    def loose(symbol: Placeholder) -> Placeholder:
        kind = _KIND(symbol)
        if kind not in known:
            known[kind] = replace(symbol, per_run=False, number=None)
        return known[kind]

    def loosened(tree: Pattern) -> Pattern:
        return changed(tree, loose)

    return Golden(golden.test, tuple(_with_trees(seen, loosened) for seen in golden.exchanges))


def trees(seen: NormalizedExchange) -> list[Pattern]:
    """Every tree of an exchange, in the order of the wire."""
    found = [seen.request.target, seen.request.headers, seen.request.body.tree]
    if seen.response is not None:
        found += [seen.response.headers, seen.response.body.tree]
    return found


def _with_trees(
    seen: NormalizedExchange, change: Callable[[Pattern], Pattern]
) -> NormalizedExchange:
    def body(old: Body) -> Body:
        return Body(old.kind, change(old.tree), old.problems)

    request, response = seen.request, seen.response
    assert response is not None
    return NormalizedExchange(
        seen.endpoint,
        NormalizedRequest(
            request.method, change(request.target), change(request.headers), body(request.body)
        ),
        NormalizedResponse(
            response.status,
            change(response.headers),
            body(response.body),
            response.http_version,
        ),
    )
