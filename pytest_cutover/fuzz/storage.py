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
from typing import Final

from hypothesis import configuration

# Models that refer to one another are followed from one into the next, a few frames for each.
_DEEPEST: Final = 5_000


@contextmanager
def generating() -> Iterator[None]:
    """Generate with a storage folder of this process, and without warnings about the schema.

    What the user's own property tests keep, and where, is as it was before. A folder that somebody
    chose by HYPOTHESIS_STORAGE_DIRECTORY is used.
    """
    chosen = os.environ.get("HYPOTHESIS_STORAGE_DIRECTORY")
    before = vars(configuration).get("__hypothesis_home_directory")
    configuration.set_hypothesis_home_dir(chosen or Path(_folder().name))
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, _DEEPEST))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        sys.setrecursionlimit(limit)
        configuration.set_hypothesis_home_dir(before)


@lru_cache(maxsize=1)
def _folder() -> TemporaryDirectory[str]:
    """Removed when the process ends."""
    return TemporaryDirectory(prefix="pytest-cutover-hypothesis-", ignore_cleanup_errors=True)
