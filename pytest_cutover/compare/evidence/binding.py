"""What a reviewed difference is bound to, from the values that it was seen with. Pure."""

from __future__ import annotations

from typing import Final

from pytest_cutover.config.transformation import FORMATS, Binding, is_relation, is_shown
from pytest_cutover.core.seen_values import SeenValues

# Kinds whose change is a pair of types or formats, which constrain by themselves.
_OF_FORM: Final = frozenset(("type", "format"))
# Kinds of which the values say what else of an answer goes with the departure.
_OF_ANSWER: Final = frozenset(("status", "body-kind"))
# Kinds of which the signature says what came or went; their values bind them where they are steady.
_OF_PRESENCE: Final = frozenset(("added", "missing", "header-added"))
_ANYTHING: Final = frozenset(
    ("text", "string", "empty", "number", "integer", "decimal", "boolean", "length")
)


def binding_of(
    *, kind: str, change: str, explanation: str, seen: SeenValues | None
) -> Binding | None:
    """Return what a difference of this kind and change holds for.

    `explanation` is what, undone, leaves nothing of it; `seen` are its values, None where the
    signature says all. None where nothing says what was reviewed: the values are others in every
    run or too many to list, and nothing makes the one of the other.
    """
    if is_relation(explanation):
        is_told = kind in _OF_ANSWER and seen is not None and not (seen.varying or seen.more)
        return Binding(change=explanation, values=seen.pairs if seen and is_told else ())
    if seen is None or (kind in _OF_PRESENCE and (seen.varying or seen.more)):
        return Binding()
    for name in seen.transformations:
        if is_shown(name, seen.pairs):
            return Binding(change=name)
    if not seen.varying and not seen.more:
        return Binding(values=seen.pairs)
    return Binding(change=FORMATS) if _constrains(kind, change) else None


def _constrains(kind: str, change: str) -> bool:
    """Whether the change of the signature says something about the candidate's value."""
    before, _, after = change.partition(" → ")
    if kind == "format" and after == "text":
        return False  # any text is one: its form is listed, where it has one
    return kind in _OF_FORM or (before != after and after not in _ANYTHING)
