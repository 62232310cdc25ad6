"""One document out of several: what a reference finds in another file stands inside. Pure.

Each other file is put whole under ``/x-cutover-external/N`` and references to it are rewritten, so
that every later reader follows references within one document only, circles included.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

EXTERNAL: Final = "x-cutover-external"
# Below these keywords the keys are names that somebody chose, not keywords.
_NAMED: Final = frozenset(
    {
        "properties", "patternProperties", "definitions", "$defs", "dependentSchemas", "paths",
        "pathItems", "webhooks", "responses", "schemas", "parameters", "headers", "examples",
        "requestBodies", "links", "callbacks", "content", "encoding", "variables", "mapping",
        "securitySchemes", "securityDefinitions", "scopes", EXTERNAL,
    }
)  # fmt: skip
# Values of the service: what looks like a reference in them is none.
_DATA: Final = frozenset({"example", "default", "enum", "const", "value"})

Join = Callable[[str, str], str]
Load = Callable[[str], Any]


def bundled(contents: Any, location: str, *, join: Join, load: Load) -> Any:
    """Return a copy of the document in which every reference starts with ``#``.

    `join(location, reference)` gives the location of another file, `load(location)` what it holds:
    None where it cannot be had, and the reference then stays as it is.
    """
    return _Bundle(location, join, load).whole(contents)


class _Bundle:
    """The files met so far, by location, with the pointer that each is put at."""

    def __init__(self, location: str, join: Join, load: Load) -> None:
        self._pointers: dict[str, str | None] = {location: ""}
        self._external: dict[str, Any] = {}
        self._waiting: list[tuple[str, str, Any]] = []
        self._root = location
        self._join, self._load = join, load

    def whole(self, contents: Any) -> Any:
        found = self._rewritten(contents, self._root, names=False)
        while self._waiting:
            key, location, other = self._waiting.pop()
            self._external[key] = self._rewritten(other, location, names=False)
        if self._external and isinstance(found, dict):
            found[EXTERNAL] = self._external
        return found

    def _rewritten(self, node: Any, location: str, *, names: bool) -> Any:
        if isinstance(node, list):
            return [self._rewritten(item, location, names=False) for item in node]
        if not isinstance(node, dict):
            return node
        copy: dict[str, Any] = {}
        for key, value in node.items():
            if not names and key == "$ref" and isinstance(value, str):
                copy[key] = self._reference(value, location)
            elif not names and key in _DATA:
                copy[key] = value
            else:
                inner = not names and key in _NAMED
                copy[key] = self._rewritten(value, location, names=inner)
        return copy

    def _reference(self, reference: str, location: str) -> str:
        file, _, fragment = reference.partition("#")
        if not file and location == self._root:
            return reference
        there = self._join(location, file) if file else location
        pointer = self._pointer(there)
        if pointer is None:
            return reference
        return f"#{pointer}{fragment if fragment.startswith('/') else ''}"

    def _pointer(self, location: str) -> str | None:
        if location not in self._pointers:
            contents = self._load(location)
            if contents is None:
                self._pointers[location] = None
            else:
                key = str(sum(pointer is not None for pointer in self._pointers.values()))
                self._pointers[location] = f"/{EXTERNAL}/{key}"
                self._waiting.append((key, location, contents))
        return self._pointers[location]
