"""What was answered by whom while the traffic moved. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pytest_cutover.core.exchange import Side

# More than there are connections: the old side may still have one of them.
_ENOUGH = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedAnswer:
    """One request of the rehearsal: when it was answered, by whom; `lost` says why by nobody.

    The answer to a write does not tell who gave it.
    """

    at_s: float
    side: Side | None
    lost: str = ""
    is_write: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """How one move went: `last_old_s` and `first_new_s` count from the start of the command."""

    to: Side
    requests: int
    lost: int
    unknown: int
    first_new_s: float | None
    last_old_s: float | None
    arrived: bool
    why_lost: str = ""

    def __str__(self) -> str:
        if not self.arrived:
            return f"to {self.to}: not everybody arrived"
        last = 0.0 if self.last_old_s is None else max(0.0, self.last_old_s)
        return (
            f"to {self.to}: last old answer after {last:.2f} s, {self.lost} of {self.requests} lost"
        )


def arrived(answers: Sequence[TimedAnswer], to: Side) -> bool:
    """Whether the last answers that tell it are all of `to`, and enough to say so."""
    tail = [one for one in answers if not one.lost and not one.is_write][-_ENOUGH:]
    return len(tail) == _ENOUGH and all(one.side is to for one in tail)


def moved(answers: Sequence[TimedAnswer], to: Side, command_s: float) -> Moved:
    """Return the move to `to`, whose command started at `command_s`."""
    news = [one.at_s - command_s for one in answers if one.side is to and one.at_s >= command_s]
    olds = [one.at_s - command_s for one in answers if one.side is to.other]
    lost = [one for one in answers if one.lost]
    return Moved(
        to=to,
        requests=len(answers),
        lost=len(lost),
        unknown=sum(1 for one in answers if one.side is None and not one.lost and not one.is_write),
        first_new_s=min(news, default=None),
        last_old_s=max(olds, default=None),
        arrived=arrived(answers, to),
        why_lost=lost[0].lost if lost else "",
    )
