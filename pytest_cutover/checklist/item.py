"""One item of the checklist, as a value."""

from __future__ import annotations

from dataclasses import dataclass

from pytest_cutover.config.checklist import EvidenceKind, Phase


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item of the checklist.

    `gates` are codes, each of which must be there and pass. `check` names a ready-made check.
    `launched` says whether a target that the run launched itself can show it; `targets`, where it
    has any, are the ones on which it is judged. `due_s` counts from the switch. `valid_for_s` is
    the longest that a sign-off holds. `launched_title` says what a launched target shows of it.
    `owner` is who sees to it.
    """

    id: str
    phase: Phase
    title: str
    evidence: EvidenceKind
    group: str = ""
    gates: tuple[str, ...] = ()
    check: str = ""
    launched: bool = False
    targets: tuple[str, ...] = ()
    signatures: int = 1
    valid_for_s: float | None = None
    due_s: float = 0.0
    launched_title: str = ""
    owner: str = ""

    def judged_on(self, target: str, *, launched: bool) -> bool:
        """Whether it is judged on a target, which the run launched itself or not."""
        return target in self.targets if self.targets else self.launched or not launched

    def title_on(self, *, launched: bool) -> str:
        """Return the title in words that are true of the target."""
        return self.launched_title if launched and self.launched_title else self.title
