"""What the examiner of recall takes for as good as the original, and what it does not."""

from __future__ import annotations

import pytest

from benchmarks.what_may_stand import may_stand
from tests.unit.compare.building import exchange

PAGE = """<!doctype html>
<p class="Note">Made at <time datetime="2026-11-27T04:25:50+00:00">04:25</time> by Ana</p>
"""


def _may_stand(old: str, new: str, kind: str = "text/html") -> bool:
    assert old in PAGE
    headers = (("Content-Type", kind),)
    plain, mutated = (
        exchange(body=text.encode(), headers=headers) for text in (PAGE, PAGE.replace(old, new))
    )
    return may_stand(plain, mutated)


@pytest.mark.parametrize("name", ["time", "/time", "/p", " datetime"])
def test_names_of_elements_and_attributes_are_of_any_case(name: str) -> None:
    old = name if name.startswith(" ") else f"<{name}"
    assert _may_stand(old, old.upper())
    assert not _may_stand(old, old.upper(), kind="application/xml")
    assert not _may_stand(old, f"{old}s")


@pytest.mark.parametrize("word", ["Ana", "Note", "Made"])
def test_what_a_page_says_is_not(word: str) -> None:
    assert not _may_stand(word, word.upper())


@pytest.mark.parametrize(
    ("before", "now", "stands"),
    [
        (1795968407.976, 1795968408, True),
        (1795968407.576, 1795968408, False),
        (1795968407.976, 1795968409, False),
        (1795968407.976, "1795968408", False),
        (407.976, 408, False),
    ],
)
def test_one_moment_of_a_thousand_is_a_whole_second(
    before: float, now: float | str, stands: bool
) -> None:
    sides = (exchange({"job": {"at": at}}) for at in (before, now))
    assert may_stand(*sides) is stands
