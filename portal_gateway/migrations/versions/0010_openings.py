"""Openings: who asked to open a case of a two-person queue, and what a second officer said.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "case_opening",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(16), nullable=False),
        sa.Column("officer", sa.String(64), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(16), nullable=True),
        sa.Column("answered_by", sa.String(64), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_case_opening_case_id_case"),
        sa.ForeignKeyConstraint(
            ["officer"], ["officer.name"], name="fk_case_opening_officer_officer"
        ),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["officer.name"], name="fk_case_opening_answered_by_officer"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_case_opening"),
        # Whatever a program does wrong: nobody is the second officer for themself.
        sa.CheckConstraint("answered_by <> officer", name="ck_case_opening_two_people"),
    )
    op.create_index("ix_case_opening_case_id", "case_opening", ["case_id"])


def downgrade() -> None:
    """Drop the table; one officer is then enough for every queue."""
    op.drop_table("case_opening")
