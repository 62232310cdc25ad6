"""What checks and tests say about items, as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pytest_cutover.core.evidence import Payload
from pytest_cutover.report.model import GateVerdict
from pytest_cutover.report.phase_words import ActionName as ActionName

PASS, FAIL, OPEN = GateVerdict.PASS, GateVerdict.FAIL, GateVerdict.INCONCLUSIVE


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """What one check found: `observed` in a few words, `message` in sentences, without secrets.

    `action` is what it demands, where that is more than its verdict says.
    """

    verdict: GateVerdict
    observed: str
    message: str = ""
    limit: str = ""
    next: str = ""
    action: ActionName | None = None


def passed(observed: str, *, limit: str = "") -> CheckResult:
    """All is well."""
    return CheckResult(verdict=PASS, observed=observed, limit=limit)


def failed(
    observed: str,
    message: str = "",
    *,
    limit: str = "",
    next: str = "",  # noqa: A002
    action: ActionName | None = None,
) -> CheckResult:
    """Return the result of what is not as it has to be."""
    return CheckResult(
        verdict=FAIL, observed=observed, message=message, limit=limit, next=next, action=action
    )


def undecided(
    observed: str,
    message: str = "",
    *,
    next: str = "",  # noqa: A002
    action: ActionName | None = None,
) -> CheckResult:
    """Nothing is known: no engine, no data, not configured."""
    return CheckResult(verdict=OPEN, observed=observed, message=message, next=next, action=action)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemTest:
    """What one test marked ``checklist("id", …)`` showed about its items.

    `action` is what the checks that it ran demand, if they demand anything.
    """

    nodeid: str
    items: tuple[str, ...]
    verdict: str
    message: str = ""
    action: str = ""


ITEM_TEST: Final = Payload("checklist", ItemTest)
