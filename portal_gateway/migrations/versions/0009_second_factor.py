"""Sign-in: one-time codes, codes on paper, devices that were used before, stages of sessions.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables, and end all sessions: they were begun without a code."""
    op.create_table(
        "second_factor",
        sa.Column("officer", sa.String(64), nullable=False),
        sa.Column("secret", sa.String(64), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["officer"], ["officer.name"], name="fk_second_factor_officer_officer"
        ),
        sa.PrimaryKeyConstraint("officer", name="pk_second_factor"),
    )
    op.create_table(
        "recovery_code",
        sa.Column("code_sha256", sa.String(64), nullable=False),
        sa.Column("officer", sa.String(64), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["officer"], ["officer.name"], name="fk_recovery_code_officer_officer"
        ),
        sa.PrimaryKeyConstraint("code_sha256", name="pk_recovery_code"),
    )
    op.create_index("ix_recovery_code_officer", "recovery_code", ["officer"])
    op.create_table(
        "known_device",
        sa.Column("token_sha256", sa.String(64), nullable=False),
        sa.Column("officer", sa.String(64), nullable=False),
        sa.Column("last_used", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["officer"], ["officer.name"], name="fk_known_device_officer_officer"
        ),
        sa.PrimaryKeyConstraint("token_sha256", name="pk_known_device"),
    )
    op.create_index("ix_known_device_officer", "known_device", ["officer"])
    op.execute("DELETE FROM officer_session")
    op.add_column("officer_session", sa.Column("stage", sa.String(16), nullable=False))


def downgrade() -> None:
    """Drop them; a password is then enough, and everybody signs in again."""
    op.execute("DELETE FROM officer_session")
    op.drop_column("officer_session", "stage")
    for table in ("known_device", "recovery_code", "second_factor"):
        op.drop_table(table)
