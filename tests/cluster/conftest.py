"""Servers of ours on an Elasticsearch and a PostgreSQL that a test may kill."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.cluster.bole_server import BoleServer
from tests.servers.elasticsearch import ElasticsearchServer
from tests.servers.postgresql import PostgresqlServer


@pytest.fixture(scope="module")
def index_server(fresh_elasticsearch: Callable[..., ElasticsearchServer]) -> ElasticsearchServer:
    return fresh_elasticsearch()


@pytest.fixture(scope="module")
def records_server(fresh_postgresql: Callable[..., PostgresqlServer]) -> PostgresqlServer:
    return fresh_postgresql(durable=True)


@pytest.fixture(scope="module")
def start_server(
    index_server: ElasticsearchServer,
    records_server: PostgresqlServer,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[[str], BoleServer]]:
    """Start servers, all of one installation."""
    database = records_server.create_database()
    with ExitStack() as servers:

        def start(name: str) -> BoleServer:
            server = BoleServer(tmp_path_factory.mktemp(name), index_server.url, database)
            servers.callback(server.close)
            server.start()
            return server

        yield start
