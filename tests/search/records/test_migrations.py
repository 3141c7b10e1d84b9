"""Migrations lead from nothing to what `tables.py` says, in one step or not at all."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, String, Text, create_engine, insert, inspect, text

import search.records.migrations as migrations
from search.records import account_tables, audit_tables
from search.records.database import Database, open_database
from search.records.identifiers import new_id
from search.records.migrations import HEAD, migrate, migrate_within, revision_of
from search.records.models import Candidate, Vacancy
from search.records.store import RecordStore
from search.records.tables import OUTBOX, RECORD

NOW = datetime(2026, 1, 2, tzinfo=UTC)


def test_the_tables_are_those_of_the_models(database: Database) -> None:
    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, audit_tables.METADATA) == []
        assert audit_tables.METADATA is account_tables.METADATA
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


def test_an_interrupted_migration_leaves_nothing(empty_url: str) -> None:
    database = Database(empty_url)

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
    open_database(empty_url).close()


def test_an_earlier_form_is_brought_up_with_its_records(empty_url: str) -> None:
    """Revision 0001, as the first release made it, with a record in it."""
    database = Database(empty_url)
    with database.writing() as connection:
        upgrade_to(connection, "0001")
        assert set(inspect(connection).get_table_names()) == {"alembic_version", "outbox", "record"}
        values = {"kind": "vacancy", "sequence": 1, "version": 1, "status": "open", "owner": "me"}
        moments = {"created_at": NOW, "updated_at": NOW}
        body = Vacancy(title="早").model_dump(mode="json")
        connection.execute(insert(RECORD).values(id=new_id(), body=body, **values, **moments))
        connection.execute(
            insert(OUTBOX).values(record_id="x", kind="vacancy", operation="upsert", at=NOW)
        )
    database.close()
    again = open_database(empty_url)
    store = RecordStore(again)
    assert [stored.record for stored in store.page().records] == [Vacancy(title="早")]
    assert (store.last_sequence(), store.pruned_upto(), store.consumers()) == (1, 0, ())
    with again.writing() as connection:
        config = alembic_config(connection)
        command.downgrade(config, "0001")
        assert revision_of(connection) == "0001"
        command.upgrade(config, "head")
        assert revision_of(connection) == HEAD
    assert store.count() == 1
    again.close()


@pytest.mark.parametrize("kind", ["postgresql"], indirect=True)
def test_names_sort_by_code_point_on_postgresql(database: Database) -> None:
    query = text(
        "SELECT table_name || '.' || column_name, collation_name FROM information_schema.columns "
        "WHERE table_schema = current_schema() AND data_type = 'character varying'"
    )
    with database.reading() as connection:
        found = {row[0]: row[1] for row in connection.execute(query)}
    found.pop("alembic_version.version_num")
    assert found == {
        f"{table.name}.{column.name}": "C"
        for table in audit_tables.METADATA.sorted_tables
        for column in table.columns
        if isinstance(column.type, String) and not isinstance(column.type, Text)
    }


def alembic_config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.attributes["connection"] = connection
    return config


def upgrade_to(connection: Connection, revision: str) -> None:
    command.upgrade(alembic_config(connection), revision)
