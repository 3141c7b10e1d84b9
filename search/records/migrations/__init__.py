"""Bring the tables of a database to the present form, whatever form they are in.

All steps run in one transaction: a migration that is killed leaves the old form or the new one.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

#: The newest revision; `versions/` ends in it (a test says so).
HEAD = "0007"


def migrate(engine: Engine) -> None:
    """Run what is missing up to `HEAD`; a database already there is left as it is."""
    with engine.begin() as connection:
        migrate_within(connection)


def migrate_within(connection: Connection) -> None:
    """Run what is missing in the transaction of a connection."""
    if revision_of(connection) == HEAD:
        return  # Alembic takes long to import, and nearly always there is nothing to do
    from alembic import command
    from alembic.config import Config

    config = Config()
    folder = str(Path(__file__).parent)
    config.set_main_option("script_location", folder.replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def known_revisions() -> frozenset[str]:
    """Return the revisions that this release can bring to `HEAD`, that one included."""
    folder = Path(__file__).parent / "versions"
    return frozenset(path.name[1:5] for path in folder.glob("r[0-9][0-9][0-9][0-9]_*.py"))


def revision_of(connection: Connection) -> str:
    """Return the revision a database is at, or "" for one without tables."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return str(found or "")
