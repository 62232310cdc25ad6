"""Which worker of pytest-xdist runs which test. Imported where there are workers."""

from __future__ import annotations

from typing import Any

import pytest
from xdist.scheduler import (  # type: ignore[import-untyped]
    LoadFileScheduling,
    LoadScopeScheduling,
)

from pytest_cutover.core.nodeid import without_side


class _Surviving(LoadScopeScheduling):  # type: ignore[misc]
    """Scopes as pytest-xdist has them, for a run in which a worker may crash.

    As it stands in 3.8, the test that crashed is given to the next worker, and a worker whose only
    test is the last one waits for ever for another: the run would hang in place of a verdict.
    """

    def remove_node(self, node: Any) -> str | None:
        """Take back what a worker did not run; the test that it was running is not run again."""
        workload = self.assigned_work.pop(node)
        crashed: str | None = None
        for scope, unit in workload.items():
            for nodeid, completed in unit.items():
                if crashed is None and not completed:
                    crashed = nodeid
                    unit[nodeid] = True
            if not all(unit.values()):
                self.workqueue[scope] = unit
        for other in self.assigned_work:
            self._reschedule(other)
        return crashed

    def _reschedule(self, node: Any) -> None:
        super()._reschedule(node)
        if not self.workqueue and self._pending_of(self.assigned_work.get(node, {})) < 2:
            # Nothing is left to come: only then does it run the last of what it has.
            node.shutdown()


class _OfFiles(LoadFileScheduling, _Surviving):  # type: ignore[misc]
    """One scope for each file."""


class _OfVariants(_Surviving):
    """One scope for each test, or for each group that the project made."""

    def _split_scope(self, nodeid: str) -> str:
        test, _, group = nodeid.rpartition("@")
        grouped = self.config.option.dist == "loadgroup" and test and "]" not in group
        return group if grouped else without_side(nodeid)


def scheduler(config: pytest.Config, log: Any) -> Any:
    """Return the scheduler for a way of spreading; None where pytest-xdist's own will do."""
    kinds: dict[str, type[_Surviving]] = {
        "load": _OfVariants,
        "worksteal": _OfVariants,
        "loadgroup": _OfVariants,
        "loadscope": _Surviving,
        "loadfile": _OfFiles,
    }
    kind = kinds.get(config.option.dist)
    return kind(config, log) if kind else None
