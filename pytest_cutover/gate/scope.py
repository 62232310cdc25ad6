"""Whether a run was made smaller than the suite: such a run never says GO."""

from __future__ import annotations

from pathlib import Path

import pytest

_OPTIONS = (
    ("keyword", "-k"),
    ("markexpr", "-m"),
    ("lf", "--lf"),
    ("deselect", "--deselect"),
    ("ignore", "--ignore"),
    ("ignore_glob", "--ignore-glob"),
    ("stepwise", "--stepwise"),
    ("stepwise_skip", "--stepwise-skip"),
    ("newfirst", ""),
)


def how_narrowed(config: pytest.Config) -> str:
    """Return the options and arguments that narrow this run; empty for the whole suite."""
    parts = [
        name
        for option, name in _OPTIONS
        if name and getattr(config.option, option, None) not in (None, "", False, [], ())
    ]
    if config.args_source is pytest.Config.ArgsSource.ARGS and not _covers_everything(config):
        parts.insert(0, " ".join(str(argument) for argument in config.args))
    return ", ".join(parts)


def _covers_everything(config: pytest.Config) -> bool:
    """Whether the arguments name at least all that a run without arguments would."""
    given = [_resolved(config.invocation_params.dir, argument) for argument in config.args]
    if any("::" in str(argument) for argument in config.args):
        return False
    wanted = [config.rootpath / path for path in config.getini("testpaths")] or [config.rootpath]
    return all(
        any(path == where or path.is_relative_to(where) for where in given) for path in wanted
    )


def _resolved(directory: Path, argument: str) -> Path:
    return (directory / argument).resolve()
