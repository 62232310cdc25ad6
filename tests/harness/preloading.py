"""What stays imported: a run in this process throws away what it imported itself.

Importing everything anew, rewritten for its assertions, was most of each such run.
"""

from __future__ import annotations

import contextlib
import importlib
import pkgutil

# What needs schemathesis, which its own tests load, and what runs inside locust.
_APART = ("pytest_cutover.fuzz.", "pytest_cutover.performance.load.locust_harness")


def preload(package: str, *, apart: tuple[str, ...] = _APART) -> None:
    """Import every module of a package, but those whose names begin with one of `apart`."""
    for module in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
        if not module.name.startswith(apart):
            # Where an extra is not installed, what needs it is not run either.
            with contextlib.suppress(ModuleNotFoundError):
                importlib.import_module(module.name)
