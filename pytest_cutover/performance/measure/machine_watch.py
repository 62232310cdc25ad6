"""Looks at the machine while it measures: waiting for cores, steal, and how late the client wakes.

Called by the sampling stage and the load on their way. Linux tells; elsewhere the lateness is all.
"""

from __future__ import annotations

import os
import re
import time
from pathlib import Path

from pytest_cutover.performance.stats.machine import MachineRecord, MachineSample

_LOOK_EVERY_S = 1.0
_NAP_EVERY_S = 0.1
_NAP_S = 0.0005
_PRESSURE = Path("/proc/pressure/cpu")
_STAT = Path("/proc/stat")
_STEAL = 7


class MachineWatch:
    """Adds to a record whenever `look` is called; naps half a millisecond ten times a second."""

    def __init__(self, record: MachineRecord, *, naps: bool = True) -> None:
        self._record, self._naps = record, naps
        self._next_look_s = self._next_nap_s = 0.0
        self._part: list[MachineSample] = []
        record.parts.append(self._part)

    def look(self, *, now: bool = False) -> None:
        """Look if it is time; `now` in any case, at the beginning and at the end."""
        at = time.monotonic()
        if now or at >= self._next_look_s:
            self._next_look_s = at + _LOOK_EVERY_S
            self._part.append(machine_sample())
        if self._naps and at >= self._next_nap_s:
            began = time.perf_counter()
            time.sleep(_NAP_S)
            late_s = time.perf_counter() - began - _NAP_S
            self._record.late_ms.append(max(0.0, 1000 * late_s))
            self._next_nap_s = time.monotonic() + _NAP_EVERY_S


def machine_sample() -> MachineSample:
    """Return what the system's counters say now; what it does not tell is None."""
    waited = re.search(r"^some .*total=(\d+)", _read(_PRESSURE), re.MULTILINE)
    ticks = [int(one) for one in _read(_STAT).partition("\n")[0].split()[1:]]
    stolen_s = cores_s = None
    if len(ticks) > _STEAL:
        per_s = os.sysconf("SC_CLK_TCK")
        # Guests' time is counted among users' already.
        stolen_s, cores_s = ticks[_STEAL] / per_s, sum(ticks[: _STEAL + 1]) / per_s
    waited_s = int(waited[1]) / 1e6 if waited else None
    return MachineSample(time.monotonic(), waited_s, stolen_s, cores_s)


def _read(path: Path) -> str:
    try:
        return path.read_text("ascii", "replace")
    except OSError:
        return ""
