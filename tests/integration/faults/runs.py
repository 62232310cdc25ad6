"""Suites and targets for runs that get signals and lose what they launched."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path

from tests.integration.faults.conftest import BadProject

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
