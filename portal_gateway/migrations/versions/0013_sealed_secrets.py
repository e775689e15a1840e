"""Secrets of one-time codes: sealed with a key that lies outside the database.

Revision ID: 0013
Revises: 0012
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import op

from portal_gateway.database import CODE_KEY
from portal_gateway.register.code_key import CodeKey, read_code_key

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Seal the secrets that are there; the table is made anew, so that none stays beside."""
    _remake("secret", "sealed_secret", 128, lambda key: key.seal)


def downgrade() -> None:
    """Open them again."""
    _remake("sealed_secret", "secret", 64, lambda key: key.open)


def _remake(
    old: str, new: str, length: int, turn: Callable[[CodeKey], Callable[[str, str], str]]
) -> None:
    connection: Any = op.get_bind()
    table = sa.table(
        "second_factor",
        sa.column("officer", sa.String()),
        sa.column(old, sa.String()),
        sa.column("since", sa.DateTime(timezone=True)),
        sa.column("last_step", sa.Integer()),
    )
    rows = [dict(row) for row in connection.execute(sa.select(table)).mappings().all()]
    if rows:
        turned = turn(_key())
        for row in rows:
            row[new] = turned(row["officer"], row.pop(old))
    op.drop_table("second_factor")
    made = op.create_table(
        "second_factor",
        sa.Column("officer", sa.String(64), nullable=False),
        sa.Column(new, sa.String(length), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["officer"], ["officer.name"], name="fk_second_factor_officer_officer"
        ),
        sa.PrimaryKeyConstraint("officer", name="pk_second_factor"),
    )
    op.bulk_insert(made, rows)


def _key() -> CodeKey:
    config = op.get_context().config
    path = config.attributes.get(CODE_KEY) if config else None
    if not isinstance(path, Path):
        raise TypeError("sealing the secrets of one-time codes needs the file of their key")
    return read_code_key(path)
