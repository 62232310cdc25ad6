"""A page of which something was accepted that moves all that follows it: what follows is held."""

from __future__ import annotations

import pytest

from pytest_cutover.compare.diff.difference import Difference
from tests.unit.compare.accepting import accepted, left
from tests.unit.compare.building import exchange, judged, transcript

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
    assert left(accepted(_found(broken)), _found(broken, other))


@pytest.mark.parametrize("broken", BROKEN, ids=[one for _, one in BROKEN])
def test_the_same_page_in_another_run_is_not_accused(broken: tuple[str, str]) -> None:
    known = accepted(_found(broken))
    assert left(known, _found(broken, tokens=TOKENS[::-1])) == []
