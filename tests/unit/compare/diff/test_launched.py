"""Paths in the folder that each side was given are one, and no others are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pytest_cutover.compare.diff.launched import NOT_LAUNCHED, Launched
from pytest_cutover.compare.diff.transcripts import compare
from pytest_cutover.compare.noise.model import learn
from pytest_cutover.config.own_folders import own_folders
from pytest_cutover.config.target import BackendSpec
from tests.unit.compare.building import exchange, transcript

FOLDERS = Launched(folders=(("/srv/old", "/srv/new"),))


@pytest.mark.parametrize(
    ("base", "cand", "is_told"),
    [
        ("/srv/old/garden.db", "/srv/new/garden.db", False),
        ("/srv/old", "/srv/new", False),
        ("sqlite:////srv/old/garden.db?mode=ro", "sqlite:////srv/new/garden.db?mode=ro", False),
        ("/srv/old/garden.db", "/srv/new/shop.db", True),
        ("/srv/old/garden.db", "/srv/new/data/garden.db", True),
        ("/srv/old/garden.db", "/var/new/garden.db", True),
        ("/srv/older/garden.db", "/srv/newer/garden.db", True),
        ("/srv/old-2/garden.db", "/srv/new-2/garden.db", True),
        ("/srv/old/garden.db", "garden.db", True),
        (4, 5, True),
    ],
)
@pytest.mark.parametrize("is_launched", [True, False])
def test_a_path_in_its_own_folder(base: Any, cand: Any, is_told: bool, is_launched: bool) -> None:
    left, right = (transcript(exchange({"path": one})) for one in (base, cand))
    known = FOLDERS if is_launched else NOT_LAUNCHED
    found = compare(left, right, golden=learn(left, left), launched=known)
    assert [one.pointer for one in found.differences] == (
        ["/path"] if is_told or not is_launched else []
    )


def spec(*command: str, cwd: str = "/srv", **env: str) -> BackendSpec:
    return BackendSpec(command=command, cwd=Path(cwd), env=env)


def test_what_the_configuration_gives_each_side_is_its_own() -> None:
    old = spec("app", "/data/one", "--log=/log/one", "{port}", cwd="/srv/old", DB="/db/one", A="/a")
    new = spec("app", "/data/two", "--log=/log/two", "{port}", cwd="/srv/new", DB="/db/two", B="/b")
    assert own_folders(old, new) == (
        ("/data/one", "/data/two"),
        ("/log/one", "/log/two"),
        ("/srv/old", "/srv/new"),
        ("/db/one", "/db/two"),
    )


def test_one_folder_of_both_is_no_pair() -> None:
    assert own_folders(spec("old", "{port}"), spec("new", "--fast", "{port}")) == ()
    assert own_folders(spec("a", cwd="/srv/old"), BackendSpec(url="http://127.0.0.1:1")) == ()
