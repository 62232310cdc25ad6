"""What of a changed answer no client could tell from the original: another id, another time.

Told by expressions of the services' own tests, which share nothing with the comparer. What a golden
holds to its type alone is looked for in the golden, for there the comparer says itself that it
does not look.
"""

from __future__ import annotations

import importlib
import json
import re
from contextlib import suppress
from typing import Any

import yaml

from benchmarks.mutations import Path, noise_at
from benchmarks.reference_transcripts import Recorded
from pytest_cutover.compare.noise.constraints import conforms, is_type_alone, type_named
from pytest_cutover.core.exchange import Exchange
from pytest_cutover.normalize.matchers import Placeholder
from pytest_cutover.normalize.normalized import normalize
from tests.services.plain import normal
from tests.services.runs import SERVICES

TYPE = "a leaf held to its type alone"
COURSE = "a number held to its course"
_NEAR_S, _LEAST_EPOCH_S = 0.05, 1.7e9

# What `made_answers` makes anew: its clock stands at an older noon.
_MADE = re.compile(
    r"(?P<iso>\b2026-03-0\dT1[12]:\d\d:\d\d\.\d{3}Z)"
    r"|(?P<stamp>\b2026030\dT1[12]\d{4}Z)"
    r"|(?P<cookie>(?<==)[\w-]{16,40}(?=[;\"]))"
    r"|(?P<token>(?<![\w-])[\w-]{16}(?= with))"
    r"|(?P<nonce>(?<=nonce=\")[\w-]{22}(?=\"))"
    r"|(?P<chat>chat-[\w-]{24}(?=\"))"
    r"|(?P<http>\w{3}, \d\d Mar 2026 \d\d:\d\d:\d\d GMT)"
)
# Names of elements and attributes of HTML, and of properties of a calendar: of any case.
_TAG = re.compile(r"<(?:\"[^\"]*\"|'[^']*'|[^'\">])*>")
_NAME = re.compile(r"(?:(?<=<)|(?<=</)|(?<=<!)|(?<=\s))[a-zA-Z][\w:-]*")
_VALUE = re.compile(r"\"[^\"]*\"|'[^']*'|=[^\s>\"']+")
_PROPERTY = re.compile(r"(?im)^[\w-]+(?=[:;])|(?<=^BEGIN:)\w+|(?<=^END:)\w+")
# What of a service's answers depends on the clock or on chance beside times and ids.
_VARYING = [importlib.import_module(f"tests.services.{name}").SERVICE.varying for name in SERVICES]


def may_stand(plain: Exchange, mutated: Exchange) -> bool:
    """Whether an answer is as good as another, ids, tokens and times aside."""
    if plain.response is None or mutated.response is None:
        return False
    return (
        _named(plain) == _named(mutated)
        or _same_yaml(plain, mutated)
        or _is_whole_second(plain, mutated)
    )


def _is_whole_second(plain: Exchange, mutated: Exchange) -> bool:
    """Whether all that differs is a moment in seconds that became the whole second beside it: of a
    thousand times one is whole, and JavaScript writes it without a fraction.
    """
    assert plain.response is not None
    assert mutated.response is not None
    try:
        one, other = (json.loads(e.response.body) for e in (plain, mutated) if e.response)
    except ValueError:
        return False
    apart = [(_at(one, path), value) for path, value in _departing(one, other, ())]
    return bool(apart) and all(
        isinstance(before, float)
        and isinstance(now, int)
        and 0 < now - before < _NEAR_S
        and before > _LEAST_EPOCH_S
        for before, now in apart
    )


def _at(tree: Any, path: Path) -> Any:
    for token in path:
        tree = tree[token]
    return tree


def _same_yaml(plain: Exchange, mutated: Exchange) -> bool:
    """Whether two documents say the same but for comments and the order of keys."""
    assert plain.response is not None
    assert mutated.response is not None
    if "yaml" not in (plain.response.header("content-type") or ""):
        return False
    try:
        one, other = (yaml.safe_load(e.response.body) for e in (plain, mutated) if e.response)
    except yaml.YAMLError:
        return False
    return bool(one == other)


def _named(exchange: Exchange) -> tuple[Any, ...]:
    assert exchange.response is not None
    response, names = exchange.response, dict[str, str]()

    def name(text: str) -> str:
        text = normal(_MADE.sub(lambda found: f"<{found.lastgroup}>", text), names)
        for expression in filter(None, _VARYING):
            text = re.sub(expression, "<varying>", text)
        return text

    text = response.body.decode("utf-8", "replace")
    with suppress(ValueError):
        text = json.dumps(json.loads(text))
    # Before anything is named: what varies may end where a tag begins.
    if "html" in (response.header("content-type") or ""):
        text = _TAG.sub(lambda found: _with_small_names(found[0]), text)
    elif "calendar" in (response.header("content-type") or ""):
        text = _PROPERTY.sub(lambda found: found[0].upper(), text)
    return response.status, [(key, name(value)) for key, value in response.headers], name(text)


def _with_small_names(tag: str) -> str:
    """An element's tag, its name and those of its attributes in small letters."""
    values = _VALUE.findall(tag)
    pieces = _VALUE.split(tag)
    small = [_NAME.sub(lambda found: found[0].lower(), f" {one}")[1:] for one in pieces]
    return "".join(piece + value for piece, value in zip(small, [*values, ""], strict=True))


def held_to(plain: Recorded, mutated: Recorded, index: int) -> str:
    """What alone the golden holds to where all departs: `TYPE`, `COURSE`; empty for more."""
    mask = plain.golden.exchanges[index].response if index < len(plain.golden.exchanges) else None
    one, other = (normalize(side.candidate)[index].response for side in (plain, mutated))
    if mask is None or one is None or other is None or one.headers != other.headers:
        return ""
    places = _departing(one.body.tree, other.body.tree, ())
    noise = [(noise_at(mask.body.tree, path), value) for path, value in places]
    if places and all(
        isinstance(known, Placeholder) and conforms(value, known.formats) for known, value in noise
    ):
        names = [known.formats for known, _ in noise if isinstance(known, Placeholder)]
        if all(map(is_type_alone, names)):
            return TYPE
        if all(type_named(name) == "number" for formats in names for name in formats):
            return COURSE
    return ""


def _departing(one: Any, other: Any, path: Path) -> list[tuple[Path, Any]]:
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        return [at for key in one for at in _departing(one[key], other[key], (*path, key))]
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        both = enumerate(zip(one, other, strict=True))
        return [at for n, (a, b) in both for at in _departing(a, b, (*path, n))]
    return [] if one == other and type(one) is type(other) else [(path, other)]
