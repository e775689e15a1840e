"""Rights of officers: queues they read and answer, the audit, accounts.

Accounts from before have none until somebody gives them some: `portal register account give`.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "officer_right",
        sa.Column("officer", sa.String(64), nullable=False),
        sa.Column("right", sa.String(16), nullable=False),
        sa.Column("queue", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(
            ["officer"], ["officer.name"], name="fk_officer_right_officer_officer"
        ),
        sa.PrimaryKeyConstraint("officer", "right", "queue", name="pk_officer_right"),
    )


def downgrade() -> None:
    """Drop the table; everybody who can sign in then sees everything."""
    op.drop_table("officer_right")
