"""A type means one of its kinds, and each kind says which it is."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_cutover.openapi.subtypes import with_kinds

PET = "#/components/schemas/Pet"
CAT = "#/components/schemas/Cat"
DOG = "#/components/schemas/Dog"
KIND = {"type": "string"}
BASE = {"type": "object", "properties": {"kind": KIND}}


def own(**properties: Any) -> dict[str, Any]:
    return {"allOf": [{"$ref": PET}, {"type": "object", "properties": properties}]}


def document(pet: dict[str, Any], **schemas: Any) -> dict[str, Any]:
    return {
        "paths": {"/pets": {"post": {"body": {"$ref": PET}}}},
        "components": {"schemas": {"Pet": pet, **schemas}},
    }


def kinds_of(contents: Any) -> dict[str, list[str]]:
    """Return the kinds that a pet may have in the document, with the values that tell them."""
    name = contents["paths"]["/pets"]["post"]["body"]["$ref"].rpartition("/")[2]
    found = {}
    for one in contents["components"]["schemas"][name]["oneOf"]:
        reference, told = one["allOf"]
        found[reference["$ref"]] = told["properties"]["kind"]["enum"]
        assert told["required"] == ["kind"]
    return found


MAPPED = {"propertyName": "kind", "mapping": {"cat": CAT, "hound": "Dog", "pug": DOG}}


@pytest.mark.parametrize(
    ("discriminator", "expected"),
    [
        (MAPPED, {CAT: ["cat"], DOG: ["hound", "pug"]}),
        ({"propertyName": "kind"}, {CAT: ["Cat"], DOG: ["Dog"]}),
        ("kind", {CAT: ["Cat"], DOG: ["Dog"]}),
    ],
    ids=["by a mapping", "by the names of what is all of it", "as in version 2"],
)
def test_a_type_means_each_of_its_kinds(discriminator: Any, expected: Any) -> None:
    pet = {**BASE, "discriminator": discriminator}
    found = with_kinds(document(pet, Cat=own(lives={}), Dog=own(tricks={})))
    assert kinds_of(found) == expected
    # A cat is all of a pet, and not of any pet.
    assert found["components"]["schemas"]["Cat"]["allOf"][0] == {"$ref": PET}


def test_a_kind_refers_to_any_pet_where_it_has_one() -> None:
    pet = {**BASE, "discriminator": {"propertyName": "kind"}}
    found = with_kinds(document(pet, Cat=own(friend={"allOf": [{"$ref": PET}]})))
    friend = found["components"]["schemas"]["Cat"]["allOf"][1]["properties"]["friend"]
    assert friend == {"allOf": [{"$ref": f"{PET}-of-any-kind"}]}


def test_a_union_that_is_listed_says_which_kind_each_is() -> None:
    pet = {"oneOf": [{"$ref": CAT}, {"$ref": DOG}], "discriminator": {"propertyName": "kind"}}
    assert kinds_of(with_kinds(document(pet, Cat=BASE, Dog=BASE))) == {CAT: ["Cat"], DOG: ["Dog"]}


def test_a_kind_that_says_itself_what_it_is_stays() -> None:
    cat = {"type": "object", "properties": {"kind": {"const": "cat"}}}
    pet = {"oneOf": [{"$ref": CAT}], "discriminator": {"propertyName": "kind"}}
    found = with_kinds(document(pet, Cat=cat))
    assert found["components"]["schemas"]["Pet"]["oneOf"] == [{"$ref": CAT}]


def test_a_document_without_kinds_is_the_very_same() -> None:
    contents = document(BASE, Cat=own(lives={}))
    assert with_kinds(contents) is contents
    named = document({"type": "object", "properties": {"discriminator": {"type": "object"}}})
    assert with_kinds(named) == named
