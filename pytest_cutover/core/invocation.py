"""The command line that repeats a run, or one test of it, as a reader can paste it. Pure."""

from __future__ import annotations

import posixpath
import shlex
from collections.abc import Iterable
from dataclasses import dataclass

from pytest_cutover.core.nodeid import BOTH_SIDES, SEED, without_side


@dataclass(frozen=True, slots=True)
class Invocation:
    """How this run was called: the target, where the ini file does not choose it.

    `root` is the way from where pytest was called to the folder that node ids start from.
    """

    options: tuple[str, ...] = ()
    root: str = ""

    def whole(self, *more: str) -> str:
        """Return the whole suite on the same target."""
        return " ".join(["pytest", *map(shlex.quote, (*self.options, *more))])

    def again(self, nodeids: Iterable[str], *, sided: bool = True) -> str:
        """Return the first of these tests, on both sides; nothing for none.

        `sided` is False for a test that runs once, on both: its id may still end like a side. The
        seed of a suite is repeated by the whole of it.
        """
        first = next(iter(nodeids), "")
        if not first or first == SEED:
            return first and self.whole()
        test = without_side(first) if sided else first
        variants = [test]
        if test != first and test.endswith("]"):
            variants = [f"{test[:-1]}-{side}]" for side in BOTH_SIDES]
        return " ".join([self.whole(), *(_quoted(self._from_here(one)) for one in variants)])

    def _from_here(self, nodeid: str) -> str:
        path, separator, rest = nodeid.partition("::")
        return posixpath.normpath(posixpath.join(self.root, path)) + separator + rest


def _quoted(nodeid: str) -> str:
    """Return the node id for a shell, in the double quotes people expect where they suffice."""
    return shlex.quote(nodeid) if any(sign in nodeid for sign in '"$`\\!') else f'"{nodeid}"'
