"""The paths of which a configuration gives each of two launched sides its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pytest_cutover.config.target import BackendSpec

_SHORTEST = 3  # characters: a path of one sign is in every other

Pair = tuple[str, str]


def own_folders(baseline: BackendSpec, candidate: BackendSpec) -> tuple[Pair, ...]:
    """Return the pairs of paths that differ: where they run, and those in a command and variables.

    Longer ones come first. A word or variable of one side alone has no partner.
    """
    if not (baseline.launched and candidate.launched):
        return ()
    pairs = [(str(baseline.cwd), str(candidate.cwd)), *_words(baseline, candidate)]
    found = {pair for pair in (*pairs, *map(_without_links, pairs)) if _are_apart(pair)}
    return tuple(sorted(found, key=lambda pair: (-len(pair[0]), pair)))


def _words(baseline: BackendSpec, candidate: BackendSpec) -> Iterator[Pair]:
    """Yield the words and variables that stand for each other: ``--data=/srv/a`` without name."""
    if len(baseline.command) == len(candidate.command):
        for pair in zip(baseline.command, candidate.command, strict=True):
            (name, _, left), (same, _, right) = (word.partition("=") for word in pair)
            yield (left, right) if name == same else pair
    for name in sorted(baseline.env.keys() & candidate.env.keys()):
        yield baseline.env[name], candidate.env[name]


def _without_links(pair: Pair) -> Pair:
    """Return two paths as a program may spell them."""
    left, right = (str(Path(path).resolve()) if path.startswith("/") else "" for path in pair)
    return left, right


def _are_apart(pair: Pair) -> bool:
    return pair[0] != pair[1] and all(
        path.startswith("/") and len(path) >= _SHORTEST and "{" not in path for path in pair
    )
