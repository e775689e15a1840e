"""Tables of the register: arrivals, cases, replies, officers, audit.

Revision ID: 0001
Revises: nothing
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    "arrival",
    "link",
    "officer",
    "sign_in_failures",
    "officer_session",
    "mailbox",
    "case",
    "attachment",
    "consent",
    "reply",
    "batch",
    "parcel",
    "audit_entry",
)
"""In the order of creation: a table comes after those it refers to."""


def upgrade() -> None:
    """Create the tables, and make the database itself refuse to change the audit."""
    _create_arrivals()
    _create_officers()
    _create_cases()
    _create_belongings()
    _create_replies()
    _create_audit()
    _protect_audit()


def downgrade() -> None:
    """Drop the tables; cases, replies and audit are lost."""
    for table in reversed(TABLES):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change_of_audit()")


def _create_arrivals() -> None:
    op.create_table(
        "arrival",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("first_seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("stumbles", sa.Integer(), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(64), nullable=True),
        sa.Column("detail", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_arrival"),
    )
    op.create_index("ix_arrival_due", "arrival", ["due"])
    op.create_table(
        "link",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last_contact", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trouble", sa.String(64), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_link"),
    )


def _create_officers() -> None:
    op.create_table(
        "officer",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("language", sa.String(16), nullable=True),
        sa.PrimaryKeyConstraint("name", name="pk_officer"),
    )
    op.create_table(
        "sign_in_failures",
        sa.Column("name_sha256", sa.String(64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last", sa.DateTime(timezone=True), nullable=False),
        sa.Column("blocked_until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name_sha256", name="pk_sign_in_failures"),
    )
    op.create_table(
        "officer_session",
        sa.Column("token_sha256", sa.String(64), nullable=False),
        sa.Column("officer", sa.String(64), nullable=False),
        sa.Column("begun", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["officer"], ["officer.name"], name="fk_officer_session_officer_officer"
        ),
        sa.PrimaryKeyConstraint("token_sha256", name="pk_officer_session"),
    )
    op.create_index("ix_officer_session_officer", "officer_session", ["officer"])


def _create_cases() -> None:
    op.create_table(
        "mailbox",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("proof", sa.String(64), nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_mailbox"),
    )
    op.create_table(
        "case",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("submission_id", sa.String(64), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("queue", sa.String(32), nullable=False),
        sa.Column("flags", sa.JSON(), nullable=False),
        sa.Column("type", sa.String(32), nullable=False),
        sa.Column("form_id", sa.String(64), nullable=False),
        sa.Column("form_version", sa.Integer(), nullable=False),
        sa.Column("mode", sa.String(16), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("reply_language", sa.String(16), nullable=False),
        sa.Column("written_on", sa.Date(), nullable=False),
        sa.Column("client", sa.String(64), nullable=False),
        sa.Column("key_serial", sa.Integer(), nullable=False),
        sa.Column("mailbox_id", sa.String(64), nullable=False),
        sa.Column("person_name", sa.String(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["mailbox_id"], ["mailbox.id"], name="fk_case_mailbox_id_mailbox"),
        sa.PrimaryKeyConstraint("id", name="pk_case"),
        sa.UniqueConstraint("submission_id", name="uq_case_submission_id"),
    )
    op.create_index("ix_case_registered_at", "case", ["registered_at"])


def _create_belongings() -> None:
    op.create_table(
        "attachment",
        sa.Column("case_id", sa.String(16), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("mime", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("processing", sa.String(16), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_attachment_case_id_case"),
        sa.PrimaryKeyConstraint("case_id", "position", name="pk_attachment"),
    )
    op.create_table(
        "consent",
        sa.Column("case_id", sa.String(16), nullable=False),
        sa.Column("consent_id", sa.String(8), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("text_sha256", sa.String(64), nullable=False),
        sa.Column("text_known", sa.Boolean(), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("capacity", sa.String(16), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_consent_case_id_case"),
        sa.PrimaryKeyConstraint("case_id", "consent_id", name="pk_consent"),
    )


def _create_replies() -> None:
    op.create_table(
        "reply",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(16), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("officer", sa.String(64), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_reply_case_id_case"),
        sa.PrimaryKeyConstraint("id", name="pk_reply"),
    )
    op.create_index("ix_reply_case_id", "reply", ["case_id"])
    op.create_table(
        "batch",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("trouble", sa.String(64), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_batch"),
    )
    op.create_table(
        "parcel",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("reply_id", sa.String(32), nullable=True),
        sa.Column("mailbox_id", sa.String(64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("batch_id", sa.String(32), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name="fk_parcel_batch_id_batch"),
        sa.ForeignKeyConstraint(["reply_id"], ["reply.id"], name="fk_parcel_reply_id_reply"),
        sa.PrimaryKeyConstraint("id", name="pk_parcel"),
        sa.UniqueConstraint("reply_id", name="uq_parcel_reply_id"),
    )
    op.create_index("ix_parcel_batch_id", "parcel", ["batch_id"])


def _create_audit() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(64), nullable=True),
        sa.Column("action", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("previous_hash", sa.String(64), nullable=True),
        sa.Column("hash", sa.String(64), nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_audit_entry"),
    )
    op.create_index("ix_audit_entry_subject", "audit_entry", ["subject"])


def _protect_audit() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_entry_no_{verb.lower()} BEFORE {verb} ON audit_entry "
                "BEGIN SELECT RAISE(ABORT, 'audit rows are never changed'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION refuse_change_of_audit() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'audit rows are never changed'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_entry_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_audit()"
    )
