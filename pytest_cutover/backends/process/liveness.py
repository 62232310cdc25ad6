"""Who of the launched backends has ended, on the controller and on workers. Called by `plugin`."""

from __future__ import annotations

from dataclasses import dataclass

from pytest_cutover.backends.process.launch import RunningTarget
from pytest_cutover.backends.process.supervised import is_gone
from pytest_cutover.backends.session import SessionState
from pytest_cutover.core.exchange import Side


@dataclass(slots=True)
class Liveness:
    """Asked before a side is: whatever answers at the port of one that ended is another program."""

    state: SessionState
    running: RunningTarget | None = None

    def death(self, side: Side, *, look_twice: bool = False) -> str | None:
        """What became of a side that was launched, when it is no more; kept in the state."""
        state = self.state
        if state.handed is not None:
            pid = state.handed["pids"].get(str(side))
            if pid is not None and is_gone(pid):
                return f"the {side} backend ended during the run: its process {pid} is no more."
            return None
        running = self.running.sides.get(side) if self.running else None
        if running is not None and side not in state.deaths:
            death = running.death(look_twice=look_twice)
            if death is not None:
                state.deaths[side] = state.scrub_log(death)
        return state.deaths.get(side)
