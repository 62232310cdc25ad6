"""Each code is declared once, where it is given, and explained from there."""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

import pytest_cutover
from pytest_cutover.codes import CODES, DECLARED

ROOT = Path(__file__).parents[2]
PACKAGE = Path(pytest_cutover.__file__).parent
CODE = re.compile(r"CUT\d{3}")
# They speak about the gates of other rooms, which give the codes.
SPEAK_ABOUT_OTHERS = ("checklist/catalogue.py", "checklist/judge.py", "gate/severity.py")
DECLARING = sorted(path for path in PACKAGE.rglob("codes.py") if path.parent not in (PACKAGE,))


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def given() -> Iterator[tuple[str, Path]]:
    """Every code in the source, with the file that gives it."""
    for path in PACKAGE.rglob("*.py"):
        if path in DECLARING or str(path.relative_to(PACKAGE)) in SPEAK_ABOUT_OTHERS:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and CODE.fullmatch(str(node.value)):
                yield str(node.value), path


def height() -> dict[str, int]:
    """How high each room is in the layers that import-linter keeps."""
    linter = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    layers = next(one for one in linter["contracts"] if one["type"] == "layers")["layers"]
    return {
        name: level
        for level, names in enumerate(reversed(layers))
        for name in re.split(r"[ |:]+", names)
    }


def declared_in() -> dict[str, str]:
    found: dict[str, str] = {}
    for path in DECLARING:
        name = ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)
        found |= {
            entry.code: room(path) for entry in getattr(importlib.import_module(name), "CODES", ())
        }
    return found


def test_every_code_is_declared_once_and_explained() -> None:
    assert [] == [
        code for code, times in Counter(one.code for one in DECLARED).items() if times > 1
    ]
    assert {code for code, _ in given()} - set(CODES) == set()
    assert set(declared_in()) == set(CODES)


def test_every_code_is_declared_in_the_room_that_gives_it_or_below_the_rooms_that_do() -> None:
    rooms, levels = declared_in(), height()

    elsewhere = [
        f"{code}, given by {path.relative_to(PACKAGE)}, is declared in {rooms[code]}"
        for code, path in given()
        if rooms[code] != room(path) and levels[rooms[code]] >= levels[room(path)]
    ]

    assert [] == elsewhere
    givers: dict[str, set[str]] = {code: set() for code in CODES}
    for code, path in given():
        givers[code].add(room(path))
    alone = {code for code, names in givers.items() if len(names) == 1}
    assert [] == [code for code in alone if {rooms[code]} != givers[code]]


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("pytest_cutover.codes", {"pytest", "httpx", "numpy", "jinja2", "msgspec", "cattrs"}),
        # With all its commands: who asks what a code means does not wait for a test runner.
        ("pytest_cutover.cli", {"pytest", "httpx", "numpy", "jinja2", "schemathesis"}),
    ],
)
def test_explaining_a_code_imports_nothing_heavy(module: str, heavy: set[str]) -> None:
    code = f"import sys, {module}; print(sorted({heavy} & set(sys.modules)))"

    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert "[]\n" == run.stdout
