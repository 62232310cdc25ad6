"""Parts of the document with the place that they stand at, and how one refers to another. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote

from pytest_cutover.core.json_pointer import escape, parse

_DEEPEST: Final = 32


@dataclass(frozen=True, slots=True)
class Place:
    """A part of the document, and the JSON pointer that it stands at."""

    value: Any
    pointer: str

    def get(self, *keys: str) -> Place | None:
        """Return the part below, or None."""
        value, pointer = self.value, self.pointer
        for key in keys:
            if isinstance(value, list) and key.isdecimal() and int(key) < len(value):
                value = value[int(key)]
            elif isinstance(value, dict) and key in value:
                value = value[key]
            else:
                return None
            pointer += "/" + escape(key)
        return Place(value, pointer)


def below(place: Place | None, key: str) -> Place:
    """Return the part under a key that is known to be there."""
    found = place.get(key) if place is not None else None
    assert found is not None
    return found


def schema_of(place: Place | None, root: Place) -> Place | None:
    """Return the schema of a media type, header or parameter; None where there is none."""
    if place is None:
        return None
    return resolved(place, root).get("schema")


def resolved(place: Place, root: Place) -> Place:
    """Return the place that a ``$ref`` names; itself where there is none, or it leads nowhere."""
    for _ in range(_DEEPEST):
        reference = place.value.get("$ref") if isinstance(place.value, dict) else None
        if not isinstance(reference, str) or not reference.startswith("#/"):
            return place
        found = root.get(*parse(unquote(reference[1:])))
        if found is None:
            return place
        place = found
    return place
