"""A search in large bytes finds what `in` finds, whatever stands around it."""

from __future__ import annotations

from collections.abc import Callable
from ctypes import CDLL

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_cutover.normalize import byte_search
from pytest_cutover.normalize.byte_search import holds, holds_any

LARGE = 20_000
FILLINGS = (b'{"port": 3, "at": "1:30"} ', b":", b":300", b"%3%", b"\0", "größer".encode(), b"\xff")


@pytest.mark.parametrize("wanted", [b":3000", b"%3", b"shop.example.com", b"\0a", b"\xff:", b":"])
@pytest.mark.parametrize("filling", FILLINGS)
@pytest.mark.parametrize("place", ["start", "middle", "end", "behind a zero", "nowhere"])
def test_large_bytes_hold_what_they_hold(wanted: bytes, filling: bytes, place: str) -> None:
    around = filling * (LARGE // len(filling) + 1)
    content = {
        "start": wanted + around,
        "middle": around + wanted + around,
        "end": around + wanted,
        "behind a zero": around + b"\0" + wanted,
        "nowhere": around + wanted[:-1],
    }[place]

    assert holds(content, wanted) == (wanted in content)
    assert place == "nowhere" or holds(content, wanted)


@given(
    st.lists(st.sampled_from([b":", b"3", b"30", b":30", b"\0", b"a"]), max_size=30).map(b"".join),
    st.lists(st.sampled_from([b":", b"3", b"0", b"a"]), min_size=1, max_size=6).map(b"".join),
    st.sampled_from(FILLINGS),
)
def test_a_search_finds_what_in_finds(mixed: bytes, wanted: bytes, filling: bytes) -> None:
    content = filling * (LARGE // len(filling)) + mixed

    assert holds(content, wanted) == (wanted in content)


def test_one_of_several_is_found_and_none_where_none_is() -> None:
    around = b'{"port": 3000, "at": "1:30"} ' * 1000

    assert holds(around + b":4000" + around, b":3000", b":4000", b"%3")
    assert holds(around + b":4000\0" + around, b":3000", b":4000", b"%3")
    assert not holds(around, b":3000", b":4000", b"%3")
    assert not holds(around)


@given(
    st.lists(
        st.sampled_from([b":30", b"1:30", b"t:30", b" " * 600, b"\0", b"1", b"t"]), max_size=9
    ),
    st.sampled_from([(), (b"1",), (b"1", b"t"), (b"st", b"0.1")]),
    st.sampled_from(FILLINGS),
)
def test_what_stands_behind_nothing_expected_is_not_held(
    mixed: list[bytes], before: tuple[bytes, ...], filling: bytes
) -> None:
    content = filling * (LARGE // len(filling)) + b"".join(mixed)

    for wanted in (b":30", b":", b"30"):
        for held in (content, content[-1000:]):
            expected = any(one + wanted in held for one in before or (b"",))
            assert holds_any(held, [(wanted, before)]) == expected
            assert holds_any(held, [(b":4000", before), (wanted, before)]) == expected


@pytest.mark.parametrize("search", [byte_search._find_of, byte_search._memmem(CDLL(None))])
def test_without_the_quickest_search_the_same_is_found(
    search: Callable[[bytes], Callable[[bytes, int], int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(byte_search, "_quickest", lambda: search)
    around = b'{"port": 3000, "at": "1:30"} ' * 1000

    assert holds(around + b":3000\0" + around, b":4000", b":3000")
    assert not holds(around, b":3000", b":4000")
    assert holds_any(around + b"1:3000\0" + around, [(b":3000", (b"t", b"1"))])
    assert not holds_any(around + b"2:3000" + around, [(b":3000", (b"t", b"1"))])
