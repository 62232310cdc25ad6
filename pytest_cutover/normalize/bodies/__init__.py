"""Readers: the bytes of a body to a tree of places that learning, comparing and goldens work on.

`read_body` is the door. `registry` is the one table of what is read by which module, `reading`
what a reader is given and raises; every other file is one reader, imported when it is first met.
All of it is pure and, of this package, knows only the value types and the strict JSON reader.
"""

from __future__ import annotations

from pytest_cutover.normalize.bodies.reading import TooLarge, Unreadable
from pytest_cutover.normalize.bodies.registry import ReadBody, kind_of, read_body

__all__ = ["ReadBody", "TooLarge", "Unreadable", "kind_of", "read_body"]
