"""What the backends use while they are loaded: resident memory, and connections to the database.

Called by ``load`` on its way. Imports psutil; knows no database, the project's hook does.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import psutil

from pytest_cutover.performance.stats.load_run import Watched
from pytest_cutover.performance.stats.resources import PoolSample
from pytest_cutover.performance.stats.samples import Side

POOL_EVERY_S = 0.5
_KEYS = ("connections", "busy", "bound")

AskPool = Callable[[Side], Mapping[str, int] | None]


class PoolHookError(Exception):
    """The project's hook failed, or gave something else than was asked for."""


@dataclass(slots=True)
class ResourceMonitor:
    """Looks at both sides whenever `look` is called. Times as ``time.time``.

    `pids` has the launched backends. `ask_pool` is the project's hook; None from it says that the
    project does not watch that side.
    """

    pids: Mapping[Side, int]
    ask_pool: AskPool
    bound: int = 0
    rss: dict[Side, list[tuple[float, int]]] = field(default_factory=dict)
    pools: dict[Side, list[PoolSample]] = field(default_factory=dict)
    _next_pool_s: float = 0.0

    def look(self) -> None:
        """Take memory now, and connections when it is time."""
        for side, pid in self.pids.items():
            size = resident_bytes(pid)
            if size is not None:
                self.rss.setdefault(side, []).append((time.time(), size))
        if time.monotonic() >= self._next_pool_s:
            self._next_pool_s = time.monotonic() + POOL_EVERY_S
            for side in Side:
                self.look_at_pool(side)

    def look_at_pool(self, side: Side) -> PoolSample | None:
        """Take the connections of one side. Raises PoolHookError."""
        told = self.ask_pool(side)
        if told is None:
            return None
        if not all(isinstance(told.get(key), int) for key in _KEYS):
            raise PoolHookError(
                f"pytest_cutover_pool returned {dict(told)!r}; expected the integers "
                f"{', '.join(_KEYS)}"
            )
        sample = PoolSample(time.time(), told["connections"], told["busy"])
        if side is Side.CANDIDATE:
            self.bound = told["bound"]
        self.pools.setdefault(side, []).append(sample)
        return sample

    def watched(self, began_s: float) -> tuple[Watched, ...]:
        """Both resources over time, for a plot; times from `began_s`."""
        found = [
            Watched(
                "memory",
                side,
                "MB",
                tuple(at - began_s for at, _ in seen),
                tuple(round(size / 1e6, 3) for _, size in seen),
            )
            for side, seen in self.rss.items()
        ]
        found += [
            Watched(
                "connections",
                side,
                "connections",
                tuple(one.at_s - began_s for one in seen),
                tuple(float(one.connections) for one in seen),
                float(self.bound) if side is Side.CANDIDATE else None,
            )
            for side, seen in self.pools.items()
        ]
        return tuple(found)


def resident_bytes(pid: int) -> int | None:
    """Return the resident size of a process with its children; None when it is gone."""
    try:
        process = psutil.Process(pid)
        family = [process, *process.children(recursive=True)]
        return sum(one.memory_info().rss for one in family)
    except psutil.Error:
        return None
