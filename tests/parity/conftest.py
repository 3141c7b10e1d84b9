"""The same records in an embedded index and in one on a real Elasticsearch."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from ingest.building import build_manifest, rebuild
from ingest.samples.candidates import generate_candidates
from ingest.samples.vacancies import generate_vacancies
from search.backends.base import SearchBackend
from search.backends.elastic.connection import Connection
from search.backends.elastic.gateway import Gateway
from search.backends.elastic.lifecycle import ElasticIndexes
from search.embedding.base import Encoder
from search.embedding.choice import ModelChoice
from search.embedding.registry import open_encoder, open_frequencies
from search.ranking.geometry import open_geometry
from search.ranking.passages import record_passages
from search.ranking.service import SearchService
from search.records.database import open_database
from search.records.store import RecordStore
from tests.embedded_indexes import indexes_in

CANDIDATES, VACANCIES = 1_200, 400


@dataclass(frozen=True)
class Pair:
    """Both backends, and a search service over each."""

    embedded: SearchBackend
    elastic: SearchBackend
    embedded_search: SearchService
    elastic_search: SearchService


@pytest.fixture(scope="session")
def static_encoder() -> Encoder:
    return open_encoder(ModelChoice("static"))


@pytest.fixture(scope="session", params=[1, 3], ids=["1 shard", "3 shards"])
def pair(request, elasticsearch, static_encoder, tmp_path_factory) -> Iterator[Pair]:
    """Generated people and vacancies with the catalogue, indexed by either backend's own build."""
    folder = tmp_path_factory.mktemp("parity")
    database = open_database(f"sqlite:///{folder / 'bole.db'}")
    store = RecordStore(database)
    store.put_many(list(generate_candidates(CANDIDATES, 5)), "public")
    store.put_many(list(generate_vacancies(VACANCIES, 5)), "public")
    embedded_indexes = indexes_in(folder / "index", static_encoder)
    gateway = Gateway(Connection(elasticsearch.url), read_timeout_s=20)
    elastic_indexes = ElasticIndexes(
        gateway,
        build_manifest(static_encoder),
        prefix=f"p{uuid.uuid4().hex[:10]}",
        shards=request.param,
    )
    names = [
        rebuild(indexes, store, static_encoder) for indexes in (embedded_indexes, elastic_indexes)
    ]
    embedded = embedded_indexes.open(names[0], writable=False)
    elastic = elastic_indexes.open(names[1], writable=False)
    frequencies = open_frequencies(folder / "models")
    geometry = open_geometry(folder / "models", static_encoder)

    def passages(doc_ids):
        found = store.get_many(doc_id.partition(":")[2] for doc_id in doc_ids)
        return {f"{one.kind}:{one.id}": record_passages(one.record) for one in found.values()}

    services = [
        SearchService(backend, static_encoder, frequencies, geometry, passages)
        for backend in (embedded, elastic)
    ]
    yield Pair(embedded, elastic, *services)
    embedded.close()
    gateway.write("remove", lambda es: es.indices.delete(index=names[1]))
    elastic_indexes.close()
    database.close()
