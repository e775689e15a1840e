"""Audit: every row bound to the one before, and the newest one kept in a row of its own.

Revision ID: 0006
Revises: 0005
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from portal_gateway.audit import FIRST, row_hash

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ENTRY = sa.table(
    "audit_entry",
    sa.column("number", sa.Integer()),
    sa.column("at", sa.DateTime(timezone=True)),
    sa.column("actor", sa.String()),
    sa.column("action", sa.String()),
    sa.column("subject", sa.String()),
    sa.column("detail", sa.JSON()),
    sa.column("previous_hash", sa.String()),
    sa.column("hash", sa.String()),
)


def upgrade() -> None:
    """Bind the rows that are there, in their order, and refuse changes again."""
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_head"),
    )
    _allow_changes()
    number, newest = _chain_rows()
    with op.batch_alter_table("audit_entry") as table:
        table.alter_column("previous_hash", existing_type=sa.String(64), nullable=False)
        table.alter_column("hash", existing_type=sa.String(64), nullable=False)
        table.create_unique_constraint("uq_audit_entry_previous_hash", ["previous_hash"])
    _refuse_changes()
    op.bulk_insert(
        sa.table("audit_head", *map(sa.column, ("id", "number", "hash"))),
        [{"id": 1, "number": number, "hash": newest}],
    )


def downgrade() -> None:
    """Forget the newest row; hashes stay where they are."""
    _allow_changes()
    with op.batch_alter_table("audit_entry") as table:
        table.drop_constraint("uq_audit_entry_previous_hash", type_="unique")
        table.alter_column("previous_hash", existing_type=sa.String(64), nullable=True)
        table.alter_column("hash", existing_type=sa.String(64), nullable=True)
    _refuse_changes()
    op.drop_table("audit_head")


def _chain_rows() -> tuple[int, str]:
    """Return number and hash of the newest row."""
    connection: Any = op.get_bind()
    number, newest = 0, FIRST
    for row in connection.execute(sa.select(ENTRY).order_by(ENTRY.c.number)).all():
        number, before = row.number, newest
        newest = row_hash(number, row._mapping, before)  # noqa: SLF001 (SQLAlchemy's public name)
        connection.execute(
            sa.update(ENTRY)
            .where(ENTRY.c.number == number)
            .values(previous_hash=before, hash=newest)
        )
    return number, newest


def _allow_changes() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("update", "delete"):
            op.execute(f"DROP TRIGGER IF EXISTS audit_entry_no_{verb}")
        return
    op.execute("ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_no_change")


def _refuse_changes() -> None:
    if op.get_bind().dialect.name == "sqlite":
        # Changing columns makes the table anew on SQLite, and its triggers go with the old one.
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_entry_no_{verb.lower()} BEFORE {verb} ON audit_entry "
                "BEGIN SELECT RAISE(ABORT, 'audit rows are never changed'); END"
            )
        return
    op.execute("ALTER TABLE audit_entry ENABLE TRIGGER audit_entry_no_change")
