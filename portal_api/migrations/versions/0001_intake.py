"""Tables of the intake: submissions, the pieces they name, answers.

Revision ID: 0001
Revises: nothing
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables. Without row numbers on SQLite: they would record the order of arrival."""
    op.create_table(
        "submission",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("manifest", sa.LargeBinary(), nullable=False),
        sa.Column("envelope", sa.LargeBinary(), nullable=False),
        sa.Column("acknowledged_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_submission"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_submission_acknowledged_on_id", "submission", ["acknowledged_on", "id"])
    op.create_table(
        "submission_chunk",
        sa.Column("chunk", sa.String(64), nullable=False),
        sa.Column("submission", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("chunk", "submission", name="pk_submission_chunk"),
        sa.ForeignKeyConstraint(
            ["submission"],
            ["submission.id"],
            name="fk_submission_chunk_submission",
            ondelete="CASCADE",
        ),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_submission_chunk_submission", "submission_chunk", ["submission"])
    op.create_table(
        "reply",
        sa.Column("mailbox", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("stored_on", sa.Date(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("mailbox", "digest", name="pk_reply"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Remove the tables with everything in them."""
    op.drop_table("reply")
    op.drop_table("submission_chunk")
    op.drop_table("submission")
