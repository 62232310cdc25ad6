"""Runs of pytest as programs of their own, which get signals and lose what they launched."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

from tests.integration.faults.conftest import BadProject
from tests.integration.plugin.conftest import WITHOUT, Run

MORTAL = Path(__file__).with_name("mortal_server.py")
SUITE = """
    import pytest

    @pytest.mark.characterization("GET /thing")
    @pytest.mark.parametrize("n", range(3))
    def test_thing(backend, n):
        assert backend.get("/thing").json() == {"size": 3}
"""
# In place of `place:name` comes one that first sends a signal, once: Ctrl-C as a terminal does, to
# everybody in the foreground, any other to the one process that CI knows.
SENDING = """
    import functools, importlib, os, signal

    os.environ.setdefault("CONTROLLER", str(os.getpid()))

    def send(number):
        try:
            open("sent", "x").close()
        except FileExistsError:
            return
        if number == signal.SIGINT:
            os.killpg(os.getpgrp(), number)
        else:
            os.kill(int(os.environ["CONTROLLER"]), number)

    def before(place, number, *, call=1):
        module, _, names = place.partition(":")
        *owners, name = names.split(".")
        owner = functools.reduce(getattr, owners, importlib.import_module(module))
        real, calls = getattr(owner, name), []

        @functools.wraps(real)
        def sending(*args, **kwargs):
            calls.append(1)
            if len(calls) == call:
                send(number)
            return real(*args, **kwargs)

        setattr(owner, name, sending)
"""


class Ended(Run):
    """What a run of its own left."""

    def __init__(self, process: subprocess.Popen[bytes], path: Path, screen_name: str) -> None:
        self.status = process.returncode
        self.screen = (path / screen_name).read_text("utf-8", "replace")
        self.errors = ""
        self.path = path


def launched(
    project: BadProject, *, candidate: str = "", baseline: str = "", tables: str = ""
) -> None:
    """A target `local` whose sides are programs; the words are added to a side's command line."""
    sides = "".join(
        f"""
        [targets.local.{side}]
        command = {json.dumps(["{python}", str(MORTAL), "--port", "{port}", *more.split()])}
        """
        for side, more in (("baseline", baseline), ("candidate", candidate))
    )
    project.write("cutover.toml", textwrap.dedent(sides) + textwrap.dedent(tables))


def start(
    project: BadProject, *words: str, target: str = "local", screen_name: str = "screen.txt"
) -> subprocess.Popen[bytes]:
    """pytest in a process group of its own, as a shell starts what is in the foreground."""
    command = [sys.executable, "-m", "pytest", f"--cutover-target={target}", *words, *WITHOUT]
    with (project.path / screen_name).open("wb") as screen:
        return subprocess.Popen(
            command,
            cwd=project.path,
            stdin=subprocess.DEVNULL,
            stdout=screen,
            stderr=subprocess.STDOUT,
            process_group=0,
        )


def finish(
    process: subprocess.Popen[bytes], project: BadProject, screen_name: str = "screen.txt"
) -> Ended:
    """Wait for its end; a run that hangs is a failure."""
    try:
        process.wait(60)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    return Ended(process, project.path, screen_name)


def until(condition: Callable[[], object], seconds: float = 30) -> bool:
    """Whether the condition came true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False
