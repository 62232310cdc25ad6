"""What the tests of readers share: trees in short, and documents with one token changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from hypothesis import assume, strategies

from pytest_cutover.normalize.bodies import Unreadable, read_body

PLENTY = 1 << 26


def tree(content_type: str, body: str | bytes, max_bytes: int = PLENTY) -> Any:
    """The tree of a body that must have a reader."""
    found = read_body(content_type, body.encode() if isinstance(body, str) else body, max_bytes)
    assert found is not None
    return found.tree


def why_not(content_type: str, body: str | bytes, max_bytes: int = PLENTY) -> str:
    """Why a body cannot be read."""
    try:
        read = tree(content_type, body, max_bytes)
    except Unreadable as error:
        return error.what
    raise AssertionError(f"it was read: {read!r}")


def changed(
    alphabet: Sequence[str], longest: int = 12
) -> strategies.SearchStrategy[tuple[list[str], list[str]]]:
    """A document as tokens, and the same with one token replaced, lost, doubled or moved."""

    @strategies.composite
    def draw_pair(draw: Callable[[Any], Any]) -> tuple[list[str], list[str]]:
        tokens = draw(
            strategies.lists(strategies.sampled_from(alphabet), min_size=1, max_size=longest)
        )
        at = draw(strategies.integers(0, len(tokens) - 1))
        token = draw(strategies.sampled_from(alphabet))
        others = [
            [*tokens[:at], token, *tokens[at + 1 :]],
            [*tokens[:at], *tokens[at + 1 :]],
            [*tokens[:at], tokens[at], *tokens[at:]],
            [*tokens[:at], *tokens[at + 1 : at + 2], tokens[at], *tokens[at + 2 :]],
        ]
        return tokens, draw(strategies.sampled_from(others))

    return draw_pair()


def require_seen(content_type: str, one: str | bytes, other: str | bytes, *, same: bool) -> None:
    """Assert that two different bodies give different trees, or that one of them is unreadable.

    `same`: the table of the reader holds them equal.
    """
    assume(not same and one and other)
    trees = []
    for body in (one, other):
        try:
            trees.append(tree(content_type, body))
        except Unreadable:
            return
    assert trees[0] != trees[1]
