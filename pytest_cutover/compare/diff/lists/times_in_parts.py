"""Times that are told in parts, as text: `[2026, 11, 29, 3, 6, 55]`, `{"year": 2026, "month": 11}`.

Java's Jackson writes the first of `java.time`, without the noughts at its end; Tryton the second.
Part by part they are numbers that nobody takes for the time at which a row was written. Pure.
"""

from __future__ import annotations

from typing import Any, Final

_NAMES: Final = ("year", "month", "day", "hour", "minute", "second")
# How many of a second's parts, by the name that they have.
_OF_A_SECOND: Final = {"millisecond": 3, "microsecond": 6, "nanosecond": 9, "nano": 9}
_LEAST: Final = (1990, 1, 1, 0, 0, 0)
_MOST: Final = (2100, 12, 31, 23, 59, 60)
_FEWEST: Final = 5  # of a list: shorter ones are anything
_BILLION: Final = 10**9


def in_texts(row: Any) -> Any:
    """Return a tree with a text in the place of each time in parts; itself where it has none."""
    if isinstance(row, dict):
        inside = {key: in_texts(value) for key, value in row.items()}
        return as_text(row) or (row if inside == row else inside)
    if isinstance(row, list):
        items = [in_texts(value) for value in row]
        return as_text(row) or (row if items == row else items)
    return row


def as_text(value: Any) -> str:
    """Return a time in parts as a timestamp without a zone; empty for what is none."""
    if isinstance(value, dict):
        return _of_members(value)
    if not isinstance(value, list) or not _FEWEST <= len(value) <= len(_NAMES) + 1:
        return ""
    numbers = [_number(item) for item in value]
    parts, rest = numbers[: len(_NAMES)], numbers[len(_NAMES) :]
    nanos = rest[0] if rest else 0
    if nanos is None or not 0 <= nanos < _BILLION:
        return ""
    return _text(parts, f"{nanos:09}" if nanos else "")


def _of_members(value: dict[str, Any]) -> str:
    known = {name: _number(item) for name, item in value.items() if isinstance(item, bytes)}
    if not {*_NAMES[:3]} <= known.keys() <= {*_NAMES, *_OF_A_SECOND}:
        return ""
    if any(isinstance(item, dict | list) for item in value.values()):
        return ""
    part = ""
    for name, digits in _OF_A_SECOND.items():
        if (number := known.get(name, 0)) is None or not 0 <= number < 10**digits:
            return ""
        part = f"{number:0{digits}}" if number else part
    return _text([known.get(name, 0) for name in _NAMES], part)


def _text(parts: list[int | None], part: str) -> str:
    numbers = [*parts, *[0] * (len(_NAMES) - len(parts))]
    told = [one for one in numbers if one is not None]
    if len(told) < len(_NAMES) or any(
        not least <= one <= most for least, one, most in zip(_LEAST, told, _MOST, strict=True)
    ):
        return ""
    year, month, day, hour, minute, second = told
    text = f"{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"
    return f"{text}.{part}" if part else text


def _number(value: Any) -> int | None:
    if isinstance(value, bytes) and value.isdigit() and len(value) <= 9:
        return int(value)
    return None
