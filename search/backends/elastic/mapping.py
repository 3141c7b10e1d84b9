"""Settings and mapping of an index, every one of them explicit: defaults move with versions.

What is written down with an index (`_meta`) is its manifest; an index of another is not opened.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from search.backends.base import CONCEPT_FIELDS, TOKEN_FIELDS, Manifest
from search.backends.filters import KEYWORD_FIELDS, NUMBER_FIELDS

#: Version of fields and settings; part of what an index is recognised by.
FORMAT = 1
#: The id as a value: for sorting and fetching, which `_id` does badly or not at all.
ID = "id"
SEQUENCE = "sequence"
VECTOR = "vector"
#: The document that holds the watermark has this id, and no `id`.
COMMIT = "_commit"
WATERMARK = "watermark"
#: A concept field is searched in a copy: its values and one that all documents hold, so that its idf
#: is over all of them, without that value in filters and facets.
SEARCHED = "{}_searched"
ALL = "\ue000"

#: Most hits of one search; the contract's callers ask for hundreds, checks for thousands.
WINDOW = 20_000
#: Up to so many documents vectors are compared one by one as they are; up to so many one by one as
#: int8 codes, the best again in float32 (loads five times as fast as a graph, and loses next to
#: nothing); beyond, by a graph (HNSW) over the codes. Measured: docs/benchmarks.md.
EXACT_UP_TO = 20_000
FLAT_UP_TO = 200_000
#: How long a deleted id remembers its version: longer than any request can be under way.
DELETES_REMEMBERED = "1h"


def index_type(documents: int) -> str:
    """Return how vectors are to be indexed, for about so many documents."""
    if documents <= EXACT_UP_TO:
        return "flat"
    return "int8_flat" if documents <= FLAT_UP_TO else "int8_hnsw"


def index_settings(shards: int) -> dict[str, Any]:
    """Return the settings of a new index: without copies until it is put to use."""
    return {
        "number_of_shards": shards,
        "number_of_replicas": 0,
        # What is committed is shown by the commit itself, never in between.
        "refresh_interval": "-1",
        "max_result_window": WINDOW,
        "gc_deletes": DELETES_REMEMBERED,
        # Of what was erased nothing may stay, however little of a segment it is; see `purge`.
        "merge.policy.expunge_deletes_allowed": 0,
        # An acknowledged write is on disk.
        "translog.durability": "request",
        # With the other heuristic a filter of about a twentieth loses up to 40 % of the nearest.
        "dense_vector.hnsw_filter_heuristic": "fanout",
        "similarity": {
            "tokens": {"type": "BM25", "k1": 1.2, "b": 0.75},
            # k1 = 0 leaves the idf alone: a concept is held or not.
            "concepts": {"type": "BM25", "k1": 0.0, "b": 0.0},
        },
    }


def index_mapping(manifest: Manifest, vector_type: str) -> dict[str, Any]:
    """Return the mapping of a new index; a field that is not in it is refused."""
    options: dict[str, Any] = {"type": vector_type}
    if vector_type.endswith("hnsw"):
        options |= {"m": 16, "ef_construction": 100}
    properties: dict[str, Any] = {
        ID: {"type": "keyword"},
        SEQUENCE: {"type": "long", "index": False, "doc_values": False},
        WATERMARK: {"type": "long", "index": False, "doc_values": False},
        VECTOR: {
            "type": "dense_vector",
            "dims": manifest.dim,
            "element_type": "float",
            "index": True,
            # Vectors are of length 1, so the product is the cosine; and unlike `dot_product` this one
            # takes vectors whose length float16 has changed in the fifth decimal.
            "similarity": "max_inner_product",
            "index_options": options,
        },
    }
    for name in TOKEN_FIELDS:
        # Our tokens are cut and cased already. Without positions, which nothing asks for.
        properties[name] = {
            "type": "text",
            "analyzer": "whitespace",
            "index_options": "freqs",
            "norms": True,
            "similarity": "tokens",
        }
    for name in KEYWORD_FIELDS:
        properties[name] = {"type": "keyword", "index_options": "docs", "norms": False}
    for name in CONCEPT_FIELDS:
        properties[SEARCHED.format(name)] = {
            "type": "keyword",
            "doc_values": False,
            "index_options": "docs",
            "norms": False,
            "similarity": "concepts",
        }
    for name in NUMBER_FIELDS:
        properties[name] = {"type": "double"}
    return {
        "dynamic": "strict",
        "date_detection": False,
        "numeric_detection": False,
        "_meta": {"format": FORMAT, "manifest": asdict(manifest), "vectors": vector_type},
        "properties": properties,
    }


def differences(meta: Mapping[str, Any], manifest: Manifest) -> list[str]:
    """Return how what an index was built with differs from what is asked for."""
    built = dict(meta.get("manifest") or {})
    found = (
        [] if meta.get("format") == FORMAT else [f"format is {meta.get('format')}, not {FORMAT}"]
    )
    return found + [
        f"{name} is {built.get(name)!r}, asked for {value!r}"
        for name, value in asdict(manifest).items()
        if built.get(name) != value
    ]
