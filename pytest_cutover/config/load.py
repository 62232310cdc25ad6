"""Finding and reading the configuration: `cutover.toml`, else `[tool.cutover]` of pyproject.toml.

Called by the plugin once a target is chosen, and by the command line.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from pytest_cutover.config.constraints import valid_url
from pytest_cutover.config.decode import structure
from pytest_cutover.config.known_keys import with_its_table
from pytest_cutover.config.model import Config
from pytest_cutover.config.target import BackendSpec, Target
from pytest_cutover.core.errors import (
    FileError,
    InvalidValueError,
    Mistake,
    MistakesError,
    did_you_mean,
)

FILE_NAME: Final = "cutover.toml"
ADHOC: Final = "adhoc"
"""The name of a target made from two URLs."""

_CONFLICT: Final = re.compile(r"^(<{7}|={7}|>{7}|\|{7})( |\r?$)", re.MULTILINE)
_PLACE: Final = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)$")


def load_config(
    rootdir: Path, *, file: Path | None = None, profiles: Collection[str] | None = None
) -> Config:
    """Return the configuration of a project; the defaults where there is none.

    `rootdir` is searched for `cutover.toml`, then for a pyproject.toml with `[tool.cutover]`;
    `file` names another file in place of both. `profiles` are the profile names that the caller
    knows; without them any name passes.

    Raises `FileError` or `MistakesError`, the latter with all mistakes of the file.
    """
    source, table, prefix = _read(rootdir, file)
    if source is None:
        return Config(root=rootdir)
    config, mistakes = structure(table, Config)
    mistakes += _unknown_profiles(table, profiles)
    if config is None or mistakes:
        raise MistakesError(
            shown_path(source),
            [
                replace(with_its_table(mistake), key=f"{prefix}{mistake.key}")
                for mistake in mistakes
            ],
        )
    targets = {name: replace(target, name=name) for name, target in config.targets.items()}
    return replace(config, source=source, root=source.parent, targets=targets)


def adhoc_target(baseline_url: str, candidate_url: str, writes: bool = False) -> Target:
    """Return the target of `--cutover-baseline` and `--cutover-candidate`; needs no file.

    Raises `MistakesError` naming the options.
    """
    specs, mistakes = {}, []
    for side, url in (("baseline", baseline_url), ("candidate", candidate_url)):
        option = f"--cutover-{side}"
        try:
            specs[side] = BackendSpec(url=valid_url(url))
        except InvalidValueError as error:
            mistakes.append(replace(error.at((side, "url")), key=option))
    if mistakes:
        raise MistakesError("command line", mistakes)
    return Target(
        name=ADHOC,
        baseline=specs["baseline"],
        candidate=specs["candidate"],
        writes=writes,
        fuzz_writes=writes,
    )


def read_toml(path: Path) -> dict[str, Any]:
    """Return the tables of a TOML file. Raises `FileError`, with line and column of a syntax
    error.
    """
    return parse_toml(read_text(path), source=shown_path(path))


def read_text(path: Path) -> str:
    """Return the text of a file, line endings as they are. Raises `FileError`."""

    def wrong(what: str, advice: str, key: str = "") -> FileError:
        return FileError(shown_path(path), [Mistake(key=key, what=what, advice=advice)])

    try:
        raw = path.read_bytes()
        return raw.decode("utf-8-sig")  # editors of Windows put a byte order mark before it
    except FileNotFoundError:
        raise wrong("no such file", "check the path") from None
    except OSError as error:
        raise wrong(f"cannot be read: {error.strerror}", "check the file") from None
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise wrong("not UTF-8", "save the file as UTF-8", f"line {line}") from None


def parse_toml(text: str, *, source: str) -> dict[str, Any]:
    """Return the tables of a text; `source` names it in errors. Raises `FileError`."""
    conflict = _CONFLICT.search(text)
    if conflict:
        line = text[: conflict.start()].count("\n") + 1
        what, advice = "a conflict marker of a merge", "resolve the conflict, then run again"
        raise FileError(source, [Mistake(key=f"line {line}", what=what, advice=advice)])
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        mistake = _declared_twice(text, str(error)) or _syntax_mistake(str(error))
        raise FileError(source, [mistake]) from None


def _declared_twice(text: str, message: str) -> Mistake | None:
    """Return a table that stands twice, with both of its lines; None for another mistake."""
    found = _PLACE.search(message)
    if "declare" not in message or not found or not found[1]:
        return None
    lines = text.splitlines()
    second = int(found[1])
    header = lines[second - 1].strip() if second <= len(lines) else ""
    if not header.startswith("["):
        return None
    first = next((n for n, line in enumerate(lines[: second - 1], 1) if line.strip() == header), 0)
    if not first:
        return None
    return Mistake(
        key=f"line {second}",
        what=f"the table {header} stands twice: it begins in line {first} already",
        advice="put the keys of both into one table, or give the second another name",
    )


def _syntax_mistake(message: str) -> Mistake:
    """tomllib's message without what it quotes of the file: that may be a secret."""
    found = _PLACE.search(message)
    what = _PLACE.sub("", message)
    what = re.sub(r"[:,]? (['\"]).*\1", "", what, flags=re.DOTALL)
    place = "end of the file"
    if found and found[1]:
        place = f"line {found[1]}, column {found[2]}"
    return Mistake(
        key=place,
        what=f"not valid TOML: {what[:1].lower()}{what[1:]}",
        advice="strings stand in double quotes, tables in [brackets]; see https://toml.io",
    )


def _read(rootdir: Path, file: Path | None) -> tuple[Path | None, dict[str, Any], str]:
    """Return the file, its tables, and what its keys begin with."""
    if file is not None:
        return file, read_toml(file), ""
    own = rootdir / FILE_NAME
    if own.exists():
        return own, read_toml(own), ""
    project = rootdir / "pyproject.toml"
    if project.exists():
        tool = read_toml(project).get("tool")
        if isinstance(tool, dict) and "cutover" in tool:
            table = tool["cutover"]
            if isinstance(table, dict):
                return project, table, "tool.cutover."
            raise MistakesError(
                shown_path(project), [Mistake(key="tool.cutover", what="expected a table")]
            )
    return None, {}, ""


def _unknown_profiles(table: Mapping[str, Any], profiles: Collection[str] | None) -> list[Mistake]:
    """Asked of the tables, so that it is told together with every other mistake."""
    return [
        InvalidValueError(
            "no profile has this name",
            value=word,
            valid=", ".join(sorted(profiles)),
            suggestion=did_you_mean(word, profiles),
        ).at(path)
        for path, word in _profile_words(table)
        if profiles is not None and word not in profiles
    ]


def _profile_words(table: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every profile that is named, with its place; what has another type is told elsewhere."""
    targets = table.get("targets")
    for name, target in targets.items() if isinstance(targets, dict) else ():
        for side in ("baseline", "candidate"):
            spec = target.get(side) if isinstance(target, dict) else None
            given = spec.get("profile") if isinstance(spec, dict) else None
            for word in given if isinstance(given, list) else [given]:
                if isinstance(word, str):
                    yield ("targets", name, side, "profile"), word


def shown_path(path: Path) -> str:
    """Return a path as messages give it: relative to where the command runs, where that is
    shorter.
    """
    try:
        relative = os.path.relpath(path)
    except ValueError:  # pragma: no cover - another drive
        return str(path)
    return str(path) if relative.startswith("..") else relative
