"""A command of the team, and other values that several tables of the checklist share."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from pytest_cutover.config.constraints import Check, Duration, RawCheck, Text, known_references
from pytest_cutover.core.endpoint import normalise
from pytest_cutover.core.errors import InvalidValueError


def _anything(value: object) -> object:
    return value


def _pattern(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise InvalidValueError(
            f"not a regular expression: {error}", value=value, advice="mend or escape it"
        ) from None
    return value


def _request(value: str) -> str:
    if not re.fullmatch(r"[A-Z]+ /\S*", value):
        raise InvalidValueError(
            "not a request", value=value, valid="METHOD /path, such as POST /api/login"
        )
    return value


Pattern = Annotated[str, Check(_pattern)]
RequestText = Annotated[str, Check(_request)]
EndpointText = Annotated[str, Check(normalise)]
Json = Annotated[Any, RawCheck(_anything)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command of the team: its words, where it runs, and how long it may take.

    ``{python}`` is the interpreter that runs pytest. `env` is added to the environment; its values
    may hold ``{env:NAME}``. `cwd` is relative to the configuration file.
    """

    command: tuple[Text, ...]
    cwd: Text = "."
    timeout: Duration = 60.0
    env: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def argv(self) -> tuple[str, ...]:
        """The words with the interpreter filled in."""
        return tuple(word.replace("{python}", sys.executable) for word in self.command)

    @property
    def shown(self) -> str:
        """The words as a person would type them."""
        return shlex.join(word.replace("{python}", "python") for word in self.command)

    @staticmethod
    def mistakes_in(table: Mapping[str, object]) -> Iterator[InvalidValueError]:
        """Yield a command without words, and references that would not be filled in."""
        if table.get("command") == []:
            yield InvalidValueError(
                "an empty command", path=("command",), valid='words, such as ["docker", "build"]'
            )
        env = table.get("env")
        for name, value in env.items() if isinstance(env, dict) else ():
            try:
                known_references(value if isinstance(value, str) else "")
            except InvalidValueError as error:
                error.path = ("env", name)
                yield error
