"""Work on cases: whose each is, notes among officers, steps of reports of reprisal.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "case_assignment",
        sa.Column("case_id", sa.String(16), nullable=False),
        sa.Column("officer", sa.String(64), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_case_assignment_case_id_case"),
        sa.ForeignKeyConstraint(
            ["officer"], ["officer.name"], name="fk_case_assignment_officer_officer"
        ),
        sa.PrimaryKeyConstraint("case_id", name="pk_case_assignment"),
    )
    op.create_index("ix_case_assignment_officer", "case_assignment", ["officer"])
    op.create_table(
        "case_note",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(16), nullable=False),
        sa.Column("officer", sa.String(64), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_case_note_case_id_case"),
        sa.ForeignKeyConstraint(["officer"], ["officer.name"], name="fk_case_note_officer_officer"),
        sa.PrimaryKeyConstraint("id", name="pk_case_note"),
    )
    op.create_index("ix_case_note_case_id", "case_note", ["case_id"])
    _create_steps()


def downgrade() -> None:
    """Drop the tables; assignments, notes and steps are lost."""
    for table in ("reprisal_step", "case_note", "case_assignment"):
        op.drop_table(table)


def _create_steps() -> None:
    op.create_table(
        "reprisal_step",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("came_from", sa.String(20), nullable=False),
        sa.Column("step", sa.String(20), nullable=False),
        sa.Column("officer", sa.String(64), nullable=False),
        sa.Column("second", sa.String(64), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_reprisal_step_case_id_case"),
        sa.ForeignKeyConstraint(
            ["officer"], ["officer.name"], name="fk_reprisal_step_officer_officer"
        ),
        sa.ForeignKeyConstraint(
            ["second"], ["officer.name"], name="fk_reprisal_step_second_officer"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_reprisal_step"),
        sa.UniqueConstraint("case_id", "number", name="uq_reprisal_step_case_id_number"),
    )
    op.create_index("ix_reprisal_step_case_id", "reprisal_step", ["case_id"])
