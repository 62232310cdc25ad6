"""Where hypothesis keeps its caches while cases are generated: not in the user's checkout."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from hypothesis import configuration
from hypothesis.internal.cache import LRUCache
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants

# Models that refer to one another are followed from one into the next, a few frames for each.
_DEEPEST: Final = 5_000
_CACHE: Final = "CONSTANTS_CACHE"


@contextmanager
def generating() -> Iterator[None]:
    """Generate with a storage folder of the user's, and without warnings about the schema.

    What the user's own property tests keep, and where, is as it was before. A folder that somebody
    chose by HYPOTHESIS_STORAGE_DIRECTORY is used.
    """
    chosen = os.environ.get("HYPOTHESIS_STORAGE_DIRECTORY")
    before = vars(configuration).get("__hypothesis_home_directory")
    configuration.set_hypothesis_home_dir(chosen or _folder())
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, _DEEPEST))
    try:
        with warnings.catch_warnings(), _seed_alone_decides():
            warnings.simplefilter("ignore")
            yield
    finally:
        sys.setrecursionlimit(limit)
        configuration.set_hypothesis_home_dir(before)


@contextmanager
def _seed_alone_decides() -> Iterator[None]:
    """Keep hypothesis from mixing constants of the user's modules into what it draws.

    One seed would not send the same requests after an edit of any module, and reading them all
    takes seconds. What it knows for the user's own property tests is not touched. These are
    internals: where they are not as expected, nothing is changed.
    """
    known: Any = providers
    before = {name: getattr(known, name, None) for name in ("_get_local_constants", _CACHE)}
    if None in before.values():
        yield
        return
    for name, value in _own().items():
        setattr(known, name, value)
    try:
        yield
    finally:
        for name, value in before.items():
            setattr(known, name, value)


@lru_cache(maxsize=1)
def _own() -> dict[str, Any]:
    none = Constants()
    return {"_get_local_constants": lambda: none, _CACHE: LRUCache(1024)}


@lru_cache(maxsize=1)
def _folder() -> Path:
    """Return the user's cache: tables of characters take two seconds to make. Else one of this
    process.
    """
    cache = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    try:
        folder = (
            (Path(cache) if cache else Path.home() / ".cache") / "pytest-cutover" / "hypothesis"
        )
        folder.mkdir(parents=True, exist_ok=True)
        if os.access(folder, os.W_OK):
            return folder
    except (OSError, RuntimeError):
        pass
    return Path(_temporary().name)


@lru_cache(maxsize=1)
def _temporary() -> TemporaryDirectory[str]:
    """Make the folder, which is removed when the process ends."""
    return TemporaryDirectory(prefix="pytest-cutover-", ignore_cleanup_errors=True)
