"""What users import: typed to the strictest, cheap to import, and the only way they are shown."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import pytest_cutover

ROOT = Path(__file__).parents[2]
AS_USERS_WRITE = (
    "conftest.py",
    "examples",
    "tests/characterization",
    "tests/monitoring",
    "tests/perf",
    "tests/readiness",
    "tests/rollback",
    "pytest_cutover/cli/init/files.py",
)
DEEP = re.compile(r"^\s*#?\s*(?:from|import) pytest_cutover\.\w", re.MULTILINE)


def test_the_types_are_those_that_users_see() -> None:
    words = ["-m", "mypy", "--strict", "--no-incremental", "tests/typing/suite.py"]
    done = subprocess.run([sys.executable, *words], cwd=ROOT, capture_output=True, text=True)

    assert done.returncode == 0, done.stdout + done.stderr


def test_importing_the_package_loads_nothing_of_it() -> None:
    code = "import sys, pytest_cutover; print(*sorted(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())

    assert {name for name in loaded if name.startswith("pytest_cutover")} == {"pytest_cutover"}
    assert not loaded & {"httpx", "pytest", "msgspec", "anyio"}


def test_every_public_name_is_there_and_no_other() -> None:
    for name in pytest_cutover.__all__:
        assert getattr(pytest_cutover, name) is not None
    assert dir(pytest_cutover) == sorted(pytest_cutover.__all__)
    with pytest.raises(AttributeError, match="no attribute 'Recorder'"):
        _ = pytest_cutover.Recorder  # type: ignore[attr-defined]


@pytest.mark.parametrize("place", AS_USERS_WRITE)
def test_what_users_write_takes_no_deep_path(place: str) -> None:
    path = ROOT / place
    files = path.rglob("*.py") if path.is_dir() else [path]
    found = [file for file in files if "node_modules" not in file.parts]
    text = {str(file.relative_to(ROOT)): file.read_text("utf-8") for file in found}

    if path.name == "files.py":
        # Its own imports are those of a module; what it writes stands in texts.
        text = {
            name: "\n".join(re.findall(r"'''(.*?)'''", one, re.DOTALL))
            for name, one in text.items()
        }
    assert [name for name, one in text.items() if DEEP.search(one)] == []
