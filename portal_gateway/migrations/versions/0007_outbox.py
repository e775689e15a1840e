"""Connectors: what is on its way to other systems, and what they were handed.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    _create_outbox()
    op.create_table(
        "handed_over",
        sa.Column("case_id", sa.String(16), nullable=False),
        sa.Column("connector", sa.String(40), nullable=False),
        sa.Column("document_id", sa.String(36), nullable=False),
        sa.Column("part_id", sa.String(36), nullable=False),
        sa.Column("seen", sa.Boolean(), nullable=False),
        sa.Column("erased", sa.Boolean(), nullable=False),
        sa.Column("content_sha256", sa.String(64), nullable=True),
        sa.Column("number", sa.String(80), nullable=False),
        sa.Column("left_out", sa.Integer(), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_handed_over_case_id_case"),
        sa.PrimaryKeyConstraint("case_id", "connector", name="pk_handed_over"),
        sa.UniqueConstraint("document_id", name="uq_handed_over_document_id"),
        sa.UniqueConstraint("part_id", name="uq_handed_over_part_id"),
    )
    op.create_table(
        "connector_state",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("resume_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("halted", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(64), nullable=True),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("last_delivery", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name", name="pk_connector_state"),
    )


def _create_outbox() -> None:
    op.create_table(
        "outbox_entry",
        sa.Column("case_id", sa.String(16), nullable=False),
        sa.Column("connector", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.String(40), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("stumbles", sa.Integer(), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claim", sa.String(32), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(64), nullable=True),
        sa.Column("detail", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_outbox_entry_case_id_case"),
        sa.PrimaryKeyConstraint("case_id", "connector", "version", name="pk_outbox_entry"),
        sa.UniqueConstraint("message_id", name="uq_outbox_entry_message_id"),
    )
    op.create_index("ix_outbox_entry_due", "outbox_entry", ["due"])


def downgrade() -> None:
    """Remove the tables; the receivers keep what they have."""
    for name in ("connector_state", "handed_over", "outbox_entry"):
        op.drop_table(name)
