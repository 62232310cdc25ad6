"""Generating borrows hypothesis, and gives it back as it was."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import configuration
from hypothesis.internal.conjecture import providers

from pytest_cutover.fuzz.generate import storage


def test_constants_of_the_users_modules_are_not_drawn() -> None:
    own = providers._get_local_constants
    cache = providers.CONSTANTS_CACHE
    with storage.generating():
        assert len(providers._get_local_constants()) == 0
        assert providers.CONSTANTS_CACHE is not cache
    assert providers._get_local_constants is own
    assert providers.CONSTANTS_CACHE is cache


def test_everything_is_as_before_after_an_error() -> None:
    limit = sys.getrecursionlimit()
    home = vars(configuration).get("__hypothesis_home_directory")
    with pytest.raises(ValueError, match="a schema"), storage.generating():
        raise ValueError("a schema")
    assert sys.getrecursionlimit() == limit
    assert vars(configuration).get("__hypothesis_home_directory") == home


def test_caches_go_to_the_users_cache_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    storage._folder.cache_clear()
    try:
        with storage.generating():
            found = configuration.storage_directory("constants", intent_to_write=False)
        assert found.path == tmp_path / "pytest-cutover" / "hypothesis" / "constants"
    finally:
        storage._folder.cache_clear()
