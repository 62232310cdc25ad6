"""YAML to a tree of what was written: nothing is guessed but what JSON would read likewise.

A plain scalar is its text; ``12.50``, ``true``, ``false`` and ``null`` are what JSON says they are,
while ``yes``, ``~``, ``0x1F`` and ``1_000`` stay the texts that a client makes something of. Other
scalars are objects of their text under the sign that introduces them: ``{"\\"": "yes"}``, ``{"'":
…}``, ``{"|": …}``, ``{">": …}``. So are anchors, ``{"&a": value}``, aliases ``{"*": "a"}`` and tags
``{"!!int": value}``. A key in quotes keeps them. Several documents are ``{"---": [...]}``, one is
itself.

| held equal | why |
|---|---|
| comments, empty lines, indentation | no parser hands them on |
| block or flow style (`[1, 2]`) | no parser hands it on |
| the order of a mapping's keys | mappings have none, as in JSON |
| escapes and line breaks within a text in quotes or a folded one | no parser hands them on |
| `---` before the only document, `...`, `%TAG` | tags are compared as they expand |

Source: yaml.org/spec/1.1.
"""

from __future__ import annotations

from typing import Any

import yaml

from pytest_cutover.normalize.bodies.reading import (
    DEEPEST_LEVEL,
    BodySource,
    Tree,
    Unreadable,
    number_or_text,
)

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_CONSTANTS: dict[str, Tree] = {"true": True, "false": False, "null": None}
_STANDARD_TAG = "tag:yaml.org,2002:"


def read(source: BodySource) -> Tree:
    """Return the document or documents.

    Raises:
        Unreadable: it is no YAML, nested too deep, has a key twice, or one that is a collection.
    """
    composer = _Composer()
    try:
        for event in yaml.parse(source.text(), Loader=_LOADER):
            composer.hear(event)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise Unreadable("not YAML", f"line {mark.line + 1}" if mark is not None else "") from None
    documents = composer.documents
    return documents[0] if len(documents) == 1 else {"---": documents}


class _Composer:
    """Builds trees from the events of a parser; anchors and aliases stay what they are."""

    def __init__(self) -> None:
        self.documents: list[Tree] = []
        self._version = ""
        # Each open collection, the event that began it, and the key that waits for its value.
        self._open: list[tuple[dict[str, Tree] | list[Tree], Any]] = []
        self._keys: list[str | None] = []

    def hear(self, event: Any) -> None:
        """Take the next event. Raises Unreadable."""
        if isinstance(event, yaml.DocumentStartEvent):
            self._version = ".".join(map(str, event.version)) if event.version else ""
        elif isinstance(event, yaml.ScalarEvent | yaml.AliasEvent):
            mapping = self._wants_key()
            if mapping is None:
                self._put(_scalar(event))
            else:
                self._keys[-1] = _key(event)
                if self._keys[-1] in mapping:
                    raise Unreadable("duplicate key", _line(event))
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            if len(self._open) >= DEEPEST_LEVEL:
                raise Unreadable("nested too deep to compare by field", _line(event))
            if self._wants_key() is not None:
                raise Unreadable("key that is a mapping or a sequence", _line(event))
            self._open.append(({} if isinstance(event, yaml.MappingStartEvent) else [], event))
            self._keys.append(None)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            value, start = self._open.pop()
            self._keys.pop()
            self._put(_marked(value, start.anchor, _tag(start)))

    def _wants_key(self) -> dict[str, Tree] | None:
        """Return the mapping whose next key is to come; None where a value is."""
        if not self._open or self._keys[-1] is not None:
            return None
        value = self._open[-1][0]
        return value if isinstance(value, dict) else None

    def _put(self, value: Tree) -> None:
        if not self._open:
            self.documents.append({f"%YAML {self._version}": value} if self._version else value)
            return
        collection = self._open[-1][0]
        if isinstance(collection, list):
            collection.append(value)
        else:
            key = self._keys[-1]
            assert key is not None  # it came before its value
            collection[key] = value
            self._keys[-1] = None


def _line(event: Any) -> str:
    return f"line {event.start_mark.line + 1}"


def _scalar(event: Any) -> Tree:
    if isinstance(event, yaml.AliasEvent):
        return {"*": event.anchor}
    text: str = event.value
    tag = _tag(event)
    value: Tree
    if event.style in (None, ""):
        value = _CONSTANTS[text] if text in _CONSTANTS else number_or_text(text)
    else:
        value = {event.style: text}
    return _marked(value, event.anchor, tag)


def _key(event: Any) -> str:
    if isinstance(event, yaml.AliasEvent):
        return f"*{event.anchor}"
    text: str = event.value
    if event.style not in (None, ""):
        text = f"{event.style}{text}{event.style}"
    tag, anchor = _tag(event), event.anchor
    return (f"&{anchor} " if anchor else "") + (f"{tag} " if tag else "") + text


def _tag(event: Any) -> str:
    """Return the tag that was written, in short; empty where there was none."""
    if event.tag is None:
        return ""
    tag: str = event.tag
    if tag.startswith(_STANDARD_TAG):
        return "!!" + tag.removeprefix(_STANDARD_TAG)
    return tag if tag.startswith("!") else f"!<{tag}>"


def _marked(value: Tree, anchor: str | None, tag: str) -> Tree:
    if tag:
        value = {tag: value}
    return {f"&{anchor}": value} if anchor else value
