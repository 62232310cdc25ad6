"""The real pair, killed in mid-run: Node, uvicorn and PostgreSQL go with it."""

from __future__ import annotations

import contextlib
import signal
import uuid
from pathlib import Path

import psutil
import pytest

from tests.harness.processes import MARK, survivors, until, words_of
from tests.reference.runs import SUITE, start_suite

PROGRAMS = ("node server.js", "-m flowviz", "postgres -D")


def alive(tree: list[psutil.Process]) -> list[psutil.Process]:
    found = []
    for one in tree:
        with contextlib.suppress(psutil.NoSuchProcess):
            if one.is_running() and one.status() != psutil.STATUS_ZOMBIE:
                found.append(one)
    return found


@pytest.mark.parametrize("words", [(), ("-n2",)])
def test_no_program_of_the_pair_survives(tmp_path: Path, words: tuple[str, ...]) -> None:
    mark, folder = uuid.uuid4().hex, tmp_path / "report"
    started = start_suite(folder, SUITE, "--cutover-target=quick", "-v", *words, **{MARK: mark})
    process, screen = started.process, started.screen
    tree: list[psutil.Process] = []
    try:
        assert until(lambda: b"PASSED" in screen.read_bytes() or process.poll() is not None, 120)
        assert process.poll() is None, screen.read_text()
        # PostgreSQL is given an environment of its own, and is known as a descendant.
        tree = psutil.Process(process.pid).children(recursive=True)
        seen = " ".join(map(words_of, tree))
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert until(lambda: survivors(mark) == alive(tree) == [], 60), alive(tree)
    finally:
        process.kill()
        for one in tree:
            with contextlib.suppress(psutil.Error):
                one.kill()
        process.wait()
    for program in PROGRAMS:
        assert program in seen
    assert not (folder / "gate.json").exists()
