"""What the requests of a test did vary of what the document lets them vary. Pure."""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, unquote

from pytest_cutover.backends.redaction.secrets import is_secret_name
from pytest_cutover.core.exchange import Request
from pytest_cutover.core.json_pointer import glob


def is_secret_input(name: str) -> bool:
    """Whether an input holds a secret by its name: no digest of it is made, so nobody can say."""
    where, _, place = name.partition(" ")
    return where == "cookie" or any(is_secret_name(word) for word in place.split("/"))


def varied(
    request: Request, template: str, inputs: tuple[str, ...], salt: str
) -> Iterator[tuple[str, str]]:
    """Each of `inputs` that a request gave, with a short salted digest that tells values apart.

    The salt is new in every run. What is a secret by its name is left out.
    """
    given = _given(request, template)
    body = _body(request)
    for name in inputs:
        if is_secret_input(name):
            continue
        where, _, place = name.partition(" ")
        found = [value for _, value in glob(body, f"/{place}")] if where == "body" else []
        values = found if where == "body" else given[name]
        for value in values:
            text = json.dumps(value, sort_keys=True)
            yield name, hashlib.blake2s(f"{salt}{text}".encode(), digest_size=3).hexdigest()


def _given(request: Request, template: str) -> dict[str, list[str]]:
    """Return what stands outside the body, by the name of the input."""
    path, _, query = request.target.partition("?")
    given: dict[str, list[str]] = defaultdict(list)
    for name, value in parse_qsl(query, keep_blank_values=True):
        given[f"query {name}"].append(value)
    for name, value in request.headers:
        given[f"header {name.lower()}"].append(value)
    patterns = template.split("/")
    # From the end: before it may stand the base path of a side, which no template has.
    segments = path.split("/")[-len(patterns) :]
    for pattern, segment in zip(patterns, segments, strict=False):
        for name in re.findall(r"\{([^{}]*)\}", pattern):
            given[f"path {name}"].append(unquote(segment))
    return given


def _body(request: Request) -> Any:
    kind = next((value for name, value in request.headers if name.lower() == "content-type"), "")
    if "urlencoded" in kind.lower():
        return dict(parse_qsl(request.body.decode("latin-1"), keep_blank_values=True))
    try:
        return json.loads(request.body) if request.body else None
    except (ValueError, RecursionError):
        return None
