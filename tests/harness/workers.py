"""What all workers need is made by the first of them: each is given tests of every file."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable
from typing import TypeVar

import pytest

MadeT = TypeVar("MadeT")


def made_once(
    tmp_path_factory: pytest.TempPathFactory, name: str, make: Callable[[], MadeT]
) -> MadeT:
    """What `make` returns, which JSON can hold; other workers of this run wait for it, and read it.

    Where it raises it is asked again by whoever comes next.
    """
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_TESTRUNUID" in os.environ:
        folder = folder.parent
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        file = folder / f"{name}.json"
        if not file.exists():
            whole = file.with_suffix(".part")
            whole.write_text(json.dumps(make()), "utf-8")
            whole.rename(file)
        made: MadeT = json.loads(file.read_text("utf-8"))
        return made
