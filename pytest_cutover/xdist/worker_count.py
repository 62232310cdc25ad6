"""How many workers a run will have; imported by every run, pytest-xdist or not."""

from __future__ import annotations

import pytest


def worker_count(config: pytest.Config) -> int:
    """Return how many workers pytest-xdist will have; 0 where tests are not spread."""
    option = config.option
    if getattr(option, "dist", "no") == "no":
        return 0
    return sum(_times(spec) for spec in getattr(option, "tx", None) or ())


def _times(spec: str) -> int:
    """How many workers one ``--tx`` means: ``3*popen`` are three."""
    number, star, _ = spec.partition("*")
    return int(number) if star and number.isdigit() else 1
