"""Parts of an OpenAPI document, and how one refers to another. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

_DEEPEST: Final = 32


@dataclass(frozen=True, slots=True)
class Place:
    """A part of the document, and the JSON pointer that it stands at."""

    value: Any
    pointer: str

    def get(self, *keys: str) -> Place | None:
        """The part below, or None."""
        value, pointer = self.value, self.pointer
        for key in keys:
            if not isinstance(value, dict) or key not in value:
                return None
            value = value[key]
            pointer += "/" + key.replace("~", "~0").replace("/", "~1")
        return Place(value, pointer)


def below(place: Place | None, key: str, raw: Any) -> Place:
    """The part under a key that the document spells in another way, such as a status of 200."""
    assert place is not None
    pointer = f"{place.pointer}/{key.replace('~', '~0').replace('/', '~1')}"
    return Place(place.value[raw], pointer)


def schema_of(place: Place | None, root: Place) -> Place | None:
    """The schema of a media type, header or parameter; None where there is none."""
    if place is None:
        return None
    return resolved(place, root).get("schema")


def resolved(place: Place, root: Place) -> Place:
    """The place that a local ``$ref`` names; itself where there is none."""
    for _ in range(_DEEPEST):
        reference = place.value.get("$ref") if isinstance(place.value, dict) else None
        if not isinstance(reference, str) or not reference.startswith("#/"):
            return place
        keys = [key.replace("~1", "/").replace("~0", "~") for key in reference[2:].split("/")]
        found = root.get(*keys)
        if found is None:
            return place
        place = found
    return place
