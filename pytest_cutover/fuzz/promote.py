"""A kept case as a test function that somebody would have written. Pure."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from typing import Any, Final

from pytest_cutover.core.json_pointer import get, parse, put
from pytest_cutover.fuzz.generate.case import Absent, Binding, Call, Case
from pytest_cutover.fuzz.generate.pages import LINK_HEADER, OF_LINK
from pytest_cutover.fuzz.generate.references import LAST_OF_LOCATION
from pytest_cutover.fuzz.run.corpus import Kept

HEADER: Final = '"""Found by generated requests, kept as tests."""\n\nimport pytest\n'
_SHORTCUTS: Final = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"})
_WIDTH: Final = 96
_UNIQUE_LENGTH: Final = 11
_ANSWERS: Final = ("first", "second", "third", "fourth", "fifth", "sixth")


class _Code:
    """An expression inside a value: `repr` gives the expression itself."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return self._text


def function_name(kept: Kept) -> str:
    """Return the name of the test: the endpoint, what departed, and the finding's id."""
    endpoint, kind, pointer, _ = [*kept.signature.split(" | "), "", "", "", ""][:4]
    words = re.findall(r"[a-z0-9]+", f"{endpoint} {pointer or kind}".lower())
    return "_".join(["test", *(word for word in words if word != "api"), kept.finding])


def function(kept: Kept) -> str:
    """Return the test as source text, with a line feed at its end."""
    calls = kept.case.calls
    endpoints = ", ".join(dict.fromkeys(_quoted(call.endpoint) for call in calls))
    marker = f"@pytest.mark.characterization({endpoints})"
    if kept.request in ("invalid", "unknown field"):
        marker = f'@pytest.mark.negative({endpoints}, scenario="{kept.request}")'
    lines = [
        marker,
        f"def {function_name(kept)}(backend):",
        *(f"    # {line}" for line in textwrap.wrap(_why(kept), _WIDTH - 8)),
        *_body(kept.case),
    ]
    return "\n".join(lines) + "\n"


def _why(kept: Kept) -> str:
    return f"Found by fuzzing: {' '.join(kept.signature.split())}"


def _body(case: Case) -> Iterator[str]:
    codes = _codes(case)
    for label, (name, expression) in codes.items():
        if _uses(case, label) > 1:
            yield f"    {name} = {expression}"
    needed = {binding.step for call in case.calls for binding in call.bindings}
    for index, call in enumerate(case.calls):
        values = {binding: _value(binding, case, codes) for binding in call.bindings}
        first, *rest = _request(call, values)
        yield f"    {_ANSWERS[index % 6]} = {first}" if index in needed else f"    {first}"
        yield from (f"    {line}" for line in rest)


def _codes(case: Case) -> dict[str, tuple[str, str]]:
    """For each new value its variable and the call that makes it."""
    found: dict[str, tuple[str, str]] = {}
    for call in case.calls:
        for binding in call.bindings:
            if binding.step is None and binding.label not in found:
                word = re.sub(r"\W+", "_", binding.label).strip("_") or "code"
                name = word if word.isidentifier() else f"code_{word}"
                room = (binding.max_length or 100) - _UNIQUE_LENGTH
                sample = str(_sample(call, binding) or "code")
                label = (sample[:room] if room > 0 else "") or "a"
                short = binding.max_length is not None and room < 1
                length = f", length={binding.max_length}" if short else ""
                found[binding.label] = (name, f"backend.unique({_quoted(label)}{length})")
    return found


def _uses(case: Case, label: str) -> int:
    return sum(
        binding.step is None and binding.label == label
        for call in case.calls
        for binding in call.bindings
    )


def _value(binding: Binding, case: Case, codes: dict[str, tuple[str, str]]) -> _Code:
    if binding.step is None:
        name, expression = codes[binding.label]
        return _Code(name if _uses(case, binding.label) > 1 else expression)
    answer = _ANSWERS[binding.step % 6]
    if binding.pointer == LAST_OF_LOCATION:
        return _Code(f'{answer}.headers["location"].rstrip("/").rpartition("/")[2]')
    pointer, in_a_link, parameter = binding.pointer.partition(OF_LINK)
    if pointer.startswith("/headers/") and not in_a_link:
        return _Code(f"{answer}.headers[{_quoted(pointer.removeprefix('/headers/'))}]")
    steps = "".join(f"[{part if part.isdigit() else _quoted(part)}]" for part in parse(pointer))
    value = f"{answer}.json(){steps}"
    if in_a_link:
        url = f'{answer}.links["next"]["url"]' if pointer == LINK_HEADER else value
        return _Code(f"{answer}.url.join({url}).params[{_quoted(parameter)}]")
    return _Code(value)


def _request(call: Call, values: dict[Binding, _Code]) -> list[str]:
    """Return the lines of the call, laid out as a formatter would."""
    by_place = {binding.place: code for binding, code in values.items()}
    arguments: list[tuple[str, Any]] = [("", _Code(_path(call, by_place)))]
    if call.query:
        query = [(name, by_place.get(f"query/{name}", value)) for name, value in call.query]
        arguments.append(("params=", query))
    headers: dict[str, Any] = dict(call.headers)
    if isinstance(call.body, bytes):
        arguments.append(("content=", call.body))
        if call.content_type:
            headers.setdefault("Content-Type", call.content_type)
    elif not isinstance(call.body, Absent):
        arguments.append(("json=", _with_code(call.body, by_place)))
    if headers:
        shown = {name: by_place.get(f"header/{name}", value) for name, value in headers.items()}
        arguments.append(("headers=", shown))
    name = f"backend.{call.method.lower()}"
    bodiless = call.method in ("GET", "DELETE", "HEAD", "OPTIONS")
    if call.method not in _SHORTCUTS or (bodiless and not isinstance(call.body, Absent)):
        name = "backend.request"
        arguments.insert(0, ("", call.method))
    return _laid_out(name, arguments)


def _laid_out(name: str, arguments: list[tuple[str, Any]]) -> list[str]:
    flat = ", ".join(f"{keyword}{_literal(value)}" for keyword, value in arguments)
    if len(name) + len(flat) + 2 <= _WIDTH:
        return [f"{name}({flat})"]
    lines = [f"{name}("]
    for keyword, value in arguments:
        lines += [f"    {line}" for line in _expanded(keyword, value, _WIDTH - 4)]
    return [*lines, ")"]


def _expanded(before: str, value: Any, width: int, after: str = ",") -> list[str]:
    flat = f"{before}{_literal(value)}{after}"
    if len(flat) <= width or not isinstance(value, dict | list | tuple) or not value:
        return [flat]
    brackets = "{}" if isinstance(value, dict) else "[]"
    items = list(value.items()) if isinstance(value, dict) else [(None, one) for one in value]
    lines = [f"{before}{brackets[0]}"]
    for key, inner in items:
        keyword = f"{_literal(key)}: " if isinstance(value, dict) else ""
        lines += [f"    {line}" for line in _expanded(keyword, inner, width - 4)]
    return [*lines, f"{brackets[1]}{after}"]


def _literal(value: Any) -> str:
    """Return the value as Python source, texts in double quotes."""
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, dict):
        members = (f"{_literal(name)}: {_literal(inner)}" for name, inner in value.items())
        return "{" + ", ".join(members) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_literal, value)) + "]"
    if isinstance(value, tuple):
        return "(" + ", ".join(map(_literal, value)) + ")"
    return repr(value)


def _path(call: Call, by_place: dict[str, _Code]) -> str:
    """Return the path; one with a value of an earlier answer is an f-string."""
    if not any(place.startswith("path/") for place in by_place):
        return _quoted(call.target().partition("?")[0])

    def segment(found: re.Match[str]) -> str:
        code = by_place.get(f"path/{found[1]}")
        if code is not None:
            return "{" + repr(code).replace('"', "'") + "}"
        return call.path.get(found[1], "").replace("{", "{{").replace("}", "}}")

    return f'f"{re.sub(r"{([^{}]+)}", segment, call.template)}"'


def _with_code(body: Any, by_place: dict[str, _Code]) -> Any:
    for place, code in by_place.items():
        if place.startswith("body"):
            body = put(body, place.removeprefix("body"), code)
    return body


def _sample(call: Call, binding: Binding) -> Any:
    if binding.place.startswith("body") and not isinstance(call.body, Absent | bytes):
        return get(call.body, binding.place.removeprefix("body"))
    return call.path.get(binding.place.removeprefix("path/"))


def _quoted(text: str) -> str:
    """Return the text as a literal in double quotes."""
    source = repr(text)
    if source.startswith("'") and '"' not in source:
        source = source[1:-1].replace("\\'", "'")
        return f'"{source}"'
    return source
