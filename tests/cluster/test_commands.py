"""The `bole` command over a real Elasticsearch and a real PostgreSQL."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable

import pytest
from typer.testing import CliRunner

from api.cli import app
from tests.servers.elasticsearch import RunningElasticsearch
from tests.servers.postgresql import PostgresqlServer


@pytest.fixture(scope="module")
def bole(
    elasticsearch: RunningElasticsearch,
    postgresql: PostgresqlServer,
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[..., str]:
    """Run a command of an installation of its own and return what it printed."""
    environment = {
        "BOLE_DATA_DIR": str(tmp_path_factory.mktemp("commands")),
        "BOLE_ELASTICSEARCH_URL": elasticsearch.url,
        "BOLE_ELASTICSEARCH_PREFIX": f"t{uuid.uuid4().hex[:12]}",
        "BOLE_DATABASE_URL": postgresql.create_database(),
    }

    def run(*arguments: object, status: int = 0) -> str:
        words = [str(argument) for argument in arguments]
        result = CliRunner().invoke(app, words, env=environment)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == status, result.output
        return result.stdout

    return run


def test_records_are_stored_there_and_found_there(bole: Callable[..., str]) -> None:
    bole("sample", "--candidates", 30, "--vacancies", 10)
    found = json.loads(bole("search", "工程师", "--target", "candidates", "--json", "--limit", 50))
    assert found["total"] >= 10
    assert all(hit["evidence"] is not None for hit in found["hits"])
    said = bole("index", "check")
    assert "missing: 0" in said
    assert "it finds what it holds" in said


def test_an_index_is_built_beside_checked_put_to_use_and_put_back(
    bole: Callable[..., str],
) -> None:
    (first,) = (line.split()[0] for line in bole("index", "list").splitlines())
    second = bole("index", "build", "--no-promote").split("built ")[1].partition(";")[0]
    assert bole("index", "list").splitlines() == [f"{first}  in use", second]
    assert "missing: 0" in bole("index", "check", second)
    bole("index", "promote", second)
    assert bole("index", "list").splitlines() == [f"{first}  the one before", f"{second}  in use"]
    bole("sample", "--candidates", 35, "--vacancies", 10)
    bole("index", "rollback")
    # What it missed while the other was in use is caught up by whoever leads next.
    bole("load", "vacancies", "/dev/null")
    assert "missing: 0" in bole("index", "check")
    bole("index", "remove", second)
    assert bole("index", "list").splitlines() == [f"{first}  in use"]
