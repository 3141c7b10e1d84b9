"""Indices of one's own on the shared server."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.faults.letters import LetterEncoder
from tests.search.backends.elastic.own_prefix import own_prefix
from tests.servers.elasticsearch import RunningElasticsearch


@pytest.fixture(scope="session")
def encoder() -> LetterEncoder:
    return LetterEncoder()


@pytest.fixture(scope="module")
def direct(elasticsearch: RunningElasticsearch) -> Iterator[httpx.Client]:
    """Asks the server itself."""
    with httpx.Client(base_url=elasticsearch.url, timeout=30, trust_env=False) as client:
        yield client


@pytest.fixture(scope="module")
def prefix(direct: httpx.Client) -> Iterator[str]:
    """What the names of this module's indices begin with; they are removed afterwards."""
    with own_prefix(direct) as name:
        yield name
