"""What a subcommand is."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Subcommand:
    """A subcommand of `pytest-cutover`.

    `summary` is its line in the list, `description` and `examples` (indented by two) its help.
    `run` returns the exit status and raises `ConfigError` for a mistake of the user's.
    """

    name: str
    summary: str
    description: str
    examples: str
    add_arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]
