"""Empty databases of both kinds, through the real migrations.

Every test that asks for a database runs on SQLite and on PostgreSQL. One that is about one of them
says `@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest

from search.records.database import Database, open_database
from search.records.store import RecordStore


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="session")
def template(request: pytest.FixtureRequest) -> str:
    """A PostgreSQL database with tables, to copy: a third of the time that migrating takes."""
    url: str = request.getfixturevalue("postgresql").create_database()
    open_database(url).close()
    return url


@pytest.fixture
def empty_url(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a database without tables."""
    if kind == "sqlite":
        yield f"sqlite:///{tmp_path / 'bole.db'}"
        return
    server = request.getfixturevalue("postgresql")
    address = server.create_database()
    yield address
    server.drop_database(address)


@pytest.fixture
def new_url(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Callable[[], str]]:
    """Makes databases with tables and no records."""
    numbers = count()
    if kind == "sqlite":
        yield lambda: f"sqlite:///{tmp_path / str(next(numbers) or '') / 'bole.db'}"
        return
    source = request.getfixturevalue("template")
    folder, _, source_name = source.rpartition("/")
    made: list[str] = []

    with psycopg.connect(
        request.getfixturevalue("postgresql").url.replace("+psycopg", ""), autocommit=True
    ) as admin:
        # From version 15 on; what was the only way before takes half the time for a small database.
        how = " STRATEGY file_copy" if admin.info.server_version >= 150_000 else ""

        def copy() -> str:
            made.append(f"{source_name}_{next(numbers)}")
            admin.execute(f'CREATE DATABASE "{made[-1]}" TEMPLATE "{source_name}"{how}')
            return f"{folder}/{made[-1]}"

        yield copy
        for name in made:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def url(new_url: Callable[[], str]) -> str:
    return new_url()


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    opened = open_database(url)
    yield opened
    opened.close()


@pytest.fixture
def store(database: Database) -> RecordStore:
    return RecordStore(database)
