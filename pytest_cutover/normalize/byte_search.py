"""Whether large bytes hold a few others: a search of the C library, eight times as fast as `in`.

Every answer is searched for what its side says of itself, and most have nothing of it: of equal
bytes this is all that is done. Where there is no such function, `in` does it. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, Final

# Below this a call across the border takes longer than it saves.
_SHORTEST: Final = 16_384
# What is this near to what was found last is not worth such a call either.
_NEAR: Final = 512

# What is looked for, and what stands before it where it counts; nothing for anything.
Hint = tuple[bytes, tuple[bytes, ...]]
# Where some bytes are from an index on, -1 for nowhere.
_Find = Callable[[bytes, int], int]


def holds(content: bytes, *wanted: bytes) -> bool:
    """Whether bytes hold any of some others."""
    return holds_any(content, ((one, ()) for one in wanted))


def holds_any(content: bytes, hints: Iterable[Hint]) -> bool:
    """Whether bytes hold any of some others, each behind one of those that may stand before it.

    A port stands in many a large answer as a number: that it is none of an address is found out
    while it is looked for, not in another search of all.
    """
    if len(content) < _SHORTEST:
        return any(_holds(content.find, content, hint) for hint in hints)
    likely = [one for one in hints if one[0][:1] in content]  # one byte is found in no time
    if not likely:
        return False
    find = _quickest()(content)
    return any(_holds(find, content, hint) for hint in likely)


def _holds(find: _Find, content: bytes, hint: Hint) -> bool:
    wanted, before = hint
    at = find(wanted, 0)
    while at >= 0 and before:
        if content.endswith(before, 0, at):
            return True
        near = content.find(wanted, at + 1, at + _NEAR)
        at = near if near >= 0 else find(wanted, at + 1)
    return at >= 0


def _find_of(content: bytes) -> _Find:
    return content.find


@cache
def _quickest() -> Callable[[bytes], _Find]:
    """Return what makes a search of bytes: of the C library where it has one."""
    try:
        from ctypes import CDLL

        library = CDLL(None)
        in_bytes = _memmem(library)
    except (ImportError, OSError, TypeError, AttributeError):
        return _find_of
    # GNU's looks at sixteen bytes at a time, and others' at one.
    return _strstr(library, in_bytes) if hasattr(library, "gnu_get_libc_version") else in_bytes


def _memmem(library: Any) -> Callable[[bytes], _Find]:
    from ctypes import c_char_p, c_size_t, c_void_p, cast

    search = library.memmem
    search.argtypes = (c_void_p, c_size_t, c_char_p, c_size_t)
    search.restype = c_void_p

    def find_in(content: bytes) -> _Find:
        start = cast(c_char_p(content), c_void_p)

        def find(wanted: bytes, at: int) -> int:
            found = search((start.value or 0) + at, len(content) - at, wanted, len(wanted))
            return -1 if found is None else int(found) - (start.value or 0)

        return find

    return find_in


def _strstr(library: Any, in_bytes: Callable[[bytes], _Find]) -> Callable[[bytes], _Find]:
    """Return a search of texts, which end at a zero: where there is one, `in_bytes` does it."""
    from ctypes import c_char_p, c_void_p, cast

    search = library.strstr
    search.argtypes = (c_void_p, c_char_p)
    search.restype = c_void_p

    def find_in(content: bytes) -> _Find:
        if b"\0" in content:
            return in_bytes(content)
        start = cast(c_char_p(content), c_void_p)

        def find(wanted: bytes, at: int) -> int:
            found = None if b"\0" in wanted else search((start.value or 0) + at, wanted)
            return -1 if found is None else int(found) - (start.value or 0)

        return find

    return find_in
