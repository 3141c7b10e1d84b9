"""What the server keeps of settings and mapping: every choice ours, none left to its defaults."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from search.backends.base import CONCEPT_FIELDS, MAX_VALUE_BYTES, TOKEN_FIELDS, Manifest
from search.backends.elastic.gateway import Gateway
from search.backends.elastic.lifecycle import ElasticIndexes
from search.backends.elastic.mapping import EXACT_UP_TO, FLAT_UP_TO, VECTOR
from search.backends.filters import EVERYTHING, KEYWORD_FIELDS, NUMBER_FIELDS, Range
from tests.search.backends.elastic.documents import MANIFEST, document, vector

TYPES = [
    (0, "flat"),
    (EXACT_UP_TO, "flat"),
    (EXACT_UP_TO + 1, "int8_flat"),
    (FLAT_UP_TO, "int8_flat"),
    (FLAT_UP_TO + 1, "int8_hnsw"),
    (5_000_000, "int8_hnsw"),
]
TOKENS = {
    "type": "text",
    "analyzer": "whitespace",
    "index_options": "freqs",
    "similarity": "tokens",
    "norms": True,
}
KEYWORDS = {
    "type": "keyword",
    "index": True,
    "doc_values": True,
    "index_options": "docs",
    "norms": False,
}
CONCEPTS = {**KEYWORDS, "doc_values": False, "similarity": "concepts"}


@pytest.fixture
def name(indexes: ElasticIndexes) -> str:
    return indexes.create(0)


def fields(direct: httpx.Client, name: str) -> dict[str, dict[str, Any]]:
    """Return field name to its mapping as the server keeps it, its defaults written out."""
    answer = direct.get(f"/{name}/_mapping/field/*", params={"include_defaults": "true"}).json()
    found = answer[name]["mappings"]
    # The engine's own fields (`_id` and the like) have none.
    known = {field: entry["mapping"] for field, entry in found.items() if entry["mapping"]}
    return {field: next(iter(entry.values())) for field, entry in known.items()}


def mapping(direct: httpx.Client, name: str) -> Any:
    return direct.get(f"/{name}/_mapping").json()[name]["mappings"]


@pytest.mark.parametrize(("documents", "kind"), TYPES)
def test_the_vector_index_is_chosen_by_size(
    indexes: ElasticIndexes, direct: httpx.Client, documents: int, kind: str
) -> None:
    stored = mapping(direct, indexes.create(documents))["properties"][VECTOR]
    expected: dict[str, object] = {"type": kind}
    if kind == "int8_hnsw":
        expected |= {"m": 16, "ef_construction": 100}
    options = stored["index_options"]
    assert {key: options[key] for key in expected} == expected
    assert stored == {
        "type": "dense_vector",
        "dims": MANIFEST.dim,
        "index": True,
        "similarity": "max_inner_product",
        "index_options": options,
    }


@pytest.mark.parametrize("dim", [8, 384])
def test_vectors_are_as_long_as_the_manifest_says(
    gateway: Gateway, prefix: str, direct: httpx.Client, dim: int
) -> None:
    manifest = Manifest(schema=1, tokeniser="test", model="test", dim=dim, taxonomies="test")
    stored = fields(direct, ElasticIndexes(gateway, manifest, prefix=prefix).create(0))[VECTOR]
    assert (stored["dims"], stored["element_type"]) == (dim, "float")


def test_the_type_can_be_said(gateway: Gateway, prefix: str, direct: httpx.Client) -> None:
    indexes = ElasticIndexes(gateway, MANIFEST, prefix=prefix, vectors="int8_hnsw", shards=3)
    name = indexes.create(0)
    assert mapping(direct, name)["_meta"]["vectors"] == "int8_hnsw"
    assert fields(direct, name)[VECTOR]["index_options"]["type"] == "int8_hnsw"
    settings = direct.get(f"/{name}/_settings").json()[name]["settings"]["index"]
    assert settings["number_of_shards"] == "3"


@pytest.mark.parametrize("kind", ["flat", "int8_flat", "int8_hnsw"])
def test_a_narrow_filter_loses_nobody(gateway: Gateway, prefix: str, kind: str) -> None:
    """The filter binds before the k nearest are chosen, by whatever type of index."""
    indexes = ElasticIndexes(gateway, MANIFEST, prefix=prefix, vectors=kind)
    name = indexes.create(0)
    backend = indexes.open(name, writable=True)
    backend.upsert([document(n, attributes={"years": (n,)}) for n in range(400)])
    backend.commit(1)
    target = vector(3)
    exact = sorted(range(10, 30), key=lambda n: -float(vector(n) @ target))
    found = [hit.doc_id for hit in backend.nearest(target, Range("years", 10, 29), 10)]
    assert set(found) == {f"x:{n}" for n in exact[:10]}
    assert len(backend.nearest(target, Range("years", 10, 29), 50)) == 20
    assert backend.nearest(target, EVERYTHING, 1)[0].doc_id == "x:3"
    backend.close()


def test_tokens_are_scored_by_our_bm25_and_cut_at_blanks_only(
    name: str, direct: httpx.Client
) -> None:
    stored = fields(direct, name)
    for field in TOKEN_FIELDS:
        part = {key: stored[field][key] for key in TOKENS}
        assert part == TOKENS, field


def test_keywords_are_there_for_filters_and_facets(name: str, direct: httpx.Client) -> None:
    stored = fields(direct, name)
    for field in KEYWORD_FIELDS:
        part = {key: stored[field][key] for key in KEYWORDS}
        assert part == KEYWORDS, field
        # Longer ones must be refused (`check_document`) and never be left out in silence.
        assert stored[field]["ignore_above"] >= MAX_VALUE_BYTES


def test_concepts_are_searched_in_a_copy(name: str, direct: httpx.Client) -> None:
    stored = fields(direct, name)
    for field in CONCEPT_FIELDS:
        part = {key: stored[f"{field}_searched"][key] for key in CONCEPTS}
        assert part == CONCEPTS, field


def test_numbers_are_double(name: str, direct: httpx.Client) -> None:
    stored = fields(direct, name)
    assert {stored[field]["type"] for field in NUMBER_FIELDS} == {"double"}


def test_nothing_is_guessed_and_no_field_is_more_than_we_know_of(
    name: str, direct: httpx.Client
) -> None:
    stored = mapping(direct, name)
    assert stored["dynamic"] == "strict"
    assert (stored["date_detection"], stored["numeric_detection"]) == (False, False)
    concepts = {f"{field}_searched" for field in CONCEPT_FIELDS}
    bookkeeping = {"id", "sequence", "watermark", "vector"}
    known = {*TOKEN_FIELDS, *KEYWORD_FIELDS, *NUMBER_FIELDS, *concepts, *bookkeeping}
    assert set(stored["properties"]) == known
    for field in ("sequence", "watermark"):
        # What is not filtered on is not indexed: indexed, some versions answer filters wrongly.
        assert stored["properties"][field] == {"type": "long", "index": False, "doc_values": False}


def test_the_index_says_what_it_was_built_with(name: str, direct: httpx.Client) -> None:
    assert mapping(direct, name)["_meta"] == {
        "format": 1,
        "manifest": {
            "schema": 1,
            "tokeniser": "test",
            "model": "test",
            "dim": MANIFEST.dim,
            "taxonomies": "test",
        },
        "vectors": "flat",
    }


def test_settings(name: str, direct: httpx.Client) -> None:
    stored = direct.get(f"/{name}/_settings").json()[name]["settings"]["index"]
    assert stored["refresh_interval"] == "-1", "what is not committed must not be seen"
    assert stored["translog"]["durability"] == "request", "an acknowledged write is on disk"
    assert stored["number_of_replicas"] == "0"
    assert stored["max_result_window"] == "20000"
    assert stored["gc_deletes"] == "1h"
    assert stored["dense_vector"]["hnsw_filter_heuristic"] == "fanout"
    assert stored["similarity"] == {
        "tokens": {"type": "BM25", "k1": "1.2", "b": "0.75"},
        "concepts": {"type": "BM25", "k1": "0.0", "b": "0.0"},
    }
