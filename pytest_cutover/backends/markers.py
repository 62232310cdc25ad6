"""What the markers of a test say, and which endpoint a request of it belongs to."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote

import pytest

from pytest_cutover.backends.http.recorder import Recorder
from pytest_cutover.backends.redaction.likeness import looks_generated
from pytest_cutover.backends.session import AGAIN, COMPARED, CROSSOVER
from pytest_cutover.core.endpoint import Endpoint, EndpointIndex, match, parse
from pytest_cutover.core.errors import InvalidValueError
from pytest_cutover.core.exchange import Side

_MARK = pytest.StashKey["MarkedTest | None"]()
_IDENTIFIER = re.compile(
    r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
    r"|[0-9a-fA-F]{16,}|[0-9]+"
)

_LONG_TOKEN = 24
_FEWEST_DIGITS = 3
_LONG_WORD = re.compile("[a-z]{8}")
# A word that somebody wrote begins a part of the name, and ends one.
_WRITTEN_WORD = re.compile("(?:^|[-_.~])[A-Za-z]?[a-z]{7,}(?:$|[-_.~])")
_FEWEST_OF_A_KIND = 2

_OURS = (*COMPARED, CROSSOVER, "perf", "checklist")
_FIXTURES = frozenset(
    {
        *("backend", "async_backend", "baseline", "candidate"),
        *("paired_benchmark", "cutover_load", "cutover_check", "cutover_context"),
    }
)
_SIDE = re.compile(r"(-|\[)(?:baseline|candidate|baseline-again)\]$")


@dataclass(frozen=True, slots=True)
class MarkedTest:
    """The marker of a test. `complaint` says what is wrong with it, if anything is."""

    name: str
    endpoints: tuple[Endpoint, ...]
    scenario: str | None = None
    complaint: str | None = None


def marked(item: pytest.Item) -> MarkedTest | None:
    """Return the marker that makes an item ours, read once."""
    if _MARK not in item.stash:
        item.stash[_MARK] = _read(item)
    return item.stash[_MARK]


def is_evidence(item: pytest.Item) -> bool:
    """Say whether a verdict may rest on an item: by a marker of ours, or by what it is given."""
    given = _FIXTURES.intersection(getattr(item, "fixturenames", ()))
    return bool(given) or any(item.get_closest_marker(name) for name in _OURS)


def _read(item: pytest.Item) -> MarkedTest | None:
    marks = [
        mark
        for name in (*COMPARED, CROSSOVER)
        if (mark := item.get_closest_marker(name)) is not None
    ]
    if not marks:
        return None
    mark, test = marks[0], test_name(item)
    form = f'@pytest.mark.{mark.name}("METHOD /path/{{template}}")'
    if len({one.name for one in marks}) > 1:
        names = " and ".join(one.name for one in marks)
        complaint = f"{test} is marked {names}.\nExpected one of them. Remove the other."
        return MarkedTest(mark.name, (), None, complaint)
    if not mark.args:
        complaint = f"{test}: the marker {mark.name} names no endpoint.\nExpected {form}."
        return MarkedTest(mark.name, (), None, complaint)
    endpoints = []
    for text in mark.args:
        try:
            endpoints.append(parse(str(text)))
        except InvalidValueError as error:
            complaint = f"{test}: marker {mark.name}({text!r}): {error}"
            return MarkedTest(mark.name, (), None, complaint)
    unknown = sorted(set(mark.kwargs) - {"scenario"})
    if unknown:
        complaint = (
            f"{test}: the marker {mark.name} has no argument `{unknown[0]}`.\n"
            f'Expected {form} or, in addition, scenario="…".'
        )
        return MarkedTest(mark.name, (), None, complaint)
    scenario = mark.kwargs.get("scenario")
    return MarkedTest(mark.name, tuple(endpoints), None if scenario is None else str(scenario))


def test_name(item: pytest.Item) -> str:
    """The node id as messages say it: one for both sides of a test."""
    return _SIDE.sub(lambda found: "]" if found[1] == "-" else "", item.nodeid)


def split_side(item: pytest.Item) -> tuple[str, str]:
    """Return the node id without the side, and the side as written in the id; ``""`` without one.

    The side is the last part of the id: the sides are parametrized last.
    """
    parameters = getattr(getattr(item, "callspec", None), "params", {})
    variant = parameters.get("backend")
    if marked(item) is None or variant not in (str(Side.BASELINE), str(Side.CANDIDATE), AGAIN):
        return item.nodeid, ""
    nodeid = item.nodeid
    for ending in (f"-{variant}]", f"[{variant}]"):
        if nodeid.endswith(ending):
            rest = nodeid.removesuffix(ending)
            return (f"{rest}]" if ending.startswith("-") else rest), variant
    return nodeid, variant


def endpoint_finder(
    mark: MarkedTest | None, recorder: Recorder, known: EndpointIndex
) -> Callable[[str, str], str]:
    """Return what finds the endpoint of a request.

    It is one of the marker's, else one that another marker or the contract names (`known`), else
    the path with its ids taken out.
    """
    endpoints = mark.endpoints if mark else ()

    def find(method: str, path: str) -> str:
        found = match(method, path, endpoints) or known.find(method, path)
        if found is not None:
            return str(found)
        for endpoint in endpoints:
            other = Endpoint(method.upper(), endpoint.template)
            if other.matches(method, path):
                return str(other)
        values = [generated.value for generated in recorder.generated]
        segments = [
            "{}" if _is_id(segment) or any(v in segment for v in values) else segment
            for segment in path.split("/")
        ]
        return f"{method.upper()} {'/'.join(segments)}"

    return find


def _is_id(segment: str) -> bool:
    """Whether a segment names one thing: an id, or a token that an answer gave out.

    A name of words in capitals (`OAuth2TokenEndpoint`) has few digits, or a long word.
    """
    if _IDENTIFIER.fullmatch(segment):
        return True
    text = unquote(segment)
    if len(text) < _LONG_TOKEN and sum(map(str.isdigit, text)) < _FEWEST_DIGITS:
        return False
    if _LONG_WORD.search(text) and not _is_long_code(text):
        return False
    return looks_generated(text) or looks_generated(re.sub("[_-]", "", text))


def _is_long_code(text: str) -> bool:
    """Whether a text with eight small letters in a row is a code all the same, as one of fifty of
    43 signs is: with digits and capitals around them.
    """
    if _WRITTEN_WORD.search(text):
        return False
    rest = _LONG_WORD.sub("", text)
    of_a_kind = sum(map(str.isdigit, rest)), sum(map(str.isupper, rest))
    return (
        min(of_a_kind) >= _FEWEST_OF_A_KIND and len(rest) >= _LONG_TOKEN and looks_generated(rest)
    )
