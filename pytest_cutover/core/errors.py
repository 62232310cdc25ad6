"""What can be wrong with a configuration, told so that it can be put right.

Exceptions::

    ValueError
      x InvalidValueError            a value that cannot be used; where it stood is not known yet
    Exception
      x ConfigError             one or more mistakes, each with its place: exit status 4
        + FileError             the file is absent, unreadable, not UTF-8 or not TOML
        + MistakesError         the file can be read, and says things that cannot be meant
        + UnknownTargetError    `--cutover-target` names a target that is not there
        + VariableError         `{env:NAME}` of the chosen target names a variable that is not set

A `ConfigError` carries *every* mistake that was found. No value of a header, an environment
variable or a command line is ever shown, nor the user part or the query of a URL.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

_ABSENT: Final = object()
_HIDDEN_BELOW: Final = frozenset({"headers", "env", "command"})
_URL_KEYS: Final = frozenset({"url", "baseline", "candidate", "--baseline", "--candidate"})
_BARE_KEY: Final = re.compile(r"[A-Za-z0-9_-]+")
_SHOWN_CHARACTERS: Final = 100
# So many valid words are no help; some of them are named, and the others counted.
_MANY: Final = 16
_SOME: Final = 8


class InvalidValueError(ValueError):
    """A value that cannot be used.

    `what` says what is wrong without repeating the value. `path` is relative to the place where
    the exception is raised, and is completed by whoever knows the rest.
    """

    def __init__(
        self,
        what: str,
        *,
        value: object = _ABSENT,
        valid: str = "",
        suggestion: str = "",
        advice: str = "",
        path: tuple[str | int, ...] = (),
    ) -> None:
        self.what = what
        self.value = value
        self.valid = valid
        self.suggestion = suggestion
        self.advice = advice
        self.path = path
        super().__init__(what)

    def __str__(self) -> str:
        parts = [self.what]
        if self.valid:
            parts.append(f"valid: {self.valid}")
        if self.suggestion:
            parts.append(f"did you mean `{self.suggestion}`?")
        if self.advice:
            parts.append(self.advice)
        return "; ".join(parts)

    def at(self, path: tuple[str | int, ...]) -> Mistake:
        """Return the mistake that this is, at a place in a file."""
        whole = path + self.path
        return Mistake(
            key=key_path(whole),
            what=self.what,
            value="" if self.value is _ABSENT else shown(self.value, path=whole),
            valid=self.valid,
            suggestion=self.suggestion,
            advice=self.advice,
        )


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing to put right. `value` is already fit to be shown; empty parts are left out."""

    key: str
    what: str
    value: str = ""
    valid: str = ""
    suggestion: str = ""
    advice: str = ""

    def lines(self) -> list[str]:
        """Return the mistake in up to four lines: where and what, the valid ones, a guess, what to
        do.

        Where the valid ones are many, the guess comes first and the nearest of them follow.
        """
        place = f"{self.key} = {self.value}" if self.value and self.key else self.key or self.value
        lines = [f"{place}: {self.what}" if place else self.what]
        valid = [f"  valid: {_some_of(self.valid, self.suggestion)}"] if self.valid else []
        guess = [f"  did you mean `{self.suggestion}`?"] if self.suggestion else []
        lines += [*guess, *valid] if self.valid.count(", ") >= _MANY else [*valid, *guess]
        if self.advice:
            lines.append(f"  next: {self.advice}")
        return lines


class ConfigError(Exception):
    """The configuration cannot be used; `source` is the file (or option), `mistakes` all of them.

    A plain exception: `str(error)` is the text for the user.
    """

    def __init__(self, source: str, mistakes: Iterable[Mistake]) -> None:
        self.source = source
        self.mistakes = tuple(mistakes)
        super().__init__(source, self.mistakes)

    def __str__(self) -> str:
        count = len(self.mistakes)
        head = f"{self.source}:" if count == 1 else f"{self.source}: {count} mistakes"
        body = ["  " + line for mistake in self.mistakes for line in mistake.lines()]
        return "\n".join([head, *body])


class FileError(ConfigError):
    """The file is absent, unreadable, not UTF-8 or not TOML."""


class MistakesError(ConfigError):
    """The file can be read, and says things that cannot be meant."""


class UnknownTargetError(ConfigError):
    """No target has the name that was asked for."""


class VariableError(ConfigError):
    """A variable of the environment that the chosen target needs is not set, or unusable."""


def did_you_mean(word: str, valid: Iterable[str]) -> str:
    """Return the valid word that was probably meant, or an empty string."""
    by_lower = {name.lower(): name for name in valid}
    close = difflib.get_close_matches(word.lower(), by_lower, n=1, cutoff=0.6)
    return by_lower[close[0]] if close else ""


def _some_of(valid: str, suggestion: str) -> str:
    """Return the valid words, or of many those that are like the one that was meant."""
    words = valid.split(", ")
    if len(words) <= _MANY:
        return valid
    near = difflib.get_close_matches(suggestion, words, n=_SOME, cutoff=0.0) if suggestion else []
    shown = near or words[:_SOME]
    return f"{', '.join(shown)}, and {len(words) - len(shown)} more"


def one_of(word: str, valid: Sequence[str], *, what: str) -> str:
    """`word`, if it is a valid one; otherwise `InvalidValueError` with the nearest."""
    if word in valid:
        return word
    raise InvalidValueError(
        what, value=word, valid=", ".join(valid), suggestion=did_you_mean(word, valid)
    )


def key_path(path: Iterable[str | int]) -> str:
    """Return a path as it is written in TOML: `targets.staging.candidate.url`,
    `parity.rules[1]`.
    """
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part + 1}]"
        else:
            name = part if _BARE_KEY.fullmatch(part) else json.dumps(part, ensure_ascii=False)
            text += f".{name}" if text else name
    return text


def shown(value: object, *, path: Sequence[str | int] = ()) -> str:
    """Return a value as it may be shown: what could hold a secret is hidden, what is long is
    cut.
    """
    if _HIDDEN_BELOW.intersection(str(part) for part in path):
        return f"({kind_of(value)}, not shown)"
    if isinstance(value, dict | list):
        return f"({kind_of(value)})"
    if not isinstance(value, str):
        text = json.dumps(value) if isinstance(value, bool | int | float) else str(value)
        return text.removesuffix(".0")
    secret_free = re.sub(r"//.*@", "//***@", value, flags=re.DOTALL)
    if path and path[-1] in _URL_KEYS:
        secret_free = re.sub(r"^(?!.*//\*\*\*@).*@", "***@", secret_free, flags=re.DOTALL)
        secret_free = re.sub(r"([?#]).+", r"\1***", secret_free, flags=re.DOTALL)
    if len(secret_free) > _SHOWN_CHARACTERS:
        secret_free = secret_free[:_SHOWN_CHARACTERS] + "…"
    return json.dumps(secret_free, ensure_ascii=False)


def kind_of(value: object) -> str:
    """Return the TOML name of a value's type, with its article."""
    match value:
        case bool():
            return "a boolean"
        case int():
            return "an integer"
        case float():
            return "a float"
        case str():
            return "a string"
        case list():
            return "an array"
        case dict():
            return "a table"
        case _:
            return "a date or time"
