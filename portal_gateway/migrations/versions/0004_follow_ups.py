"""What families wrote again: follow-ups, consents that changed, files.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    _create_follow_ups()
    op.create_table(
        "consent_change",
        sa.Column("follow_up_id", sa.String(64), nullable=False),
        sa.Column("consent_id", sa.String(8), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("text_sha256", sa.String(64), nullable=False),
        sa.Column("text_known", sa.Boolean(), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("capacity", sa.String(16), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["follow_up_id"], ["follow_up.id"], name="fk_consent_change_follow_up_id_follow_up"
        ),
        sa.PrimaryKeyConstraint("follow_up_id", "consent_id", name="pk_consent_change"),
    )
    op.create_table(
        "follow_up_file",
        sa.Column("follow_up_id", sa.String(64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("mime", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("processing", sa.String(16), nullable=False),
        sa.Column("question", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(
            ["follow_up_id"], ["follow_up.id"], name="fk_follow_up_file_follow_up_id_follow_up"
        ),
        sa.PrimaryKeyConstraint("follow_up_id", "position", name="pk_follow_up_file"),
    )


def _create_follow_ups() -> None:
    op.create_table(
        "follow_up",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("case_id", sa.String(16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_on", sa.Date(), nullable=False),
        sa.Column("form_id", sa.String(64), nullable=False),
        sa.Column("form_version", sa.Integer(), nullable=False),
        sa.Column("mode", sa.String(16), nullable=False),
        sa.Column("helper", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("client", sa.String(64), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_follow_up_case_id_case"),
        sa.PrimaryKeyConstraint("id", name="pk_follow_up"),
    )
    op.create_index("ix_follow_up_case_id", "follow_up", ["case_id"])


def downgrade() -> None:
    """Remove the tables with everything in them."""
    for name in ("follow_up_file", "consent_change", "follow_up"):
        op.drop_table(name)
