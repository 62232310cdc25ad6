"""What a PromQL query selects: its vector selectors, and the query with other matchers in them.

Enough of the language to find selectors: strings, label lists and ranges are told apart from
metric names; nothing is evaluated. Pure; imports the standard library only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

_TOKEN: Final = re.compile(
    r"""(?P<space>\s+|\#[^\n]*)
    | (?P<string>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`)
    | (?P<number>\d[\w.]*|\.\d+)
    | (?P<name>[A-Za-z_:][\w:]*)
    | (?P<operator>=~|!~|!=|==|<=|>=|.)""",
    re.VERBOSE | re.DOTALL,
)
_GROUPING: Final = frozenset(
    {"by", "without", "on", "ignoring", "group_left", "group_right"},
)
_WORDS: Final = frozenset({"and", "or", "unless", "offset", "bool", "atan2", "inf", "nan"})
_ZERO: Final = re.compile(
    r"\bor\s+(?:on\s*\(\s*\)\s*)?\(*\s*vector\s*\(\s*0*(?:\.0*)?\s*\)", re.IGNORECASE
)
_CHANGES: Final = frozenset({"rate", "irate", "increase", "delta", "idelta", "deriv"})
_QUANTILE: Final = "histogram_quantile"


@dataclass(frozen=True, slots=True)
class Matcher:
    """One condition on a label; `value` is the literal with its quotes."""

    label: str
    operator: str
    value: str

    def __str__(self) -> str:
        """Return it as PromQL."""
        return f"{_quoted(self.label)}{self.operator}{self.value}"

    @property
    def text(self) -> str:
        """The value without its quotes."""
        inside = self.value[1:-1]
        return inside if self.value.startswith("`") else re.sub(r"\\(.)", r"\1", inside)

    def matches(self, value: str) -> bool:
        """Say whether a value of the label fulfils it; one that is no pattern for us does."""
        if "~" not in self.operator:
            return (value == self.text) is not self.operator.startswith("!")
        try:
            found = re.fullmatch(self.text, value)
        except re.error:
            return True
        return bool(found) is not self.operator.startswith("!")

    def almost_matches(self, value: str) -> bool:
        """Say whether a value fulfils it but for capital and small letters."""
        try:
            pattern = self.text if "~" in self.operator else re.escape(self.text)
            return re.fullmatch(pattern, value, re.IGNORECASE) is not None
        except re.error:
            return False

    def fits(self, values: Iterable[str]) -> bool:
        """Say whether one of the values fulfils it."""
        return any(map(self.matches, values))


@dataclass(frozen=True, slots=True)
class Selector:
    """`metric{matchers}`, and where it stands in its query."""

    metric: str
    matchers: tuple[Matcher, ...]
    start: int
    end: int

    def __str__(self) -> str:
        """Return it as PromQL."""
        inside = f"{{{','.join(map(str, self.matchers))}}}" if self.matchers else ""
        return f"{self.metric}{inside}"

    def with_matchers(self, matchers: Sequence[Matcher]) -> Selector:
        """Return the same metric under other conditions."""
        return Selector(self.metric, tuple(matchers), self.start, self.end)


@dataclass(frozen=True, slots=True)
class Quantile:
    """`histogram_quantile(share, buckets)`: the buckets are a query of their own."""

    share: float
    buckets: str


def _quoted(label: str) -> str:
    return label if re.fullmatch(r"[A-Za-z_]\w*", label) else f'"{label}"'


def without_zero(query: str) -> str:
    """Return the query without `or vector(0)`, which turns nothing at all into a zero."""
    found = _ZERO.search(query)
    while found:
        opened = found[0].count("(") - found[0].count(")")
        rest = query[found.end() :]
        for _ in range(opened):
            rest = re.sub(r"^\s*\)", "", rest)
        query = f"{query[: found.start()].rstrip()}{rest}"
        found = _ZERO.search(query)
    return query


def selectors(query: str) -> list[Selector]:
    """Return every vector selector of a query, bare metric names among them."""
    return list(_selectors([one for one in _TOKEN.finditer(query) if one.lastgroup != "space"]))


def changes_taken(query: str) -> str:
    """Return the function by which a query gives changes instead of a counter; empty for none."""
    tokens = [one for one in _TOKEN.finditer(query) if one.lastgroup != "space"]
    for token, following in pairwise(tokens):
        if token.lastgroup == "name" and token[0] in _CHANGES and following[0] == "(":
            return token[0]
    return ""


def grouped_sum(query: str, labels: Sequence[str]) -> str | None:
    """Return a query that is one `sum(…)` as the sums by some labels; None for any other form."""
    tokens = [one for one in _TOKEN.finditer(query) if one.lastgroup != "space"]
    if len(tokens) < 4 or tokens[0][0].lower() != "sum" or tokens[1][0] != "(":
        return None
    depth = 0
    for token in tokens[1:]:
        depth += (token[0] == "(") - (token[0] == ")")
        if depth == 0 and token is not tokens[-1]:
            return None
    if depth:
        return None
    return f"sum by ({', '.join(labels)}) {query[tokens[1].start() : tokens[-1].end()]}"


def rewritten(query: str, change: Callable[[Selector], Selector]) -> str:
    """Return the query with each of its selectors changed."""
    for one in reversed(selectors(query)):
        query = f"{query[: one.start]}{change(one)}{query[one.end :]}"
    return query


def quantile_of(query: str) -> Quantile | None:
    """Return the first `histogram_quantile` of a query; None where it has none of a number."""
    tokens = [one for one in _TOKEN.finditer(query) if one.lastgroup != "space"]
    for index, token in enumerate(tokens):
        if token[0] != _QUANTILE or index + 1 == len(tokens) or tokens[index + 1][0] != "(":
            continue
        depth, comma = 0, None
        for part in tokens[index + 1 :]:
            depth += (part[0] in "([{") - (part[0] in ")]}")
            if part[0] == "," and depth == 1 and comma is None:
                comma = part
            if depth == 0 and comma is not None:
                try:
                    share = float(query[tokens[index + 1].end() : comma.start()])
                except ValueError:
                    return None
                return Quantile(share, query[comma.end() : part.start()].strip())
    return None


def _selectors(tokens: Sequence[re.Match[str]]) -> Iterator[Selector]:
    index = 0
    while index < len(tokens):
        token = tokens[index]
        following = tokens[index + 1][0] if index + 1 < len(tokens) else ""
        if token[0] == "[":
            index = _after(tokens, index, "]")
        elif token[0] == "{":
            end = _after(tokens, index, "}")
            yield _braced("", token.start(), tokens[index:end])
            index = end
        elif token.lastgroup != "name":
            index += 1
        elif token[0].lower() in _GROUPING:
            index = _after(tokens, index + 1, ")") if following == "(" else index + 1
        elif following == "{":
            end = _after(tokens, index + 1, "}")
            yield _braced(token[0], token.start(), tokens[index + 1 : end])
            index = end
        else:
            plain = following != "(" and following.lower() not in {"by", "without"}
            if plain and token[0].lower() not in _WORDS:
                yield Selector(token[0], (), token.start(), token.end())
            index += 1


def _after(tokens: Sequence[re.Match[str]], start: int, closing: str) -> int:
    """Return the index behind the next closing token, or the end."""
    for index in range(start, len(tokens)):
        if tokens[index][0] == closing:
            return index + 1
    return len(tokens)


def _braced(metric: str, start: int, tokens: Sequence[re.Match[str]]) -> Selector:
    found: list[Matcher] = []
    inside = tokens[1:-1]
    index = 0
    while index < len(inside):
        label = inside[index]
        name = label[0][1:-1] if label.lastgroup == "string" else label[0]
        if index + 2 < len(inside) and inside[index + 1][0] in {"=", "!=", "=~", "!~"}:
            found.append(Matcher(name, inside[index + 1][0], inside[index + 2][0]))
            index += 3
        else:
            if label.lastgroup == "string":
                found.append(Matcher("__name__", "=", label[0]))
            index += 1
    return Selector(metric, tuple(found), start, tokens[-1].end())
