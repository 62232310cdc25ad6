"""The tutorial does what it says, command by command, with the server that it names."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from pytest_cutover.backends.process.launch import free_port
from tests.reference.runs import ROOT

PAGE = (ROOT / "docs" / "tutorial.md").read_text("utf-8")
STRANGERS = ROOT / ".venv" / "strangers" / "bin"
# The tests have the environment already.
INSTALLING = ("python -m venv", "pip install")


def test_from_nothing_to_go(tmp_path: Path) -> None:
    commands = re.findall(r"^\$ (.*)$", PAGE, re.MULTILINE)
    commands = [one for one in commands if not one.startswith(INSTALLING)]
    assert len(commands) <= 12
    script = "set -m\n" + "\n".join(commands) + "\n"
    for written in ("3123", "8123", "8124"):
        script = script.replace(written, str(free_port()))
    for name, text in re.findall(r"```python\n# (\w+\.py)\n(.*?)```", PAGE, re.DOTALL):
        (tmp_path / name).write_text(text, "utf-8")
    commands_of = tmp_path / "bin"
    commands_of.mkdir()
    (commands_of / "waitress-serve").symlink_to(STRANGERS / "waitress-serve")
    left_out = ("PYTEST_", "GITHUB_", "CI", "PYTHONDONTWRITEBYTECODE")
    environment = {name: one for name, one in os.environ.items() if not name.startswith(left_out)}
    environment["PATH"] = os.pathsep.join(
        [str(commands_of), str(ROOT / ".venv" / "bin"), environment["PATH"]]
    )
    environment["PYTEST_ADDOPTS"] = "-p no:schemathesis -p no:locust"
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )

    said = done.stdout + done.stderr
    verdicts = re.findall(r"^cutover: ([A-Z-]+)", said, re.MULTILINE)
    assert verdicts == ["GO", "NO-GO", "PARTIAL", "GO"], said
    for screen in re.findall(r"```text\n(.*?)```", PAGE, re.DOTALL):
        lines = [_uncounted(line) for line in screen.splitlines()]
        assert [line for line in lines if line not in _uncounted(said)] == [], said


def _uncounted(text: str) -> str:
    """Return a screen without its numbers: a clock that ticks between two answers counts too."""
    return re.sub(r"\d[\d,]*", "N", text)
