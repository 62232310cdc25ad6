"""What the keys of a backend's table say against each other, and its placeholders and headers.

Asked of the raw table, so that these mistakes are told together with those of its types.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from pytest_cutover.config.constraints import (
    REFERENCE,
    known_placeholders,
    known_references,
    valid_header,
)
from pytest_cutover.core.errors import InvalidValueError

_LAUNCH_KEYS: Final = {
    "base_path": "remove it: the base path of a url is a part of it",
    "cwd": "",
    "env": "",
}


def mistakes_in_backend(table: Mapping[str, object]) -> Iterator[InvalidValueError]:
    """Every such mistake of `[targets.NAME.baseline]` or `.candidate`."""
    if ("url" in table) == ("command" in table):
        both = "url" in table
        yield InvalidValueError(
            "a backend has a url or a command, not both" if both else "no url and no command",
            valid='url = "http://…", or command = ["…", "{port}"]',
            advice="remove one of the two" if both else "say where it runs, or how to start it",
        )
    elif "url" in table:
        for key, advice in _LAUNCH_KEYS.items():
            if key in table:
                yield InvalidValueError(
                    "only for a backend with a command",
                    path=(key,),
                    advice=advice or "remove it, or give a command in place of the url",
                )
    if "twin_url" in table and "url" not in table:
        yield InvalidValueError(
            "only for a backend with a url",
            path=("twin_url",),
            advice="remove it: further processes of a command are started by the run",
        )
    yield from _mistakes_in_version(table)
    yield from _mistakes_in_command(table)
    yield from _mistakes_in_values(table)


def _mistakes_in_version(table: Mapping[str, object]) -> Iterator[InvalidValueError]:
    version = table.get("version")
    if not isinstance(version, str):
        return
    _, hash_sign, pointer = version.partition("#") if version.startswith("/") else ("", "", "")
    try:
        known_references(version)
        if hash_sign and not pointer.startswith("/"):
            raise InvalidValueError(
                "not a JSON pointer after #", value=version, valid='such as "/version#/commit"'
            )
    except InvalidValueError as error:
        error.path = ("version",)
        yield error


def _mistakes_in_command(table: Mapping[str, object]) -> Iterator[InvalidValueError]:
    command, env = table.get("command"), table.get("env", {})
    if not isinstance(command, list):
        return
    words = [word for word in command if isinstance(word, str)]
    if not words:
        yield InvalidValueError(
            "an empty command",
            path=("command",),
            valid='words, such as ["{python}", "-m", "app", "--port", "{port}"]',
        )
        return
    for index, word in enumerate(words):
        try:
            known_placeholders(word, valid=("port", "python"))
        except InvalidValueError as error:
            error.path = ("command", index)
            yield error
        if REFERENCE.search(word):
            yield InvalidValueError(
                "`{env:…}` is not filled in on a command line, where every process could read it",
                path=("command", index),
                advice="put it into env",
            )
    values = (
        [value for value in env.values() if isinstance(value, str)] if isinstance(env, dict) else []
    )
    if not any("{port}" in text for text in [*words, *values]):
        yield InvalidValueError(
            "the backend is never told its port",
            path=("command",),
            valid="{port} in command or in a value of env",
            advice='add it, such as env = { PORT = "{port}" }',
        )


def _mistakes_in_values(table: Mapping[str, object]) -> Iterator[InvalidValueError]:
    for key, valid in (("env", ("port",)), ("headers", ())):
        values = table.get(key)
        for name, value in values.items() if isinstance(values, dict) else ():
            if not isinstance(value, str):
                continue  # The type is another mistake, told elsewhere.
            try:
                known_placeholders(value, valid=valid)
                known_references(value)
                if key == "headers":
                    valid_header(name, value)
            except InvalidValueError as error:
                error.path = (key, name)
                yield error
