"""The cases of one operation, in the order of their promise. Imports schemathesis and hypothesis.

Probes, schemathesis' coverage phase (positive and negative) and its random data take turns, so
that a small budget sees all of them; what was already sent is not sent again.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from itertools import chain, cycle, islice, zip_longest
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

import hypothesis
from hypothesis import HealthCheck, Phase
from hypothesis.errors import HypothesisException
from schemathesis import GenerationMode
from schemathesis.core.errors import SchemathesisError

from pytest_cutover.fuzz.generate import bodies, neighbours, probes, queries, rounding
from pytest_cutover.fuzz.generate.case import Call, Case
from pytest_cutover.fuzz.generate.convert import call_of, only_body_is_wrong
from pytest_cutover.fuzz.generate.operations import FuzzOperation
from pytest_cutover.fuzz.generate.storage import generating
from pytest_cutover.fuzz.generate.unique_fields import Entered
from pytest_cutover.openapi.schema import flattened

_FIRST_BATCH: Final = 3
_RANDOM_BATCH: Final = 24
_LARGEST_BATCH: Final = 256
_TIDIED: Final = ("", ".", "..")
# Of each turn. Probes are cheap and telling; random data is neither, sees what nobody expects, and
# comes with every second turn: a small budget does without.
_TURN: Final = (("probe", 5), ("neighbour", 2), ("coverage", 1), ("negative", 1))
_TURN_OF_READS: Final = (("probe", 6), ("coverage", 1), ("negative", 1))
_WITH_RANDOM: Final = (("random", 1),)
_QUERIES_FOR_A_PATH: Final = 3
_FORMS_FOR_A_PATH: Final = 4
_PROBES_FOR_HALVES: Final = 9
_HALVES: Final = 4
_MOST_TOGETHER: Final = 4
_JOINED_BY: Final = {
    "form": ",",
    "spaceDelimited": " ",
    "pipeDelimited": "|",
    "csv": ",",
    "ssv": " ",
    "tsv": "\t",
    "pipes": "|",
}
# A place in a path of which none of these is said is an id: what answers give out goes there.
_LIMITS: Final = frozenset(
    {"enum", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "maxLength", "items"}
)


class CaseGenerator:
    """The cases of one operation; the same seed gives the same cases in the same order."""

    def __init__(self, operation: FuzzOperation, *, seed: int) -> None:
        self._operation = operation
        self._seed = _seed_of(seed, operation.endpoint)
        self._covering: dict[GenerationMode, _Remembered] = {}
        self._strategies: dict[GenerationMode, Any] = {}
        self.skipped = 0
        # What the baseline is known to take: what is refused shows little.
        self.entered: Entered | None = None
        # What its answers hold: a list that is searched for nothing it has shows little.
        self.words: Mapping[str, list[str]] = {}

    def cases(self, limit: int) -> Iterator[Case]:
        """At most `limit` different cases; fewer where the operation has no more to offer."""
        if not self._operation.offered:
            yield from self._bare()
            return
        seen: set[str] = set()
        for case in self._all(limit):
            key = case.key()
            if key in seen:
                continue
            seen.add(key)
            yield case
            if len(seen) >= limit:
                return

    def _bare(self) -> Iterator[Case]:
        """One request by another method: whatever it says of the path, the path is all it has."""
        paths = (call.path for case in self._paths() for call in case.calls)
        for path in islice(paths, 1):
            yield Case((Call(endpoint=self._operation.endpoint, path=path),), "method")

    def _paths(self) -> Iterator[Case]:
        """Return valid requests of the operation that the document does have there."""
        inner = self._operation.inner
        lent = replace(self._operation, endpoint=f"{inner.method.upper()} /", offered=True)
        return iter(CaseGenerator(lent, seed=0)._coverage(GenerationMode.POSITIVE))

    def bases(self) -> list[Call]:
        """Return valid requests, the smallest and the largest among them."""
        return [case.calls[0] for case in islice(self._coverage(GenerationMode.POSITIVE), 60)]

    def _all(self, limit: int) -> Iterator[Case]:
        sources = {
            "probe": self._probes(),
            "neighbour": self._neighbours(),
            "coverage": self._coverage(GenerationMode.POSITIVE),
            "negative": self._coverage(GenerationMode.NEGATIVE),
            "random": self._random(limit),
        }
        if self.entered is not None:
            for case in islice(self._coverage(GenerationMode.POSITIVE), 1):
                yield Case((replace(case.calls[0], body=dict(self.entered.body)),), "probe")
        turn = _TURN if self._operation.json_body is not None else _TURN_OF_READS
        sources = {name: sources[name] for name, _ in turn + _WITH_RANDOM}
        dry = 0
        for share in cycle((turn, turn + _WITH_RANDOM)):
            if not sources or dry >= 20 * limit + 200:
                return
            for name, count in share:
                if name in sources:
                    cases = list(islice(sources[name], count))
                    dry += count
                    yield from map(self._let_in, cases)
                    if len(cases) < count:
                        del sources[name]

    def _probes(self) -> Iterator[Case]:
        calls = self.bases()
        with_body = [call for call in calls if not isinstance(call.body, bytes)]
        if self._operation.json_body is not None and with_body:
            first = with_body[0]
            schema = self._operation.body_schema
            known = [call.body for call in with_body]
            bases: list[Any] = [body for body in known if isinstance(body, dict)]
            bases = bases or [body for body in known if isinstance(body, list)] or [first.body]
            small, large = min(bases, key=_length), max(bases, key=_length)
            valid = dict(self.entered.body) if self.entered else large
            halves = rounding.bodies(schema, valid)
            varied = bodies.bodies(
                schema,
                small,
                valid,
                valid=self._operation.is_valid,
                seed=self._seed,
                taken=self.entered.body if self.entered else None,
                others=bases,
            )
            # Now and then amounts that come to a half, of each row that can be had.
            while turn := [*islice(varied, _PROBES_FOR_HALVES), *islice(halves, _HALVES)]:
                yield from (Case((replace(first, body=one),), "probe") for one in turn)
        elif calls:
            yield Case((calls[0],), "probe")
            asked, filled = self._asked(calls[0]), self._filled(calls[0])
            paths = chain(self._listed_paths(calls[0]), self._other_paths(calls[0]))
            while turn := [
                case
                for source, count in (
                    (asked, _QUERIES_FOR_A_PATH),
                    (filled, _FORMS_FOR_A_PATH),
                    (paths, 2),
                )
                for case in islice(source, count)
            ]:
                yield from turn

    def _filled(self, call: Call) -> Iterator[Case]:
        """Yield the call with its form filled in as tells; nothing where it has none."""
        schema = self._operation.form_schema
        if not schema or not isinstance(call.body, bytes):
            return
        flat = flattened(schema, schema)
        members, required = flat.get("properties"), flat.get("required")
        parameters = [
            queries.Parameter(str(name), told, name in (required or ()))
            for name, one in (members.items() if isinstance(members, dict) else ())
            if (told := flattened(one, schema)).get("type") != "object"
        ]
        if not parameters:
            return
        given = dict(parse_qsl(call.body.decode("utf-8", "replace")))
        made = queries.queries(parameters, known=self.words, given=given, seed=self._seed)
        for fields, valid in made:
            form = urlencode(fields).encode()
            yield Case((replace(call, body=form, rest_valid=valid),), "probe")

    def _asked(self, call: Call) -> Iterator[Case]:
        """Yield the call with queries that tell; nothing where it has no query."""
        parameters = [
            parameter for one in self._operation.inner.query for parameter in _parameters(one)
        ]
        if not parameters:
            return
        made = queries.queries(
            parameters, known=self.words, given=dict(call.query), seed=self._seed
        )
        for query, valid in made:
            yield Case((replace(call, query=query, rest_valid=valid),), "probe")

    def _listed_paths(self, call: Call) -> Iterator[Case]:
        """Yield the call with what the document allows in its path: each value, then two at once;
        between them what is beyond its bounds.
        """
        allowed: dict[str, list[str]] = {}
        beyond: list[tuple[str, str]] = []
        for one in self._operation.inner.path_parameters:
            schema, name = one.validation_schema, str(one.name)
            if not isinstance(schema, dict) or name not in call.path:
                continue
            if _LIMITS.isdisjoint(flattened(schema, schema)):
                continue
            found, wrong = queries.values_of(queries.Parameter(name, schema), {})
            if flattened(schema, schema).get("type") == "array" and len(found) > 1:
                found.append(",".join(found[:2]))
            if len(found) > 1:
                allowed[name] = found
            beyond += [(name, value) for value in wrong]
        left_over = iter(beyond)
        first = {**call.path, **{name: found[0] for name, found in allowed.items()}}
        chosen = [{**first, name: value} for name, found in allowed.items() for value in found]
        others = zip_longest(*(reversed(found) for found in allowed.values()))
        chosen += [
            {**first, **{name: value for name, value in zip(allowed, turn, strict=True) if value}}
            for turn in islice(others, _MOST_TOGETHER)
        ]
        for path in chosen:
            yield Case((replace(call, path=path),), "probe")
            for name, value in islice(left_over, 1):
                if value and value not in _TIDIED:
                    changed = replace(call, path={**first, name: value}, rest_valid=False)
                    yield Case((changed,), "probe")

    def _other_paths(self, call: Call) -> Iterator[Case]:
        names = list(call.path)
        streams = [probes.texts(self._seed, call.path[name]) for name in names]
        for turn in zip(*streams, strict=True) if names else ():
            for name, text in zip(names, turn, strict=True):
                if text not in _TIDIED:
                    yield Case((replace(call, path={**call.path, name: text}),), "probe")

    def _neighbours(self) -> Iterator[Case]:
        calls = [call for call in self.bases() if isinstance(call.body, dict)]
        if self._operation.json_body is not None and calls:
            first = max(calls, key=lambda call: len(call.body))
            valid = dict(self.entered.body) if self.entered else first.body
            for body in neighbours.bodies(self._operation.body_schema, valid):
                yield Case((replace(first, body=body),), "neighbour")

    def _coverage(self, mode: GenerationMode) -> Iterator[Case]:
        if mode not in self._covering:
            self._covering[mode] = _Remembered(self._covered(mode))
        return iter(self._covering[mode])

    def _covered(self, mode: GenerationMode) -> Iterator[Case]:
        """Made one by one: some take schemathesis a fifth of a second, and few are needed."""
        inner = self._operation.inner
        config = inner.schema.config.generation_for(operation=inner, phase="coverage")
        found = iter(
            inner.schema.iter_coverage_cases(
                operation=inner, generation_modes=[mode], generation_config=config
            )
        )
        while True:
            try:
                with generating():
                    case = next(found)
            except StopIteration:
                return
            except (SchemathesisError, HypothesisException, ValueError, RecursionError):
                self.skipped += 1
                return
            yield from self._converted([case], "coverage", valid=mode is GenerationMode.POSITIVE)

    def _random(self, limit: int) -> Iterator[Case]:
        """Random data of both modes, in growing batches: starting hypothesis costs ten cases."""
        modes = [GenerationMode.POSITIVE]
        modes += [GenerationMode.NEGATIVE] if self._can_be_wrong() else []
        seen: set[str] = set()
        size, drawn, most = _FIRST_BATCH, 0, max(_RANDOM_BATCH, limit // 4)
        while modes and drawn < most:
            for mode in tuple(modes):
                before = len(seen)
                batch = self._drawn(mode, self._seed + drawn, size)
                drawn += size
                for case in self._converted(batch, "random", valid=mode is GenerationMode.POSITIVE):
                    if case.key() not in seen:
                        seen.add(case.key())
                        yield case
                if len(seen) - before < size // 8 + 1:
                    modes.remove(mode)  # it has next to nothing new to offer
            size = max(1, min(size * 4, _LARGEST_BATCH, (most - drawn) // 2))

    def _can_be_wrong(self) -> bool:
        """Whether negative data exists: any text is a path parameter, and finding out is slow."""
        inner = self._operation.inner
        if any(len(list(part)) for part in (inner.body, inner.query, inner.headers, inner.cookies)):
            return True
        return any(
            not isinstance(one.validation_schema, dict)
            or one.validation_schema.get("type") != "string"
            for one in inner.path_parameters
        )

    def _drawn(self, mode: GenerationMode, seed: int, size: int) -> list[Any]:
        drawn: list[Any] = []
        if mode not in self._strategies:
            with generating():
                made = self._operation.inner.as_strategy(generation_mode=mode)
            self._strategies[mode] = made
        strategy = self._strategies[mode]
        settings = hypothesis.settings(
            max_examples=size,
            database=None,
            deadline=None,
            derandomize=False,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
            verbosity=hypothesis.Verbosity.quiet,
        )

        def keep(case: Any) -> None:
            drawn.append(case)

        run = hypothesis.seed(seed)(settings(hypothesis.given(case=strategy)(keep)))
        try:
            with generating():
                run()
        except (HypothesisException, SchemathesisError, ValueError, RecursionError):
            self.skipped += 1
        return drawn

    def _converted(self, found: list[Any], origin: str, *, valid: bool) -> Iterator[Case]:
        for case in found:
            if case.method.upper() != self._operation.method:
                continue  # methods outside the schema are not of this operation
            try:
                call = call_of(case, self._operation.endpoint)
            except (SchemathesisError, ValueError, TypeError, AttributeError, KeyError):
                self.skipped += 1
                continue
            if any(value in _TIDIED for value in call.path.values()):
                continue  # clients tidy such a path away: it would be another endpoint
            yield Case((replace(call, rest_valid=valid or only_body_is_wrong(case)),), origin)

    def _let_in(self, case: Case) -> Case:
        """Return the case with what the baseline takes in place of what nobody chose.

        What the document allows is more than what a backend takes. Of a body that is usual but for
        one value, only that value is to be judged; fields for which any body is refused are left
        out.
        """
        call = case.calls[0]
        if self.entered is None or case.origin == "probe" or not isinstance(call.body, dict):
            return case
        body = dict(call.body)
        if call.rest_valid and case.origin == "coverage":
            for name, value in self._usual.items():
                if name in body and name in self.entered.body and _same(body[name], value):
                    body[name] = self.entered.body[name]
        for name in self.entered.refused if self._operation.is_valid(call.body) else ():
            body.pop(name, None)
        return replace(case, calls=(replace(call, body=body),))

    @cached_property
    def _usual(self) -> Mapping[str, Any]:
        """The values that a body has where nothing of it is chosen."""
        bodies = [call.body for call in self.bases() if isinstance(call.body, dict)]
        return max(bodies, key=len, default={})


def _parameters(one: Any) -> Iterator[queries.Parameter]:
    """Yield a parameter of the query; an object is sent as one for each of its members."""
    schema = one.validation_schema
    if not isinstance(schema, dict):
        return
    members = flattened(schema, schema).get("properties")
    definition = getattr(one, "definition", None)
    definition = definition if isinstance(definition, dict) else {}
    style = definition.get("style")
    if not isinstance(members, dict) or not members:
        joined_by = _joined_by(definition)
        yield queries.Parameter(str(one.name), schema, bool(one.is_required), joined_by)
        return
    for name, inner in members.items():
        sent = f"{one.name}[{name}]" if style == "deepObject" else str(name)
        yield queries.Parameter(sent, flattened(inner, schema))


def _joined_by(definition: Mapping[str, Any]) -> str:
    """Return what stands between the values of a list; nothing where its name is given again."""
    if "schema" not in definition and "content" not in definition:  # as Swagger 2.0 has it
        return _JOINED_BY.get(str(definition.get("collectionFormat", "csv")), "")
    style = str(definition.get("style", "form"))
    return "" if definition.get("explode", style == "form") else _JOINED_BY.get(style, "")


def _length(body: Any) -> int:
    return len(body) if isinstance(body, dict | list) else 0


def _same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and bool(one == other)


class _Remembered:
    """What an iterator gives, made when it is first needed and there for everybody after that."""

    def __init__(self, source: Iterator[Case]) -> None:
        self._source = source
        self._known: list[Case] = []

    def __iter__(self) -> Iterator[Case]:
        place = 0
        while True:
            while place < len(self._known):
                yield self._known[place]
                place += 1
            case = next(self._source, None)
            if case is None:
                return
            self._known.append(case)


def _seed_of(seed: int, endpoint: str) -> int:
    """Return a seed of this operation alone: adding another one does not change its cases."""
    digest = hashlib.sha256(f"{seed} {endpoint}".encode()).digest()
    return int.from_bytes(base64.b16decode(digest.hex()[:12].upper()), "big")
