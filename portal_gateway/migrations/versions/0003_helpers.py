"""Helpers: who filled a form in together with the person.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what a helper said of themself; nobody helped with what came before."""
    op.add_column("case", sa.Column("helper", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    """Drop it."""
    with op.batch_alter_table("case") as batch:
        batch.drop_column("helper")
