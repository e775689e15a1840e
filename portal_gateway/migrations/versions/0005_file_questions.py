"""Attachments: the question that a file answers.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; files that came before answer nothing that is known."""
    op.add_column(
        "attachment",
        sa.Column("question", sa.String(64), nullable=False, server_default=""),
    )


def downgrade() -> None:
    """Remove the column."""
    op.drop_column("attachment", "question")
