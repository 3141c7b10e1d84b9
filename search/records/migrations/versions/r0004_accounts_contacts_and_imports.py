"""Accounts, how people are reached and may be, what was read and erased, and files on their way in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

APPEND_ONLY = ("access_log", "erasure")


def upgrade() -> None:
    """Make the tables, and the triggers that keep two of them append-only."""
    moment = sa.DateTime(timezone=True)
    number = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.create_table(
        "organisation",
        sa.Column("id", name(26), nullable=False),
        sa.Column("name", name(200), nullable=False),
        sa.Column("kind", name(16), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_organisation"),
        sa.UniqueConstraint("name", name="uq_organisation_name"),
    )
    op.create_table(
        "account",
        sa.Column("id", name(26), nullable=False),
        sa.Column("email", name(254), nullable=False),
        sa.Column("name", name(200), nullable=False),
        sa.Column("role", name(16), nullable=False),
        sa.Column("organisation_id", name(26), nullable=True),
        sa.Column("password_hash", name(200), nullable=False),
        sa.Column("must_change", sa.Boolean, nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("disabled_at", moment, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_account"),
        sa.UniqueConstraint("email", name="uq_account_email"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_account_organisation_id"
        ),
    )
    op.create_table(
        "session",
        sa.Column("token_hash", name(64), nullable=False),
        sa.Column("account_id", name(26), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("seen_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name="pk_session"),
        of_account("session"),
    )
    op.create_index("ix_session_account_id", "session", ["account_id"])
    op.create_table(
        "api_key",
        sa.Column("id", name(26), nullable=False),
        sa.Column("account_id", name(26), nullable=False),
        sa.Column("name", name(200), nullable=False),
        sa.Column("secret_hash", name(64), nullable=False),
        sa.Column("scopes", sa.JSON, nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("last_used_at", moment, nullable=True),
        sa.Column("revoked_at", moment, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_api_key"),
        of_account("api_key"),
    )
    op.create_index("ix_api_key_account_id", "api_key", ["account_id"])
    op.create_table(
        "login_attempt",
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("subject", name(64), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_login_attempt"),
    )
    op.create_index("ix_login_attempt_subject_at", "login_attempt", ["subject", "at"])
    op.create_table(
        "contact_detail",
        sa.Column("record_id", name(26), nullable=False),
        sa.Column("name", name(200), nullable=False),
        sa.Column("phone", name(200), nullable=False),
        sa.Column("email", name(254), nullable=False),
        sa.Column("updated_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("record_id", name="pk_contact_detail"),
        sa.ForeignKeyConstraint(
            ["record_id"], ["record.id"], name="fk_contact_detail_record_id", ondelete="CASCADE"
        ),
    )
    op.create_table(
        "contact_request",
        sa.Column("id", name(26), nullable=False),
        sa.Column("vacancy_id", name(26), nullable=False),
        sa.Column("candidate_id", name(26), nullable=False),
        sa.Column("organisation_id", name(26), nullable=False),
        sa.Column("asked_by", name(26), nullable=True),
        sa.Column("message", name(1000), nullable=False),
        sa.Column("state", name(16), nullable=False),
        sa.Column("fields", sa.JSON, nullable=False),
        sa.Column("text_version", name(16), nullable=False),
        sa.Column("asked_at", moment, nullable=False),
        sa.Column("answered_at", moment, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_contact_request"),
        sa.UniqueConstraint(
            "vacancy_id", "candidate_id", name="uq_contact_request_vacancy_id_candidate_id"
        ),
        sa.ForeignKeyConstraint(
            ["vacancy_id"], ["record.id"], name="fk_contact_request_vacancy_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["candidate_id"],
            ["record.id"],
            name="fk_contact_request_candidate_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_contact_request_organisation_id"
        ),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["account.id"], name="fk_contact_request_asked_by", ondelete="SET NULL"
        ),
    )
    op.create_index("ix_contact_request_candidate_id", "contact_request", ["candidate_id"])
    op.create_index("ix_contact_request_organisation_id", "contact_request", ["organisation_id"])
    op.create_table(
        "access_log",
        sa.Column("sequence", number, autoincrement=True, nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("account_id", name(26), nullable=False),
        sa.Column("organisation_id", name(26), nullable=False),
        sa.Column("action", name(24), nullable=False),
        sa.Column("record_id", name(26), nullable=False),
        sa.Column("detail", name(64), nullable=False),
        sa.Column("digest", name(64), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name="pk_access_log"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_access_log_record_id", "access_log", ["record_id"])
    op.create_table(
        "erasure",
        sa.Column("id", name(26), nullable=False),
        sa.Column("record_id", name(26), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("by", name(26), nullable=False),
        sa.Column("removed", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_erasure"),
    )
    op.create_table(
        "import_job",
        sa.Column("id", name(26), nullable=False),
        sa.Column("owner", name(64), nullable=False),
        sa.Column("account_id", name(26), nullable=False),
        sa.Column("kind", name(16), nullable=False),
        sa.Column("state", name(16), nullable=False),
        sa.Column("file_name", name(200), nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=True),
        sa.Column("mapping", sa.JSON, nullable=False),
        sa.Column("problem", sa.JSON, nullable=False),
        sa.Column("total", sa.Integer, nullable=False),
        sa.Column("done", sa.Integer, nullable=False),
        sa.Column("counts", sa.JSON, nullable=False),
        sa.Column("faults", sa.JSON, nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("updated_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_import_job"),
    )
    op.create_index("ix_import_job_owner_id", "import_job", ["owner", "id"])
    for table in APPEND_ONLY:
        refuse_changes(table)


def downgrade() -> None:
    """Remove the tables, and with them every account and every proof."""
    for table in APPEND_ONLY:
        allow_changes(table)
    for table in (
        "import_job",
        "erasure",
        "access_log",
        "contact_request",
        "contact_detail",
        "login_attempt",
        "api_key",
        "session",
        "account",
        "organisation",
    ):
        op.drop_table(table)


def refuse_changes(table: str) -> None:
    """Let the database itself refuse to change or remove rows."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE FUNCTION {table}_only_grows() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{table} is only added to'; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_only_grows()"
        )
        return
    for operation in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{operation.lower()} BEFORE {operation} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is only added to'); END"
        )


def allow_changes(table: str) -> None:
    """Remove what `refuse_changes` made."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP TRIGGER {table}_only_grows ON {table}")
        op.execute(f"DROP FUNCTION {table}_only_grows()")
        return
    for operation in ("update", "delete"):
        op.execute(f"DROP TRIGGER {table}_no_{operation}")


def of_account(table: str) -> sa.ForeignKeyConstraint:
    """Return what lets a row go with its account."""
    return sa.ForeignKeyConstraint(
        ["account_id"], ["account.id"], name=f"fk_{table}_account_id", ondelete="CASCADE"
    )


def name(length: int) -> sa.String:
    """Return the type of text that is compared and sorted: by code point (SQLite does)."""
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    return sa.String(length, collation="C") if is_postgresql else sa.String(length)
