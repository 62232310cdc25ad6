"""The tables, as SQLAlchemy knows them: for Alembic only, the application writes its own SQL."""

import uuid
from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    Column,
    Double,
    ForeignKey,
    Index,
    MetaData,
    Numeric,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP, UUID

metadata = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "uq": "%(table_name)s_%(column_0_name)s_key",
        "fk": "%(table_name)s_%(column_0_name)s_fkey",
        "ix": "%(table_name)s_%(column_0_name)s_idx",
        "ck": "%(table_name)s_%(constraint_name)s_check",
    }
)


def _id() -> Column[uuid.UUID]:
    default = text("gen_random_uuid()")
    return Column("id", UUID(), primary_key=True, server_default=default)


def _moment(name: str, *, required: bool = True) -> Column[datetime]:
    # Milliseconds are what the contract promises; rounding once, here, keeps both backends equal.
    default = text("now()") if required else None
    kind = TIMESTAMP(timezone=True, precision=3)
    return Column(name, kind, nullable=not required, server_default=default)


users = Table(
    "users",
    metadata,
    _id(),
    Column("email", Text, nullable=False),
    Column("full_name", Text),
    Column("role", Text, nullable=False),
    _moment("created_at"),
    _moment("last_login", required=False),
    CheckConstraint("role IN ('ADMIN', 'MANAGER', 'AUDITOR', 'OPERATOR', 'VIEWER')", name="role"),
    Index("users_email_lower_idx", text("lower(email)"), unique=True),
)

lots = Table(
    "lots",
    metadata,
    _id(),
    Column("lot_code", Text, nullable=False, unique=True),
    Column("lot_type", Text),
    Column("production_run_id", UUID()),
    Column("weight_kg", Numeric(7, 2)),
    Column("temperature_c", Numeric(4, 1)),
    Column("metadata", JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    Column("phase_id", UUID()),
    Column("operator_id", UUID(), ForeignKey("users.id", ondelete="SET NULL")),
    _moment("created_at"),
    CheckConstraint(
        "lot_type IN ('RAW', 'DEB', 'BULK', 'MIX', 'SKW', 'FRZ', 'FG')", name="lot_type"
    ),
)

lot_genealogy = Table(
    "lot_genealogy",
    metadata,
    Column("parent_id", UUID(), ForeignKey("lots.id", ondelete="CASCADE"), primary_key=True),
    Column("child_id", UUID(), ForeignKey("lots.id", ondelete="CASCADE"), primary_key=True),
    CheckConstraint("parent_id <> child_id", name="not_its_own_parent"),
    Index(None, "child_id"),
)

qc_decisions = Table(
    "qc_decisions",
    metadata,
    _id(),
    Column("lot_id", UUID(), ForeignKey("lots.id", ondelete="CASCADE"), index=True),
    Column("qc_gate_id", UUID()),
    Column("decision", Text),
    Column("notes", Text),
    # A probe's reading as it is: unlike a lot's temperature it has no fixed scale.
    Column("temperature_c", Double),
    Column("digital_signature", Text),
    Column("operator_id", UUID(), ForeignKey("users.id", ondelete="SET NULL")),
    _moment("decided_at"),
    CheckConstraint("decision IN ('PASS', 'HOLD', 'FAIL')", name="decision"),
)
