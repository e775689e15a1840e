"""Persons sought: keys of names, what officers said of two requests, requests for one person.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables; keys are made when a name is first looked for."""
    _names()
    _judgements()
    op.create_table(
        "sought_person",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sought_person"),
    )
    op.create_table(
        "sought_by",
        sa.Column("case_id", sa.String(16), nullable=False),
        sa.Column("person_id", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("case_id", name="pk_sought_by"),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_sought_by_case_id_case"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["sought_person.id"], name="fk_sought_by_person_id_sought_person"
        ),
    )
    op.create_index("ix_sought_by_person_id", "sought_by", ["person_id"])


def downgrade() -> None:
    """Drop the tables; what officers said is lost, the audit keeps that they said it."""
    for table in ("sought_by", "sought_person", "judgement", "name_key"):
        op.drop_table(table)


def _names() -> None:
    op.create_table(
        "name_key",
        sa.Column("case_id", sa.String(16), nullable=False),
        sa.Column("key", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "key", name="pk_name_key"),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_name_key_case_id_case"),
    )
    op.create_index("ix_name_key_key", "name_key", ["key"])


def _judgements() -> None:
    op.create_table(
        "judgement",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("one", sa.String(16), nullable=False),
        sa.Column("other", sa.String(16), nullable=False),
        sa.Column("verdict", sa.String(16), nullable=False),
        sa.Column("officer", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_judgement"),
        sa.UniqueConstraint("one", "other", "number", name="uq_judgement_one_other_number"),
        sa.ForeignKeyConstraint(["one"], ["case.id"], name="fk_judgement_one_case"),
        sa.ForeignKeyConstraint(["other"], ["case.id"], name="fk_judgement_other_case"),
    )
    op.create_index("ix_judgement_one", "judgement", ["one"])
    op.create_index("ix_judgement_other", "judgement", ["other"])
