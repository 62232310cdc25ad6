"""The environments that pytest-cutover is proven in, beside the locked one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

# Generated requests need schemathesis, which needs a later pytest than the core does.
GENERATED: Final = ("tests/unit/fuzz", "tests/integration/fuzz")
_WITHOUT_GENERATED: Final = tuple(f"--ignore={path}" for path in GENERATED)
# The linters belong to the locked environment.
_NO_LINTERS: Final = ("--ignore=tests/unit/documentation", "--ignore=tests/unit/cli/test_init.py")
SMOKE: Final = (
    "tests/unit/backends",
    "tests/integration/plugin/test_verdicts.py",
    "tests/integration/plugin/test_goldens.py",
    "tests/integration/plugin/test_login.py",
    "tests/integration/plugin/test_xdist.py",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One environment: `lowest` takes the floors of pyproject.toml, `pins` what a project has.

    `beside` is installed with it, as a project has it; `tests` is what runs.
    """

    python: str = "3.11"
    lowest: bool = False
    extras: tuple[str, ...] = ()
    pins: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    tests: tuple[str, ...] = SMOKE


CELLS: Final[Mapping[str, Cell]] = {
    "lowest": Cell(
        lowest=True,
        extras=("contract", "perf"),
        tests=(
            *("tests/unit", "tests/integration"),
            *(*_WITHOUT_GENERATED, *_NO_LINTERS, "--ignore=tests/integration/browser"),
        ),
    ),
    "lowest-fuzz": Cell(
        lowest=True,
        extras=("all",),
        tests=(*GENERATED, "tests/integration/messages/test_mistakes.py", "tests/cases"),
    ),
    "core": Cell(),
    "common-pins": Cell(
        extras=("contract",),
        pins=("pytest>=8.3,<8.4", "httpx>=0.27,<0.28", "anyio>=4,<4.7"),
        beside=("pytest-asyncio==0.24.0",),
    ),
    "pytest-8.4": Cell(extras=("contract",), pins=("pytest>=8.4,<8.5", "httpx>=0.28,<0.29")),
    "python-3.12": Cell(python="3.12", extras=("contract",)),
    "python-3.13": Cell(python="3.13", extras=("all",), tests=(*SMOKE, *GENERATED)),
}
