"""Users, lots and their genealogy: the tables as they were when Express still owned them.

Revision ID: 0001
Revises:
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "users",
        _id(),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("full_name", sa.Text()),
        sa.Column("role", sa.Text(), nullable=False),
        _moment("created_at"),
        sa.Column("last_login", postgresql.TIMESTAMP(timezone=True, precision=3)),
        sa.PrimaryKeyConstraint("id", name="users_pkey"),
        sa.CheckConstraint(
            "role IN ('ADMIN', 'MANAGER', 'AUDITOR', 'OPERATOR', 'VIEWER')", name="users_role_check"
        ),
    )
    op.create_index("users_email_lower_idx", "users", [sa.text("lower(email)")], unique=True)
    op.create_table(
        "lots",
        _id(),
        sa.Column("lot_code", sa.Text(), nullable=False),
        sa.Column("lot_type", sa.Text()),
        sa.Column("production_run_id", sa.UUID()),
        sa.Column("weight_kg", sa.Numeric(7, 2)),
        sa.Column("temperature_c", sa.Numeric(4, 1)),
        sa.Column(
            "metadata", postgresql.JSONB(), nullable=False, server_default=sa.text("'{}'::jsonb")
        ),
        sa.Column("operator_id", sa.UUID()),
        _moment("created_at"),
        sa.PrimaryKeyConstraint("id", name="lots_pkey"),
        sa.UniqueConstraint("lot_code", name="lots_lot_code_key"),
        sa.ForeignKeyConstraint(
            ["operator_id"], ["users.id"], name="lots_operator_id_fkey", ondelete="SET NULL"
        ),
        sa.CheckConstraint(
            "lot_type IN ('RAW', 'DEB', 'BULK', 'MIX', 'SKW', 'FRZ', 'FG')",
            name="lots_lot_type_check",
        ),
    )
    op.create_table(
        "lot_genealogy",
        sa.Column("parent_id", sa.UUID(), nullable=False),
        sa.Column("child_id", sa.UUID(), nullable=False),
        sa.PrimaryKeyConstraint("parent_id", "child_id", name="lot_genealogy_pkey"),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["lots.id"], name="lot_genealogy_parent_id_fkey", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["child_id"], ["lots.id"], name="lot_genealogy_child_id_fkey", ondelete="CASCADE"
        ),
        sa.CheckConstraint("parent_id <> child_id", name="lot_genealogy_not_its_own_parent_check"),
    )
    op.create_index("lot_genealogy_child_id_idx", "lot_genealogy", ["child_id"])


def downgrade() -> None:
    op.drop_table("lot_genealogy")
    op.drop_table("lots")
    op.drop_table("users")


def _id() -> sa.Column[Any]:
    default = sa.text("gen_random_uuid()")
    return sa.Column("id", sa.UUID(), nullable=False, server_default=default)


def _moment(name: str) -> sa.Column[Any]:
    kind = postgresql.TIMESTAMP(timezone=True, precision=3)
    return sa.Column(name, kind, nullable=False, server_default=sa.text("now()"))
