"""A page of which something was accepted that moves all that follows it: what follows is held."""

from __future__ import annotations

from datetime import date

import pytest

from pytest_cutover.compare.diff.difference import Difference
from pytest_cutover.compare.evidence.binding import binding_of
from pytest_cutover.compare.evidence.reviewed_values import Acceptance
from pytest_cutover.config.accepted import AcceptedDifferences, Entry
from tests.unit.compare.building import exchange, judged, transcript

TODAY = date(2030, 1, 15)
PAGE = """<!doctype html>
<html lang="en">
<head><title>Log in</title></head>
<body>
<form method="post" action="/login">
<input type="hidden" name="csrf" value="{token}">
<input name="name" autocomplete="username">
<button>Log in</button>
</form>
<footer>Made at 2026-03-02 12:00:0{second} UTC, page 1 of 3</footer>
</body>
</html>
"""
TOKENS = ("PEaSAoWZh2tBfy-LvlB5vW3a", "q8ZkM1xTnc0Rb_YdUw7JfE2h", "c4HsVg9LpXoQ2mNtK-yB61Dz")


def _found(*edits: tuple[str, str], tokens: tuple[str, ...] = TOKENS) -> tuple[Difference, ...]:
    """What departs where the candidate sends another text instead of some of its page."""
    pages = [PAGE.format(token=token, second=at) for at, token in enumerate(tokens)]
    for whole, other in edits:
        pages[2] = pages[2].replace(whole, other)
    kind = (("Content-Type", "text/html; charset=utf-8"),)
    ours, again, theirs = (transcript(exchange(body=page.encode(), headers=kind)) for page in pages)
    return judged(ours, theirs, again=again).differences


def _accepted(differences: tuple[Difference, ...]) -> Acceptance:
    nothing, entries = Acceptance(AcceptedDifferences(), TODAY, str), []
    for one in differences:
        bound = binding_of(
            kind=str(one.kind),
            change=one.change,
            explanation=nothing.explain(one),
            seen=nothing.seen([one]),
        )
        assert bound is not None
        entries.append(
            Entry(signature=one.signature, scope=("t",), reason="agreed", approver="Mira",
                  expires=TODAY, change=bound.change, values=bound.values)
        )  # fmt: skip
    return Acceptance(AcceptedDifferences(tuple(entries)), TODAY, str)


def _left(acceptance: Acceptance, differences: tuple[Difference, ...]) -> list[Difference]:
    return [one for one in differences if acceptance.key_for(one, "t", None) is None]


BROKEN = [
    ("<html lang", "<html html lang"),
    ("<body>", "<tbody>"),
    ("</head>", ""),
    ("</form>", "</from>"),
]


@pytest.mark.parametrize("broken", BROKEN, ids=[one for _, one in BROKEN])
@pytest.mark.parametrize(
    "other",
    [('name="name"', 'name="login"'), ("page 1", "page 2"), ('action="/login"', 'action="/"')],
    ids=["name", "number", "link"],
)
def test_another_word_in_what_was_moved_is_seen(
    broken: tuple[str, str], other: tuple[str, str]
) -> None:
    assert _left(_accepted(_found(broken)), _found(broken, other))


@pytest.mark.parametrize("broken", BROKEN, ids=[one for _, one in BROKEN])
def test_the_same_page_in_another_run_is_not_accused(broken: tuple[str, str]) -> None:
    accepted = _accepted(_found(broken))
    assert _left(accepted, _found(broken, tokens=TOKENS[::-1])) == []
