"""Bytes in which codes of other tests stand, on data of each side's own: a copy of a database."""

from __future__ import annotations

import pytest

from pytest_cutover.core.exchange import Exchange, Request, Response
from pytest_cutover.core.unique import new_unique
from tests.unit.compare.building import brief, judged, transcript

FILE = "tools{0}\0\x17tools{0}\x0d\x06create table tools{0} (name)\0\xfftools{1}\x09 EUR\x0c"
OURS, THEIRS = ([new_unique("", length=11) for _ in range(2)] for _ in range(2))


def copy(*codes: str, form: str = FILE) -> Exchange:
    body = form.format(*codes).encode("latin-1")
    return Exchange(
        Request("GET", "/copy"),
        Response(200, (("Content-Type", "application/octet-stream"),), body),
        "GET /copy",
    )


def found(ours: Exchange, theirs: Exchange, *, shared: bool = False) -> list[tuple[str, str]]:
    comparison = judged(transcript(ours), transcript(theirs), shared_state=shared)
    assert not comparison.account.open
    return brief(comparison.differences)


def test_a_copy_of_each_database_is_equal_but_for_its_codes() -> None:
    assert found(copy(*OURS), copy(*THEIRS)) == []


@pytest.mark.parametrize("at", range(len(FILE.format(*THEIRS))))
def test_any_other_sign_is_a_difference(at: int) -> None:
    other = FILE.format(*THEIRS)
    other = other[:at] + ("#" if other[at] != "#" else "!") + other[at + 1 :]
    assert found(copy(*OURS), copy(form=other)) == [("value", "")]


def test_codes_are_one_to_one() -> None:
    assert found(copy(*OURS), copy(THEIRS[0], THEIRS[0])) == [("value", "")]
    assert found(copy(OURS[0], OURS[0]), copy(*THEIRS)) == [("value", "")]
    swapped = FILE.replace("{0}", "{1}", 1)
    assert found(copy(*OURS), copy(*THEIRS, form=swapped)) == [("value", "")]


def test_on_one_database_codes_are_what_they_are() -> None:
    assert found(copy(*OURS), copy(*THEIRS), shared=True) == [("value", "")]
    assert found(copy(*OURS), copy(*OURS), shared=True) == []


def test_the_order_of_what_stands_beside_them_is_held() -> None:
    other = "\0".join(reversed(FILE.split("\0")))
    assert found(copy(*OURS), copy(*THEIRS, form=other)) == [("value", "")]
