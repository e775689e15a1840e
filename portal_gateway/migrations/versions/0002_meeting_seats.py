"""Seats at meetings, by registration.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "meeting_seat",
        sa.Column("case_id", sa.String(16), nullable=False),
        sa.Column("briefing", sa.String(60), nullable=False),
        sa.Column("seat_id", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_meeting_seat_case_id_case"),
        sa.PrimaryKeyConstraint("case_id", name="pk_meeting_seat"),
    )
    op.create_index("ix_meeting_seat_briefing", "meeting_seat", ["briefing"])
    op.create_index("ix_meeting_seat_checked_at", "meeting_seat", ["checked_at"])


def downgrade() -> None:
    """Remove the table with everything in it."""
    op.drop_table("meeting_seat")
