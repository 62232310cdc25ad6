"""Quality control, and the phase that a lot is in.

Both only add: Express runs on the migrated schema as it ran before, which is what a rollback needs.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("lots", sa.Column("phase_id", sa.UUID()))
    op.create_table(
        "qc_decisions",
        sa.Column("id", sa.UUID(), nullable=False, server_default=sa.text("gen_random_uuid()")),
        sa.Column("lot_id", sa.UUID()),
        sa.Column("qc_gate_id", sa.UUID()),
        sa.Column("decision", sa.Text()),
        sa.Column("notes", sa.Text()),
        sa.Column("temperature_c", sa.Double()),
        sa.Column("digital_signature", sa.Text()),
        sa.Column("operator_id", sa.UUID()),
        sa.Column(
            "decided_at",
            postgresql.TIMESTAMP(timezone=True, precision=3),
            nullable=False,
            server_default=sa.text("now()"),
        ),
        sa.PrimaryKeyConstraint("id", name="qc_decisions_pkey"),
        sa.ForeignKeyConstraint(
            ["lot_id"], ["lots.id"], name="qc_decisions_lot_id_fkey", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["operator_id"], ["users.id"], name="qc_decisions_operator_id_fkey", ondelete="SET NULL"
        ),
        sa.CheckConstraint(
            "decision IN ('PASS', 'HOLD', 'FAIL')", name="qc_decisions_decision_check"
        ),
    )
    op.create_index("qc_decisions_lot_id_idx", "qc_decisions", ["lot_id"])


def downgrade() -> None:
    op.drop_table("qc_decisions")
    op.drop_column("lots", "phase_id")
