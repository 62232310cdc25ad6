"""The built-in checklist: what a cutover of a backend is held to. Data only.

`NEEDS_PEOPLE` and `NEEDS_REAL` mark what a target that the run launched itself cannot show: there
an item is listed as *not judged*.
"""

from __future__ import annotations

from typing import Final

from pytest_cutover.checklist.item import Item
from pytest_cutover.config.checklist import EvidenceKind, Phase

_GATE, _CHECK, _SIGN = EvidenceKind.GATE, EvidenceKind.CHECK, EvidenceKind.SIGN_OFF


def _gate(phase: Phase, group: str, id: str, title: str, *gates: str) -> Item:  # noqa: A002
    return Item(
        id=id, phase=phase, group=group, title=title, evidence=_GATE, gates=gates, launched=True
    )


def _check(
    phase: Phase,
    group: str,
    id: str,  # noqa: A002
    title: str,
    check: str,
    *,
    launched: bool = True,
    launched_title: str = "",
) -> Item:
    return Item(
        id=id,
        phase=phase,
        group=group,
        title=title,
        evidence=_CHECK,
        check=check,
        launched=launched,
        launched_title=launched_title,
    )


def _sign(phase: Phase, group: str, id: str, title: str, due_s: float = 0.0) -> Item:  # noqa: A002
    return Item(id=id, phase=phase, group=group, title=title, evidence=_SIGN, due_s=due_s)


_PRE, _VALIDATION, _SWITCH = Phase.PRE_CUTOVER, Phase.VALIDATION, Phase.SWITCH
_MONITORING, _VERIFICATION = Phase.MONITORING, Phase.VERIFICATION
_ROLLBACK, _POST = Phase.ROLLBACK, Phase.POST_CUTOVER

_PRE_CUTOVER = (
    _gate(_PRE, "parity", "parity.characterization", "all characterization tests pass", "CUT109"),
    _gate(
        _PRE, "parity", "parity.differences", "snapshot differences are clean", "CUT101", "CUT102"
    ),
    _gate(
        _PRE,
        "parity",
        "parity.contracts",
        "every endpoint has documented response contracts",
        "CUT402",
        "CUT403",
        "CUT404",
    ),
    _gate(
        _PRE,
        "parity",
        "parity.negative-coverage",
        "negative coverage is complete for all error scenarios",
        "CUT406",
    ),
    _sign(_PRE, "parity", "parity.diffs-reviewed", "JSON diff artifacts reviewed and approved"),
    _gate(_PRE, "performance", "performance.p99", "all endpoints meet their P99", "CUT201"),
    _gate(_PRE, "performance", "performance.p50", "no P50 regression above the limit", "CUT202"),
    _gate(_PRE, "performance", "performance.memory", "memory stable under load", "CUT208"),
    _gate(_PRE, "performance", "performance.pool", "connection pooling is configured", "CUT209"),
    _check(
        _PRE,
        "environment",
        "environment.container",
        "the candidate's container builds",
        "container.build",
        launched=False,
    ),
    _check(
        _PRE,
        "environment",
        "environment.variables",
        "environment variables configured",
        "environment.variables",
        launched_title="environment variables configured in the candidate launched here",
    ),
    _check(
        _PRE,
        "environment",
        "environment.migrations",
        "migrations applied",
        "migrations.applied",
        launched_title="migrations applied to the database of this run",
    ),
    _check(_PRE, "environment", "environment.health", "health endpoint responding", "health"),
    _check(
        _PRE,
        "environment",
        "environment.logging",
        "logging and monitoring configured",
        "logging",
        launched=False,
    ),
    _check(
        _PRE,
        "environment",
        "environment.secrets",
        "secrets rotated",
        "secrets.rotated",
        launched_title="the candidate launched here uses no known secret",
    ),
    _check(
        _PRE,
        "rollback",
        "rollback.container",
        "the baseline's container still available and tagged",
        "container.baseline",
        launched=False,
    ),
    _check(
        _PRE,
        "rollback",
        "rollback.drill",
        "rollback script tested under load",
        "switch.rehearsal",
        launched=False,
    ),
    _check(
        _PRE,
        "rollback",
        "rollback.compatible",
        "database backward compatible",
        "migrations.compatible",
        launched=False,
    ),
    _sign(_PRE, "rollback", "rollback.team", "team aware of the rollback procedure"),
)
_ONE = (
    _gate(
        _VALIDATION,
        "final validation",
        "validation.tests",
        "all tests pass",
        "CUT101",
        "CUT109",
    ),
    _check(_VALIDATION, "final validation", "validation.smoke", "smoke tests", "smoke"),
    _sign(_VALIDATION, "final validation", "validation.on-call", "on-call engineer notified"),
)
_TWO = (
    _check(
        _SWITCH,
        "traffic switch",
        "switch.traffic",
        "the upstream moved to the candidate and reloaded",
        "switch.candidate-answers",
        launched=False,
    ),
    _sign(_SWITCH, "traffic switch", "switch.dns", "DNS TTL considered"),
    _check(
        _SWITCH,
        "traffic switch",
        "switch.confirmed",
        "switch confirmed in the logs",
        "switch.confirmed",
        launched=False,
    ),
)
_THREE = (
    _check(
        _MONITORING,
        "monitoring",
        "monitoring.error-rate",
        "error rate below its limit",
        "monitoring.error-rate",
        launched=False,
    ),
    _check(
        _MONITORING,
        "monitoring",
        "monitoring.p99",
        "P99 within limits",
        "monitoring.p99",
        launched=False,
    ),
    _check(
        _MONITORING,
        "monitoring",
        "monitoring.no-5xx",
        "no 5xx",
        "monitoring.no-5xx",
        launched=False,
    ),
    _check(
        _MONITORING,
        "monitoring",
        "monitoring.functionality",
        "user-facing functionality verified",
        "monitoring.probes",
        launched=False,
    ),
)
_FOUR = (
    _check(
        _VERIFICATION,
        "verification",
        "verification.smoke",
        "log in, lots, QC decisions and traceability work",
        "smoke.public",
        launched=False,
    ),
    _sign(_VERIFICATION, "verification", "verification.users", "real users can do their work"),
    _sign(_VERIFICATION, "verification", "verification.complaints", "no customer complaints"),
)
_BACK = (
    _check(
        _ROLLBACK,
        "rollback",
        "rolled-back.traffic",
        "traffic back on the baseline",
        "switch.baseline-answers",
        launched=False,
    ),
    _check(
        _ROLLBACK,
        "rollback",
        "rolled-back.health",
        "the baseline answers its health check",
        "health.baseline",
        launched=False,
    ),
    _check(
        _ROLLBACK,
        "rollback",
        "rolled-back.error-rate",
        "error rate normal for 5 minutes",
        "monitoring.normal",
        launched=False,
    ),
    _sign(_ROLLBACK, "rollback", "rolled-back.stakeholders", "stakeholders notified"),
    _sign(_ROLLBACK, "afterwards", "rolled-back.reason", "reason documented"),
    _sign(_ROLLBACK, "afterwards", "rolled-back.logs", "logs and metrics captured"),
    _sign(_ROLLBACK, "afterwards", "rolled-back.post-mortem", "post-mortem ticket"),
    _sign(_ROLLBACK, "afterwards", "rolled-back.remediation", "remediation planned"),
)
_HOUR, _DAY = 3600.0, 86400.0


def _after(group: str, due_s: float, id: str, title: str) -> Item:  # noqa: A002
    return _sign(_POST, group, f"after.{id}", title, due_s)


_AFTER = (
    _check(
        _POST, "first hour", "after.endpoints", "all endpoints work", "smoke.public", launched=False
    ),
    _check(
        _POST,
        "first hour",
        "after.errors",
        "no unexpected errors",
        "monitoring.normal",
        launched=False,
    ),
    _after("first hour", _HOUR, "performance", "performance within baselines"),
    _after("first hour", _HOUR, "dashboards", "dashboards green"),
    _after("first day", _DAY, "error-rates", "error rates watched"),
    _after("first day", _DAY, "metrics", "metrics compared with the baseline"),
    _after("first day", _DAY, "background-jobs", "background jobs verified"),
    _after("first day", _DAY, "pool", "pool health checked"),
    _after("first week", 7 * _DAY, "trends", "usage and trends analysed"),
    _after("first week", 7 * _DAY, "documentation", "documentation updated"),
    _after("first week", 7 * _DAY, "retirement-plan", "the baseline's retirement planned"),
    Item(
        id="after.no-traffic",
        phase=_POST,
        group="two weeks",
        title="no traffic to the baseline for a week or more",
        evidence=_CHECK,
        check="after.no-traffic",
        due_s=14 * _DAY,
    ),
    _after("two weeks", 14 * _DAY, "container-removed", "container removed"),
    _after("two weeks", 14 * _DAY, "code-archived", "code archived"),
    _after("two weeks", 14 * _DAY, "architecture", "architecture documentation updated"),
)

BUILT_IN: Final[tuple[Item, ...]] = (
    *_PRE_CUTOVER,
    *_ONE,
    *_TWO,
    *_THREE,
    *_FOUR,
    *_BACK,
    *_AFTER,
)
"""Every item, in the order of the checklist."""
