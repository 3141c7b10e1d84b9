"""An index of what was read of personal data, by account: how many people one asked for in a day."""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index."""
    op.create_index("ix_access_log_account_id_at", "access_log", ["account_id", "at"])


def downgrade() -> None:
    """Remove it."""
    op.drop_index("ix_access_log_account_id_at", "access_log")
