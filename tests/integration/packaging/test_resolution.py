"""What installs beside what a project has pinned already, asked of uv and the package index."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
UV = Path(sys.executable).with_name("uv")


def index_answers() -> bool:
    try:
        socket.create_connection(("pypi.org", 443), timeout=2).close()
    except OSError:
        return False
    return True


# A FastAPI project's pins as they are met; anyio, starlette and pydantic come with FastAPI.
COMMON = """\
pytest==8.3.5
pytest-asyncio==0.24.0
anyio==4.6.2
httpx==0.27.2
pytest-cov
fastapi==0.115.6
"""


@pytest.mark.skipif(not UV.exists(), reason="uv is in the development environment")
@pytest.mark.parametrize(
    ("pins", "extras"),
    [
        (COMMON, ["contract"]),
        (COMMON, ["contract", "perf"]),
        (COMMON.replace("8.3.5", "8.2.0").replace("0.24.0", "0.23.8"), []),
        (COMMON.replace("8.3.5", "8.4.2").replace("0.24.0", "1.1.0"), ["all"]),
    ],
)
def test_it_installs_beside_common_pins(tmp_path: Path, pins: str, extras: list[str]) -> None:
    if not index_answers():
        pytest.skip("the package index cannot be reached from here")
    (tmp_path / "pins.txt").write_text(pins, "utf-8")
    words = [word for extra in extras for word in ("--extra", extra)]
    command = [str(UV), "pip", "compile", "--quiet", "--python-version", "3.11", *words]
    done = subprocess.run(
        [*command, "pyproject.toml", str(tmp_path / "pins.txt"), "-o", str(tmp_path / "all.txt")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert pins.splitlines()[0] in (tmp_path / "all.txt").read_text("utf-8")
