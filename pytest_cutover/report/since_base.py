"""What changed since the report of the base branch, counted: what a comment says first. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from pytest_cutover.report.model import Finding, Report


@dataclass(frozen=True, slots=True)
class SinceBase:
    """The findings that nobody accepted, by whether the base branch had them.

    `new` and `gone` are ids of findings; `verdict` is that of the base branch.
    """

    verdict: str
    new: tuple[str, ...]
    gone: tuple[str, ...]
    same: int

    @property
    def told(self) -> str:
        """The change in one phrase: "2 new differences since the base branch, 1 gone"."""
        parts = []
        if self.new:
            parts.append(f"{_counted(len(self.new), 'new difference')} since the base branch")
        if self.gone:
            parts.append(
                f"{len(self.gone):,} gone"
                if parts
                else f"{len(self.gone):,} gone since the base branch"
            )
        if self.same and parts:
            parts.append(f"{self.same:,} as before")
        if not parts:
            same = (
                f"{_counted(self.same, 'difference')}, as on the base branch" if self.same else ""
            )
            parts.append(same or "no difference, as on the base branch")
        return ", ".join(parts)


def since_base(report: Report, base: Report | None) -> SinceBase | None:
    """Return what changed since `base`; None where there is no such report."""
    if base is None:
        return None
    here, there = _open(report), _open(base)
    return SinceBase(
        verdict=str(base.verdict),
        new=tuple(one.id for signature, one in here.items() if signature not in there),
        gone=tuple(one.id for signature, one in there.items() if signature not in here),
        same=len(here.keys() & there.keys()),
    )


def _open(report: Report) -> dict[str, Finding]:
    return {one.signature: one for one in report.findings if one.accepted is None}


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
