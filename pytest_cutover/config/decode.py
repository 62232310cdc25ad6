"""Tables to dataclasses: cattrs, made strict, and its errors made into mistakes with a key path.

Nothing is coerced: `"5"` is no integer and `"false"` no boolean; an integer is a float.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import Field, fields, is_dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar, get_args, get_origin, get_type_hints

from cattrs import Converter
from cattrs.errors import (
    AttributeValidationNote,
    BaseValidationError,
    ClassValidationError,
    ForbiddenExtraKeysError,
    IterableValidationError,
    IterableValidationNote,
)
from cattrs.gen import make_dict_structure_fn, override

from pytest_cutover.config.constraints import Check, RawCheck, wrong_type
from pytest_cutover.core.endpoint import Endpoint, parse
from pytest_cutover.core.errors import InvalidValueError, Mistake, did_you_mean, key_path, one_of

T = TypeVar("T")
KeyPath = tuple[str | int, ...]


def structure(table: Mapping[str, object], cls: type[T]) -> tuple[T | None, list[Mistake]]:
    """Return the dataclass that a table says, or None and every mistake in it."""
    try:
        return _CONVERTER.structure(table, cls), []
    except BaseValidationError as group:
        return None, [error.at(()) for error in _mistakes(group, ())]


def _mistakes(error: BaseException, path: KeyPath) -> Iterator[InvalidValueError]:
    """Yield the leaves of cattrs' exception group, each with its whole path."""
    if isinstance(error, BaseValidationError):
        for inner in error.exceptions:
            own = _own_path(inner, error.cl)
            if isinstance(inner, KeyError):
                yield _missing(error.cl, path + own)
            else:
                yield from _mistakes(inner, path + own)
    elif isinstance(error, InvalidValueError):
        error.path = path + error.path
        yield error
    elif isinstance(error, ForbiddenExtraKeysError):
        for key in sorted(error.extra_fields):
            valid = _keys(error.cl)
            yield InvalidValueError(
                "unknown key",
                valid=", ".join(valid),
                path=(*path, key),
                suggestion=did_you_mean(key, valid),
                advice="rename or remove it",
            )
    else:  # pragma: no cover - a hook that raises something else is our own fault
        raise error


def _missing(cls: type, path: KeyPath) -> InvalidValueError:
    """Return a required key that is not there. cattrs tells it as a `KeyError`."""
    wanted = get_type_hints(cls)[str(path[-1])]
    if is_dataclass(wanted):
        return InvalidValueError("missing", path=path, advice=f"add [{key_path(path)}]")
    return InvalidValueError("missing", path=path, advice=f"add {path[-1]} = …")


def _own_path(error: BaseException, cls: type) -> KeyPath:
    """Return what cattrs noted on an exception: the attribute or the index it belongs to."""
    for note in getattr(error, "__notes__", ()):
        if isinstance(note, AttributeValidationNote):
            return (_key_of(cls, note.name),)
        if isinstance(note, IterableValidationNote):
            return (note.index,)
    return ()


def _key_of(cls: type, attribute: str) -> str:
    return (
        next((_key(item) or attribute for item in fields(cls) if item.name == attribute), attribute)
        if is_dataclass(cls)
        else attribute
    )


def _key(item: Field[Any]) -> str | None:
    key: str | None = item.metadata.get("key", item.name)
    return key


def _keys(cls: type) -> list[str]:
    return [key for item in fields(cls) if (key := _key(item)) is not None]


def _strict_bool(value: object, _: object) -> bool:
    if isinstance(value, bool):
        return value
    raise wrong_type(value, "true or false")


def _strict_int(value: object, _: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise wrong_type(value, "an integer")


def _strict_float(value: object, _: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise wrong_type(value, "a number")
    if not math.isfinite(value):
        raise InvalidValueError("not a finite number", value=value)
    return float(value)


def _strict_str(value: object, _: object) -> str:
    if isinstance(value, str):
        return value
    raise wrong_type(value, "a string")


def _strict_path(value: object, _: object) -> Path:
    return Path(_strict_str(value, None))


def _endpoint(value: object, _: object) -> Endpoint:
    return value if isinstance(value, Endpoint) else parse(_strict_str(value, None))


def _enumerated(value: object, cls: type[StrEnum]) -> StrEnum:
    return cls(one_of(_strict_str(value, None), [*cls], what="not one of the valid words"))


def _literal(value: object, cls: Any) -> object:
    return one_of(_strict_str(value, None), get_args(cls), what="not one of the valid words")


def _annotated(cls: Any) -> Callable[[object, object], object]:
    base, *metadata = get_args(cls)
    checks = [item for item in metadata if isinstance(item, Check)]
    raw = any(isinstance(item, RawCheck) for item in checks)

    def hook(value: object, _: object) -> object:
        kept = value if raw else _CONVERTER.structure(value, base)
        for check in checks:
            kept = check.call(kept)
        return kept

    return hook


def _optional(cls: Any) -> Callable[[object, object], object]:
    """`X | None` only says that the key may be absent: TOML has no null."""
    (inner,) = (arg for arg in get_args(cls) if arg is not type(None))
    return lambda value, _: _CONVERTER.structure(value, inner)


def _is_optional(cls: Any) -> bool:
    return type(None) in get_args(cls) and len(get_args(cls)) == 2


def _array(cls: Any) -> Callable[[object, object], object]:
    item = get_args(cls)[0]

    def hook(value: object, _: object) -> object:
        if not isinstance(value, list):
            raise wrong_type(value, "an array")
        return tuple(_each(((index, part, item) for index, part in enumerate(value)), cls))

    return hook


def _mapping(cls: Any) -> Callable[[object, object], object]:
    of_key, of_value = get_args(cls)

    def hook(value: object, _: object) -> object:
        if not isinstance(value, dict):
            raise wrong_type(value, "a table")
        parts = [(key, key, of_key) for key in value]
        parts += [(key, part, of_value) for key, part in value.items()]
        kept = _each(parts, cls)
        return dict(zip(kept[: len(value)], kept[len(value) :], strict=True))

    return hook


def _each(parts: Iterable[tuple[str | int, object, Any]], cls: Any) -> list[Any]:
    """Every part structured, or all that is wrong with them in one group."""
    kept, wrong = [], []
    for index, part, wanted in parts:
        try:
            kept.append(_CONVERTER.structure(part, wanted))
        except (InvalidValueError, BaseValidationError) as error:
            error.add_note(IterableValidationNote("", index, wanted))
            wrong.append(error)
    if wrong:
        raise IterableValidationError(f"while structuring {cls}", wrong, cls)
    return kept


def _table(cls: Any) -> Callable[[object, object], object]:
    """Return a dataclass: its fields by cattrs, and what its `mistakes_in` says, in one group."""
    # The hooks are looked up here because cattrs drops the `Annotated` of postponed annotations.
    types = get_type_hints(cls, include_extras=True)
    overrides = {
        item.name: override(omit=True)
        if _key(item) is None
        else override(
            rename=_key(item), struct_hook=_CONVERTER.get_structure_hook(types[item.name])
        )
        for item in fields(cls)
    }
    by_fields = make_dict_structure_fn(
        cls,
        _CONVERTER,
        _cattrs_forbid_extra_keys=True,
        _cattrs_detailed_validation=True,
        **overrides,  # type: ignore[arg-type]
    )
    mistakes_in = getattr(cls, "mistakes_in", None)

    def hook(value: object, _: object) -> object:
        if not isinstance(value, dict):
            raise wrong_type(value, "a table")
        wrong: list[Exception] = list(mistakes_in(value)) if mistakes_in else []
        try:
            result = by_fields(value, cls)
        except ClassValidationError as group:
            wrong.extend(group.exceptions)
        if wrong:
            raise ClassValidationError(f"while structuring {cls.__name__}", wrong, cls)
        return result

    return hook


def _converter() -> Converter:
    converter = Converter(detailed_validation=True, forbid_extra_keys=True)
    for cls, hook in (
        (bool, _strict_bool),
        (int, _strict_int),
        (float, _strict_float),
        (str, _strict_str),
        (Path, _strict_path),
        (Endpoint, _endpoint),
    ):
        converter.register_structure_hook(cls, hook)
    converter.register_structure_hook_factory(_is_table, _table)
    converter.register_structure_hook(StrEnum, _enumerated)  # Before str, which it is too.
    converter.register_structure_hook_func(_has_origin(Literal), _literal)
    converter.register_structure_hook_factory(_has_origin(tuple), _array)
    converter.register_structure_hook_factory(_has_origin(Mapping), _mapping)
    converter.register_structure_hook_factory(_is_optional, _optional)
    converter.register_structure_hook_factory(_has_origin(Annotated), _annotated)
    return converter


def _has_origin(origin: object) -> Callable[[Any], bool]:
    return lambda cls: get_origin(cls) is origin


def _is_table(cls: Any) -> bool:
    return isinstance(cls, type) and is_dataclass(cls) and cls is not Endpoint


_CONVERTER = _converter()
