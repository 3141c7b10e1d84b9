"""The tables of who may do what, and of what was done with personal data.

`organisation`, `account`, `session`, `api_key` and `login_attempt` say who is asking. `contact_detail`
holds how a person is reached, apart from the profile: what is indexed, matched and shown never reads
it. `contact_request` is an employer's question and the person's answer. `access_log` and `erasure` are
only ever added to; they hold ids, no content, so erasing a person leaves them whole. `import_job` is a
file on its way in.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    UniqueConstraint,
)

from search.records.tables import LONGEST_NAME, METADATA, SEQUENCE, UtcDateTime, sorted_text

#: Longest e-mail address (RFC 5321, 4.5.3.1.3), less the brackets.
LONGEST_EMAIL = 254
#: Longest name of a person or an organisation.
LONGEST_TITLE = 200
#: Longest message with a request to be contacted.
LONGEST_MESSAGE = 1000

ORGANISATION = Table(
    "organisation",
    METADATA,
    Column("id", sorted_text(26), primary_key=True),
    Column("name", sorted_text(LONGEST_TITLE), nullable=False),
    Column("kind", sorted_text(16), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("name"),
)

ACCOUNT = Table(
    "account",
    METADATA,
    Column("id", sorted_text(26), primary_key=True),
    Column("email", sorted_text(LONGEST_EMAIL), nullable=False),
    Column("name", sorted_text(LONGEST_TITLE), nullable=False),
    Column("role", sorted_text(16), nullable=False),
    Column("organisation_id", ForeignKey("organisation.id"), nullable=True),
    Column("password_hash", sorted_text(200), nullable=False),
    Column("must_change", Boolean, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("disabled_at", UtcDateTime, nullable=True),
    UniqueConstraint("email"),
)

SESSION = Table(
    "session",
    METADATA,
    Column("token_hash", sorted_text(LONGEST_NAME), primary_key=True),
    Column("account_id", ForeignKey("account.id", ondelete="CASCADE"), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Index("ix_session_account_id", "account_id"),
)

API_KEY = Table(
    "api_key",
    METADATA,
    Column("id", sorted_text(26), primary_key=True),
    Column("account_id", ForeignKey("account.id", ondelete="CASCADE"), nullable=False),
    Column("name", sorted_text(LONGEST_TITLE), nullable=False),
    Column("secret_hash", sorted_text(LONGEST_NAME), nullable=False),
    Column("scopes", JSON, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("last_used_at", UtcDateTime, nullable=True),
    Column("revoked_at", UtcDateTime, nullable=True),
    Index("ix_api_key_account_id", "account_id"),
)

LOGIN_ATTEMPT = Table(
    "login_attempt",
    METADATA,
    Column("id", SEQUENCE, primary_key=True, autoincrement=True),
    # What stands for an e-mail address or a browser; the address itself is not kept.
    Column("subject", sorted_text(LONGEST_NAME), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index("ix_login_attempt_subject_at", "subject", "at"),
)

CONTACT_DETAIL = Table(
    "contact_detail",
    METADATA,
    Column("record_id", ForeignKey("record.id", ondelete="CASCADE"), primary_key=True),
    Column("name", sorted_text(LONGEST_TITLE), nullable=False),
    Column("phone", sorted_text(LONGEST_TITLE), nullable=False),
    Column("email", sorted_text(LONGEST_EMAIL), nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
)

CONTACT_REQUEST = Table(
    "contact_request",
    METADATA,
    Column("id", sorted_text(26), primary_key=True),
    Column("vacancy_id", ForeignKey("record.id", ondelete="CASCADE"), nullable=False),
    Column("candidate_id", ForeignKey("record.id", ondelete="CASCADE"), nullable=False),
    Column("organisation_id", ForeignKey("organisation.id"), nullable=False),
    Column("asked_by", ForeignKey("account.id", ondelete="SET NULL"), nullable=True),
    Column("message", sorted_text(LONGEST_MESSAGE), nullable=False),
    Column("state", sorted_text(16), nullable=False),
    Column("fields", JSON, nullable=False),
    Column("text_version", sorted_text(16), nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("answered_at", UtcDateTime, nullable=True),
    UniqueConstraint("vacancy_id", "candidate_id"),
    Index("ix_contact_request_candidate_id", "candidate_id"),
    Index("ix_contact_request_organisation_id", "organisation_id"),
)

ACCESS_LOG = Table(
    "access_log",
    METADATA,
    Column("sequence", SEQUENCE, primary_key=True, autoincrement=True),
    Column("at", UtcDateTime, nullable=False),
    # No foreign keys: what was read stays on record when reader or record are gone.
    Column("account_id", sorted_text(26), nullable=False),
    Column("organisation_id", sorted_text(26), nullable=False),
    Column("action", sorted_text(24), nullable=False),
    Column("record_id", sorted_text(26), nullable=False),
    Column("detail", sorted_text(LONGEST_NAME), nullable=False),
    Column("digest", sorted_text(LONGEST_NAME), nullable=False),
    Index("ix_access_log_record_id", "record_id"),
    Index("ix_access_log_account_id_at", "account_id", "at"),
    sqlite_autoincrement=True,
)

ERASURE = Table(
    "erasure",
    METADATA,
    Column("id", sorted_text(26), primary_key=True),
    Column("record_id", sorted_text(26), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("by", sorted_text(26), nullable=False),
    Column("removed", JSON, nullable=False),
)

IMPORT_JOB = Table(
    "import_job",
    METADATA,
    Column("id", sorted_text(26), primary_key=True),
    Column("owner", sorted_text(LONGEST_NAME), nullable=False),
    Column("account_id", sorted_text(26), nullable=False),
    Column("kind", sorted_text(16), nullable=False),
    Column("state", sorted_text(16), nullable=False),
    # What the sender calls the file: shown, never used as a path.
    Column("file_name", sorted_text(LONGEST_TITLE), nullable=False),
    # The file itself, until it is not needed any more; here, so that any server can go on with it.
    Column("content", LargeBinary, nullable=True),
    Column("mapping", JSON, nullable=False),
    Column("problem", JSON, nullable=False),
    Column("total", Integer, nullable=False),
    Column("done", Integer, nullable=False),
    Column("counts", JSON, nullable=False),
    Column("faults", JSON, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Index("ix_import_job_owner_id", "owner", "id"),
)

#: Tables that are only ever added to: a trigger of the database refuses anything else.
APPEND_ONLY = ("access_log", "erasure")
