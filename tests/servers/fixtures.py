"""Real servers as fixtures, started when the first test asks for one and named in the summary.

BOLE_TEST_ELASTICSEARCH_URL names an Elasticsearch to use in place of one of our own. Where a server
cannot be had its tests are skipped with the reason; REQUIRE_SERVERS=1 makes that a failure.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NoReturn

import pytest

from tests.servers.elasticsearch import ElasticsearchServer, RunningElasticsearch
from tests.servers.elasticsearch_distribution import Distribution, find_or_fetch
from tests.servers.errors import ServerUnavailableError
from tests.servers.postgresql import PostgresqlServer, find_programs

USED = pytest.StashKey[dict[str, None]]()


def pytest_terminal_summary(terminalreporter, config):
    """Say which servers the tests ran against."""
    if used := config.stash.get(USED, None):
        terminalreporter.write_line(f"servers: {', '.join(used)}")


def _give_up(reason: str) -> NoReturn:
    """Skip, or fail where servers are required (REQUIRE_SERVERS=1)."""
    if os.environ.get("REQUIRE_SERVERS") == "1":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def _note(config: pytest.Config, server: RunningElasticsearch | PostgresqlServer) -> None:
    config.stash.setdefault(USED, {})[server.describe()] = None


@pytest.fixture(scope="session")
def elasticsearch_distribution() -> Distribution:
    """The files of Elasticsearch; looked for, fetched or missed once in a session."""
    try:
        return find_or_fetch()
    except ServerUnavailableError as error:
        reason = str(error)
    _give_up(reason)


@pytest.fixture(scope="session")
def postgresql_programs() -> Path:
    """The programs of PostgreSQL; looked for once in a session."""
    try:
        return find_programs()
    except ServerUnavailableError as error:
        reason = str(error)
    _give_up(reason)


@pytest.fixture(scope="session")
def elasticsearch(request) -> Iterator[RunningElasticsearch]:
    """One Elasticsearch for all tests: use index names of your own, and do not kill it."""
    if url := os.environ.get("BOLE_TEST_ELASTICSEARCH_URL"):
        server = RunningElasticsearch(url)
        _note(request.config, server)
        yield server
        return
    with ElasticsearchServer(request.getfixturevalue("elasticsearch_distribution")) as server:
        _note(request.config, server)
        yield server


@pytest.fixture(scope="module")
def fresh_elasticsearch(
    request, elasticsearch_distribution
) -> Iterator[Callable[..., ElasticsearchServer]]:
    """Start an Elasticsearch that only this module knows, to be killed and frozen at will.

    Call it with a heap and, as `settings`, more lines of elasticsearch.yml. Each takes seconds.
    """
    with ExitStack() as servers:

        def start(heap="512m", settings=None) -> ElasticsearchServer:
            server = ElasticsearchServer(elasticsearch_distribution, settings)
            servers.callback(server.close)
            server.start(heap)
            _note(request.config, server)
            return server

        yield start


@pytest.fixture(scope="session")
def postgresql(request, postgresql_programs) -> Iterator[PostgresqlServer]:
    """One PostgreSQL for all tests, fast and careless; `create_database()` for each test."""
    with PostgresqlServer(programs=postgresql_programs) as server:
        _note(request.config, server)
        yield server


@pytest.fixture(scope="module")
def fresh_postgresql(request, postgresql_programs) -> Iterator[Callable[..., PostgresqlServer]]:
    """Start a PostgreSQL that only this module knows; `durable=True` for tests of crashes."""
    with ExitStack() as servers:

        def start(durable=False) -> PostgresqlServer:
            server = PostgresqlServer(durable=durable, programs=postgresql_programs)
            servers.enter_context(server)
            _note(request.config, server)
            return server

        yield start
