"""A type and its kinds, told apart by a member: with the value of each kind spelled out. Pure.

``discriminator: {propertyName: kind, mapping: {cat: Cat}}`` says which schema a value has whose
`kind` is `cat`. JSON Schema knows nothing of it: a generator makes values that are of no kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

_POOLS: Final = (("components", "schemas"), ("definitions",))
_ENDING: Final = "-of-any-kind"
_VALUES: Final = frozenset({"example", "examples", "default", "enum", "const"})


def with_kinds(contents: Any) -> Any:
    """Return the document in which each reference to a type with kinds means any one of them.

    It is the very same where no type has kinds. What a schema is all of stays what it was: a cat
    is all of a pet, and not of any pet.
    """
    for path in _POOLS:
        schemas = _at(contents, path)
        if isinstance(schemas, dict) and _has_kinds(contents):
            contents = _Pool(schemas, f"#/{'/'.join(path)}/").spelled(contents, path)
    return contents


@dataclass(frozen=True, slots=True)
class _Pool:
    """The named schemas of a document, and what a reference to one of them begins with."""

    schemas: Mapping[str, Any]
    start: str

    def spelled(self, contents: Any, path: tuple[str, ...]) -> Any:
        unions = {
            name: self._any_of(kinds, schema)
            for name, schema in self.schemas.items()
            if not _branches(schema) and (kinds := self._below(name))
        }
        instead = {f"{self.start}{name}": f"{self.start}{name}{_ENDING}" for name in unions}
        changed = self._spelled(contents, instead)
        pool = _at(changed, path)
        for name, schema in self.schemas.items():
            if isinstance(schema, dict) and "allOf" in schema:
                pool[name]["allOf"] = [
                    one if "$ref" in one else self._spelled(one, instead) for one in schema["allOf"]
                ]
        pool.update({f"{name}{_ENDING}": {"oneOf": union} for name, union in unions.items()})
        return changed

    def _spelled(self, node: Any, instead: Mapping[str, str]) -> Any:
        if isinstance(node, list):
            return [self._spelled(one, instead) for one in node]
        if not isinstance(node, dict):
            return node
        reference = node.get("$ref")
        if isinstance(reference, str) and reference in instead:
            return {**node, "$ref": instead[reference]}
        found = {
            key: value if key in _VALUES else self._spelled(value, instead)
            for key, value in node.items()
        }
        for keyword, branches in _branches(node).items():
            found[keyword] = self._any_of(branches, node)
        return found

    def _any_of(self, kinds: Iterable[str], schema: Any) -> list[dict[str, Any]]:
        """Return the kinds of a type, each with the values of the member that tells it."""
        member = _member_of(schema)
        values = {reference: self._values(reference, schema) for reference in kinds}
        return [
            {"$ref": reference}
            if self._says_itself(reference, member)
            else {"allOf": [{"$ref": reference}, _of_kind(member, named)]}
            for reference, named in values.items()
        ]

    def _below(self, name: str) -> list[str]:
        """Return the kinds of a type that lists none: what it maps, and what is all of it."""
        schema, own = self.schemas[name], f"{self.start}{name}"
        if not _member_of(schema):
            return []
        mapped = [self._full(one) for one in _mapping(schema).values()]
        below = [
            f"{self.start}{other}" for other, one in self.schemas.items() if own in _parts(one)
        ]
        return [
            one
            for one in dict.fromkeys([*mapped, *below])
            if one != own and one.removeprefix(self.start) in self.schemas
        ]

    def _values(self, reference: str, schema: Any) -> list[str]:
        """Return the values of the member that tell a kind: as mapped, else its name."""
        given = [key for key, one in _mapping(schema).items() if self._full(one) == reference]
        name = reference.removeprefix(self.start)
        known = self.schemas.get(name)
        said = known.get("x-discriminator-value") if isinstance(known, dict) else None
        return given or [str(said) if said is not None else name]

    def _full(self, reference: str) -> str:
        return reference if reference.startswith("#/") else f"{self.start}{reference}"

    def _says_itself(self, reference: str, member: str) -> bool:
        """Whether a kind lists the values of the member: then nothing is missing."""
        known = self.schemas.get(reference.removeprefix(self.start))
        properties = known.get("properties") if isinstance(known, dict) else None
        said = properties.get(member) if isinstance(properties, dict) else None
        return isinstance(said, dict) and bool({"enum", "const"} & said.keys())


def _has_kinds(node: Any) -> bool:
    pending = [node]
    while pending:
        node = pending.pop()
        if isinstance(node, dict):
            if _member_of(node):
                return True
            pending += node.values()
        elif isinstance(node, list):
            pending += node
    return False


def _of_kind(member: str, values: list[str]) -> dict[str, Any]:
    told = {"type": "string", "enum": values}
    return {"type": "object", "required": [member], "properties": {member: told}}


def _member_of(schema: Any) -> str:
    given = schema.get("discriminator") if isinstance(schema, dict) else None
    if isinstance(given, str):
        return given  # as Swagger 2.0 has it
    name = given.get("propertyName") if isinstance(given, dict) else None
    return name if isinstance(name, str) else ""


def _mapping(schema: Any) -> dict[str, str]:
    given = schema.get("discriminator")
    mapping = given.get("mapping") if isinstance(given, dict) else None
    known = mapping.items() if isinstance(mapping, dict) else ()
    return {str(key): str(reference) for key, reference in known}


def _branches(schema: Any) -> dict[str, list[str]]:
    """Return the kinds that a type with a discriminator lists itself, by keyword."""
    if not _member_of(schema):
        return {}
    found = {}
    for keyword in ("oneOf", "anyOf"):
        listed = schema.get(keyword)
        if isinstance(listed, list) and listed and all(map(_is_reference, listed)):
            found[keyword] = [one["$ref"] for one in listed]
    return found


def _is_reference(node: Any) -> bool:
    return isinstance(node, dict) and isinstance(node.get("$ref"), str)


def _parts(schema: Any) -> set[str]:
    """Return the references of the schemas that one is all of."""
    parts = schema.get("allOf") if isinstance(schema, dict) else None
    return {part["$ref"] for part in _each(parts) if _is_reference(part)}


def _each(listed: Any) -> Iterator[Any]:
    yield from listed if isinstance(listed, list) else ()


def _at(contents: Any, path: tuple[str, ...]) -> Any:
    for part in path:
        contents = contents.get(part) if isinstance(contents, dict) else None
    return contents
