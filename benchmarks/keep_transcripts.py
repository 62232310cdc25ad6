"""A pytest plugin that keeps the transcripts of a run; loaded by `reference_transcripts`.

Goldens are read from and written to a temporary folder, so that a recording run leaves no trace.
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Generator
from pathlib import Path

import pytest

from pytest_cutover.backends.markers import split_side
from pytest_cutover.backends.session import COMPARED, RECORDERS, SESSION
from pytest_cutover.compare.confirm.rulebook import profiles_of, rules_of
from pytest_cutover.compare.golden.files import GoldenFiles
from pytest_cutover.core.exchange import Transcript

VARIABLE = "KEEP_TRANSCRIPTS_IN"
_FOLDER = Path(os.environ.get(VARIABLE, "."))
_KEPT: dict[tuple[str, str], Transcript] = {}


def pytest_sessionstart(session: pytest.Session) -> None:
    """Point the parity room to another folder of goldens."""
    parity = session.config.pluginmanager.get_plugin("cutover-parity")
    assert parity is not None
    parity._files = GoldenFiles(_FOLDER / "goldens", _FOLDER)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Keep what the first round of a test recorded, however it ended."""
    try:
        return (yield)
    finally:
        test, variant = split_side(item)
        recorder = item.stash.get(RECORDERS, {}).get(variant.removesuffix("-again"))
        recorder = item.stash.get(RECORDERS, {}).get(variant, recorder)
        if recorder is not None and any(item.get_closest_marker(name) for name in COMPARED):
            made = recorder.transcript(item.config.stash[SESSION].secrets.values())
            if made.exchanges:
                _KEPT.setdefault((test, variant), made)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write what was kept, with the rules and profiles under which it is compared."""
    plan = session.config.stash[SESSION].plan
    settings = (rules_of(plan.config), profiles_of(plan.target))
    (_FOLDER / "kept.pickle").write_bytes(pickle.dumps((_KEPT, *settings)))
