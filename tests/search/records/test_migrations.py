"""Migrations lead from nothing to what `tables.py` says, in one step or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Dialect, create_engine, inspect
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.schema import CreateIndex, CreateTable

import search.records.migrations as migrations
from search.records.database import Database, open_database
from search.records.migrations import HEAD, migrate, migrate_within, revision_of
from search.records.models import Candidate
from search.records.store import RecordStore
from search.records.tables import METADATA


def test_the_tables_are_those_of_the_models(database: Database) -> None:
    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []
        assert revision_of(connection) == HEAD
        keys = inspect(connection).get_unique_constraints("record")
    assert [key["column_names"] for key in keys] == [["owner", "kind", "key"]]


def test_migrating_again_changes_nothing(url: str, database: Database) -> None:
    added = RecordStore(database).add(Candidate(headline="a"), "me")
    migrate(database.writer)
    again = open_database(url)
    assert RecordStore(again).get(added.id) == added
    again.close()


def test_a_plain_engine_can_be_migrated(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / '100% plain.db'}")
    migrate(engine)
    with engine.connect() as connection:
        assert inspect(connection).has_table("outbox")
    engine.dispose()


def test_the_head_is_the_newest_file() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_an_interrupted_migration_leaves_nothing(url: str) -> None:
    database = Database(url)

    class PowerCutError(Exception):
        pass

    def migrate_halfway() -> None:
        with database.writing() as connection:
            migrate_within(connection)
            raise PowerCutError

    with pytest.raises(PowerCutError):
        migrate_halfway()
    with database.reading() as connection:
        assert inspect(connection).get_table_names() == []
        assert revision_of(connection) == ""
    database.close()
    open_database(url).close()


def test_postgresql_takes_the_same_tables() -> None:
    """Compiled, not run: what SQLite alone understands must not be in it."""
    dialect: Dialect = PGDialect()  # type: ignore[no-untyped-call]
    statements = [
        str(CreateTable(table).compile(dialect=dialect)) for table in METADATA.sorted_tables
    ]
    statements += [
        str(CreateIndex(index).compile(dialect=dialect))
        for table in METADATA.sorted_tables
        for index in table.indexes
    ]
    together = "\n".join(statements)
    assert "sequence BIGSERIAL NOT NULL" in together
    assert "TIMESTAMP WITH TIME ZONE" in together
    assert "AUTOINCREMENT" not in together
