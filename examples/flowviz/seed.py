"""The rows that every run finds: codes, emails and values the same, ids and times always new.

A golden that remembered an id of its recording would fail the next run, which is the point.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from random import SystemRandom
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import psycopg

_random = SystemRandom()


class User(NamedTuple):
    """A seeded user; `has_logged_in` decides whether last_login is null."""

    email: str
    full_name: str | None
    role: str
    has_logged_in: bool


class Lot(NamedTuple):
    """A seeded lot; `operator` is the email of the user who recorded it."""

    lot_code: str
    lot_type: str | None
    weight_kg: str | None = None
    temperature_c: str | None = None
    metadata: dict[str, Any] | None = None
    in_run: bool = False
    in_phase: bool = False
    operator: str | None = None


USERS = (
    User("test@flowviz.com", "Test User", "OPERATOR", has_logged_in=True),
    User("admin@flowviz.com", "Ada Admin", "ADMIN", has_logged_in=True),
    User("manager@flowviz.com", "Mara Manager", "MANAGER", has_logged_in=True),
    User("auditor@flowviz.com", "Otto Auditor", "AUDITOR", has_logged_in=False),
    User("operator@flowviz.com", None, "OPERATOR", has_logged_in=True),
    User("viewer@flowviz.com", None, "VIEWER", has_logged_in=False),
)

_SORTING = {"line": 4, "rejects": [3, 1, 2], "vision": {"model": "ss-7", "grades": ["A", "B", "A"]}}
_SERIALS = {"plc_serial": 9007199254740993, "readings": [1.10, 2.25, 0.1], "calibrated": True}

LOTS = (
    Lot(
        "SEED-RAW-001",
        "RAW",
        "1250.50",
        "4.5",
        {"supplier": "Nordsee"},
        operator="test@flowviz.com",
    ),
    Lot("SEED-RAW-002", "RAW", "500.00", "-18.0", {}, in_run=True),
    Lot("SEED-DEB-001", "DEB", "1000.01", "3.9", _SORTING, in_run=True, in_phase=True),
    Lot("SEED-BULK-001", "BULK", "10000.00", "100.0", {}, in_phase=True),
    Lot("SEED-MIX-001", "MIX", "1750.25", "0.0", _SERIALS, True, True, "manager@flowviz.com"),
    Lot("SEED-SKW-001", "SKW", "0.01", "-0.5", {"skewers": [{"size": "S", "count": 12}]}),
    Lot("SEED-FRZ-001", "FRZ", "0.00", "-50.0", {"tunnel": None}),
    Lot("SEED-FG-001", "FG", "750.00", "-22.4", {"pallets": []}, in_run=True),
    Lot(
        "SEED-FG-002", "FG", "250.25", "-22.5", {"label": "Öko – 有機"}, operator="test@flowviz.com"
    ),
    Lot("SEED-FG-003", "FG", None, None, {}),
    Lot("SEED-NULL-001", None),
    # The shortest code there may be: it cannot be made new in every run.
    Lot("S", None),
    # Codes that must be percent-encoded in a path.
    Lot("SEED/SLASH 001", "RAW", "1.50", "2.0"),
    Lot("SEED-ÜNI-001", "MIX", "2.50", "2.5"),
    Lot("SEED%25-001?#", "FG", "3.00", "3.0"),
)

# (parent, child): two raw lots → mix → three finished goods, a chain through it, and lots alone.
GENEALOGY = (
    ("SEED-RAW-001", "SEED-DEB-001"),
    ("SEED-DEB-001", "SEED-MIX-001"),
    ("SEED-RAW-002", "SEED-MIX-001"),
    ("SEED-MIX-001", "SEED-FG-001"),
    ("SEED-MIX-001", "SEED-FG-002"),
    ("SEED-MIX-001", "SEED-FG-003"),
    ("SEED-BULK-001", "SEED-SKW-001"),
    ("SEED-SKW-001", "SEED-FRZ-001"),
    ("SEED/SLASH 001", "SEED-ÜNI-001"),
)


def seed(connection: psycopg.Connection) -> None:
    """Insert the rows and commit."""
    operators = {user.email: _insert_user(connection, user) for user in USERS}
    # In random order, so that nobody comes to rely on the order of rows on disk.
    ids = {
        lot.lot_code: _insert_lot(connection, lot, operators)
        for lot in _random.sample(LOTS, len(LOTS))
    }
    for parent, child in _random.sample(GENEALOGY, len(GENEALOGY)):
        connection.execute(
            "INSERT INTO lot_genealogy (parent_id, child_id) VALUES (%s, %s)",
            (ids[parent], ids[child]),
        )
    connection.commit()
    # Without statistics the first plans are guesses, and a run's first minute slower than its rest.
    connection.execute("ANALYZE users, lots, lot_genealogy, qc_decisions")
    connection.commit()


def _insert_user(connection: psycopg.Connection, user: User) -> UUID:
    user_id = uuid4()
    connection.execute(
        "INSERT INTO users (id, email, full_name, role, created_at, last_login)"
        " VALUES (%s, %s, %s, %s, %s, %s)",
        (
            user_id,
            user.email,
            user.full_name,
            user.role,
            _past(days=400, at_least=100),
            _past(days=99) if user.has_logged_in else None,
        ),
    )
    return user_id


def _insert_lot(connection: psycopg.Connection, lot: Lot, operators: dict[str, UUID]) -> UUID:
    lot_id = uuid4()
    connection.execute(
        "INSERT INTO lots (id, lot_code, lot_type, production_run_id, weight_kg, temperature_c,"
        " metadata, phase_id, operator_id, created_at)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s::jsonb, %s, %s, %s)",
        (
            lot_id,
            lot.lot_code,
            lot.lot_type,
            uuid4() if lot.in_run else None,
            lot.weight_kg,
            lot.temperature_c,
            json.dumps(lot.metadata or {}),
            uuid4() if lot.in_phase else None,
            operators[lot.operator] if lot.operator else None,
            _past(days=90),
        ),
    )
    return lot_id


def _past(*, days: int, at_least: int = 1) -> datetime:
    span_ms = (days - at_least) * 86_400_000
    ago = timedelta(days=at_least, milliseconds=_random.randrange(span_ms))
    return datetime.now(UTC) - ago
