"""What is installed only when asked for: the extras of the distribution, and what each brings.

The core compares; measuring, generating and reading a contract need packages of their own, which
half of all projects never use. A room that needs an extra calls `require` where it is opened.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from importlib.util import find_spec
from types import MappingProxyType
from typing import Final

from pytest_cutover.core.errors import ConfigError


class Extra(StrEnum):
    """An extra, by the name that pip takes."""

    CONTRACT = "contract"
    FUZZ = "fuzz"
    PERF = "perf"


# What is imported of each extra, and by which distribution it is known.
_PACKAGES: Final[Mapping[Extra, tuple[str, ...]]] = MappingProxyType(
    {
        Extra.CONTRACT: ("jsonschema",),
        Extra.FUZZ: ("schemathesis",),
        Extra.PERF: ("locust", "numpy", "psutil", "scipy"),
    }
)


class MissingExtraError(ConfigError):
    """What was asked for needs an extra that is not installed."""

    def __init__(self, extra: Extra, *, asked: str, missing: tuple[str, ...]) -> None:
        super().__init__(asked, ())
        self._text = (
            f"{asked} needs {' and '.join(missing)}, not installed here: "
            f'pip install "pytest-cutover[{extra}]"'
        )

    def __str__(self) -> str:
        return self._text


def require(extra: Extra, *, asked: str) -> None:
    """Raise MissingExtraError, in one sentence with the command, where a package is not there.

    `asked` is what asked for it, as the user wrote it: an option, a table, a marker.
    """
    missing = tuple(name for name in _PACKAGES[extra] if not _is_installed(name))
    if missing:
        raise MissingExtraError(extra, asked=asked, missing=missing)


def _is_installed(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ValueError:  # somebody put None in its place
        return False
