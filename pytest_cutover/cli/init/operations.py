"""Which operations a backend answers to a GET: the plain ones, and those of a row that it lists."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, urlsplit

from pytest_cutover.cli.init.asking import Asker
from pytest_cutover.openapi.document import ApiDocument

# Reading these does more than reading, or says another thing each time.
_LEFT_ALONE: Final = re.compile(
    r"log-?out|sign-?out|delete|remove|shutdown|reset|metrics|random|stream|events|drip|delay|"
    r"export|download|(^|/)(status|stats|uptime)$"
)
_PLACEHOLDER: Final = re.compile(r"\{[^{}]+\}")
_MOST_ASKED: Final = 40


@dataclass(frozen=True, slots=True)
class Operation:
    """A GET that the baseline answers.

    `taken_from` is the list whose first row names the last segment, by `keys` into its JSON;
    `unknown` is a last segment that nobody has, which the baseline refuses with `status`.
    """

    template: str
    path: str
    status: int
    taken_from: str = ""
    keys: tuple[str | int, ...] = ()
    unknown: str = ""


def operations_of(
    asker: Asker, document: ApiDocument | None, *, named: str, health: str
) -> Iterator[Operation]:
    """Yield what the baseline answers, the plainest first; each template once."""
    seen: set[str] = set()
    for operation in _candidates(asker, document, named=named, health=health):
        if operation.template not in seen or operation.unknown:
            seen.add(operation.template)
            yield operation


def _candidates(
    asker: Asker, document: ApiDocument | None, *, named: str, health: str
) -> Iterator[Operation]:
    known = [] if document is None else list(templates(document))
    plain = [one for one in known if "{" not in one]
    given = [named] if named else []
    for path in (*given, *([health] if health else []), *plain[:_MOST_ASKED]):
        yield from _plain(asker, path)
    if document is None:
        yield from _linked(asker)
    yield from _below_rows(asker, [one for one in known if one not in plain])


def templates(document: ApiDocument) -> Iterable[str]:
    """Yield what may be asked by GET without doing more than reading."""
    for operation in document.operations:
        template = operation.endpoint.template
        if operation.endpoint.method == "GET" and not _LEFT_ALONE.search(template.lower()):
            yield template


def _plain(asker: Asker, path: str, template: str = "") -> Iterator[Operation]:
    answer = asker.get(path)
    if (answer.is_success and not answer.is_page) or answer.is_refused:
        yield Operation(template or path.partition("?")[0], path, answer.status)


def _below_rows(asker: Asker, templates: Iterable[str]) -> Iterator[Operation]:
    """Yield templates with placeholders, filled from the first rows of what stands above them."""
    # What was asked for each shape: /shops/{} by /shops/7. The shortest first, for the others.
    instances: dict[str, str] = {}
    for template in sorted(templates, key=lambda one: one.count("/"))[:_MOST_ASKED]:
        above, _, last = template.rpartition("/")
        where = instances.get(_shape(above), "") if "{" in above else above
        if not where:
            continue
        if not _PLACEHOLDER.fullmatch(last):
            found = list(_plain(asker, f"{where}/{last}", template))
        else:
            found = list(_of_a_row(asker, template, where))
        for one in found:
            if one.status < 300:
                instances[_shape(template)] = one.path
        yield from found


def _shape(template: str) -> str:
    return _PLACEHOLDER.sub("{}", template)


def _linked(asker: Asker) -> Iterator[Operation]:
    """Without a document: what a JSON answer at the root links to."""
    for root in ("/", "/api", "/api/", "/api/v1", "/v1"):
        yield from _plain(asker, root)
        base = urlsplit(asker.url).path
        for link in dict.fromkeys(_links(asker.get(root).json)):
            path = link.removeprefix(asker.origin)
            if path.startswith("/") and "{" not in path and not _LEFT_ALONE.search(path.lower()):
                yield from _plain(asker, path.removeprefix(base))


def _links(value: Any) -> Iterator[str]:
    if isinstance(value, str) and re.match(r"https?://|/[A-Za-z]", value):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _links(inner)
    elif isinstance(value, list):
        for inner in value[:20]:
            yield from _links(inner)


def _of_a_row(asker: Asker, template: str, above: str) -> Iterator[Operation]:
    """`/lots/{id}` by the first row that `/lots` lists, and by one that nobody has."""
    found = _first_key(asker.get(above).json, template.rpartition("/")[2][1:-1])
    if found is None:
        return
    keys, value = found
    path = f"{above}/{quote(str(value), safe='')}"
    answer = asker.get(path)
    if answer.is_success and not answer.is_page:
        yield Operation(template, path, answer.status, taken_from=above, keys=keys)
    unknown = "999999999" if isinstance(value, int) else "nobody-has-this"
    refused = asker.get(f"{above}/{unknown}")
    if 400 <= refused.status < 500 and not refused.is_refused:
        yield Operation(template, f"{above}/{unknown}", refused.status, unknown=unknown)


def _first_key(listed: Any, parameter: str) -> tuple[tuple[str | int, ...], str | int] | None:
    """Where the first row has what a parameter means, and its value there."""
    lists: list[tuple[tuple[str | int, ...], Any]] = [((), listed)]
    if isinstance(listed, dict):
        lists = [((name,), value) for name, value in listed.items()]
    for before, rows in lists:
        if not (isinstance(rows, list) and rows and isinstance(rows[0], dict)):
            continue
        short = parameter.rpartition("_")[2]
        for name in (parameter, short, "id", "_id", "uuid", "slug", "code", "key", "name"):
            value = rows[0].get(name)
            if isinstance(value, (str, int)) and not isinstance(value, bool) and value != "":
                return (*before, 0, name), value
    return None
