"""Tables of seats at briefings.

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
    """Create the tables. Without row numbers on SQLite: they would record the order of arrival."""
    op.create_table(
        "seat_book",
        sa.Column("briefing", sa.String(60), nullable=False),
        sa.PrimaryKeyConstraint("briefing", name="pk_seat_book"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "seat",
        sa.Column("briefing", sa.String(60), nullable=False),
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("briefing", "id", name="pk_seat"),
        sa.ForeignKeyConstraint(["briefing"], ["seat_book.briefing"], name="fk_seat_briefing"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Remove the tables with everything in them."""
    op.drop_table("seat")
    op.drop_table("seat_book")
