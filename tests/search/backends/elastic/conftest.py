"""A real server, reached directly or through a proxy that fails on demand, and indices of one's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import httpx
import pytest

from search.backends.elastic.connection import Connection
from search.backends.elastic.gateway import Gateway
from search.backends.elastic.lifecycle import ElasticIndexes
from tests.search.backends.elastic.documents import MANIFEST
from tests.search.backends.elastic.own_prefix import own_prefix
from tests.servers.elasticsearch import RunningElasticsearch
from tests.servers.proxy import FaultyProxy


@pytest.fixture
def direct(elasticsearch: RunningElasticsearch) -> Iterator[httpx.Client]:
    """Asks the server itself, past the proxy and past our own code."""
    with httpx.Client(base_url=elasticsearch.url, timeout=30, trust_env=False) as client:
        yield client


@pytest.fixture
def prefix(direct: httpx.Client) -> Iterator[str]:
    """What the names of this test's indices begin with; they are removed afterwards."""
    with own_prefix(direct) as name:
        yield name


@pytest.fixture
def proxy(elasticsearch: RunningElasticsearch) -> Iterator[FaultyProxy]:
    """Stands before the server and is without a fault at first."""
    with FaultyProxy(elasticsearch.url) as between:
        yield between


@pytest.fixture
def through(proxy: FaultyProxy) -> Iterator[Callable[..., Gateway]]:
    """Makes gateways that go through the proxy, with the arguments of `Gateway`."""
    with ExitStack() as opened:

        def make(**options: Any) -> Gateway:
            gateway = Gateway(Connection(proxy.url), **options)
            opened.callback(gateway.close)
            return gateway

        yield make


@pytest.fixture
def gateway(elasticsearch: RunningElasticsearch) -> Iterator[Gateway]:
    """Goes to the server itself, patiently: other tests may be keeping it busy."""
    opened = Gateway(Connection(elasticsearch.url), read_timeout_s=20)
    yield opened
    opened.close()


@pytest.fixture
def indexes(gateway: Gateway, prefix: str) -> ElasticIndexes:
    """Where this test's indices are; there is none yet."""
    return ElasticIndexes(gateway, MANIFEST, prefix=prefix)
