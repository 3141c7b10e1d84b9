"""Filters and searches as Elasticsearch's query language."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from search.backends.base import CONCEPT_FIELDS, LexicalQuery, Vector
from search.backends.elastic.mapping import ID, SEARCHED, VECTOR
from search.backends.filters import EVERYTHING, And, Filter, Ids, Not, Or, Range, Term

Query = dict[str, Any]

#: Lucene multiplies BM25 by k1 + 1, as the paper does and as `LexicalQuery` does not.
SCALE = 1 / (1.2 + 1)
#: Neighbours asked of each shard's graph. Where a filter passes fewer than the graph would visit, the
#: server compares these one by one by itself (tests/parity/test_recall.py).
CANDIDATES = 1_000
#: Most that Elasticsearch takes as k.
NEAREST_AT_MOST = 10_000
#: How many more than k are compared again in float32.
OVERSAMPLE = 2.0

NOTHING: Query = {"match_none": {}}
EVERY_DOCUMENT: Query = {"exists": {"field": ID}}
#: Hits come as ids, read from a column.
IDS_ONLY: Query = {"stored_fields": "_none_", "docvalue_fields": [ID]}


def filter_query(condition: Filter) -> Query | None:
    """Return the query that matches what passes the filter; None for what everything passes."""
    match condition:
        case Term(field, values):
            return _any_of(field, values)
        case Ids(values):
            return _any_of(ID, values)
        case Range():
            return _range_query(condition)
        case And(parts):
            clauses = [query for part in parts if (query := filter_query(part)) is not None]
            return {"bool": {"filter": clauses}} if clauses else None
        case Or(parts):
            either = [filter_query(part) for part in parts]
            if not either:
                return NOTHING
            if any(query is None for query in either):
                return None
            return {"bool": {"should": either, "minimum_should_match": 1}}
        case Not(part):
            inner = filter_query(part)
            return NOTHING if inner is None else {"bool": {"must_not": [inner]}}


def documents_query(condition: Filter) -> Query:
    """Return the query that matches the documents which pass: all but the one with the watermark."""
    clauses = [EVERY_DOCUMENT]
    if (inner := filter_query(condition)) is not None:
        clauses.append(inner)
    return {"bool": {"filter": clauses}}


def lexical_body(query: LexicalQuery, condition: Filter, size: int) -> Query | None:
    """Return the search of the lexical arm; None where there is no term to search."""
    clauses = [
        _weighted_term(field, term, weight)
        for field, weights in query.terms.items()
        for term, weight in weights.items()
        if is_token(term)
    ]
    if not clauses:
        return None
    scoring: Query = {"bool": {"should": clauses, "minimum_should_match": 1}}
    hard = filter_query(condition)
    if hard is not None:
        scoring = {"bool": {"must": [scoring], "filter": [hard]}}
    return {"query": scoring, "size": size, "track_total_hits": False, **IDS_ONLY}


def nearest_body(
    vector: Vector, condition: Filter, size: int, candidates: int = CANDIDATES
) -> Query:
    """Return the search of the k nearest; the filter is applied before, so that k are found.

    Args:
        vector: float32, (dim,), L2-normalised.
        condition: the filter.
        size: how many.
        candidates: asked of each shard's graph, if there is one.
    """
    knn: Query = {
        "field": VECTOR,
        "query_vector": vector.tolist(),
        "k": size,
        "num_candidates": min(max(candidates, size), NEAREST_AT_MOST),
        "rescore_vector": {"oversample": min(OVERSAMPLE, NEAREST_AT_MOST / size)},
    }
    hard = filter_query(condition)
    if hard is not None:
        knn["filter"] = hard
    return {"knn": knn, "size": size, "track_total_hits": False, **IDS_ONLY}


def cosine_body(vector: Vector, doc_ids: Sequence[str], condition: Filter) -> Query:
    """Return the search for the cosines to those of the named documents that pass the filter."""
    body = nearest_body(vector, EVERYTHING, len(doc_ids), len(doc_ids))
    named: Query = {"terms": {ID: list(doc_ids)}}
    hard = filter_query(condition)
    body["knn"]["filter"] = named if hard is None else {"bool": {"filter": [named, hard]}}
    return body


def facets_body(
    condition: Filter, fields: Sequence[str], size: int, selected: Mapping[str, Filter]
) -> Query:
    """Return the count of values: of each field under all selections but its own."""
    aggregations: Query = {}
    for field in fields:
        others = And(tuple(part for name, part in selected.items() if name != field))
        aggregations[field] = {
            "filter": filter_query(others) or {"match_all": {}},
            "aggs": {
                "values": {
                    "terms": {
                        "field": field,
                        "size": size,
                        # Shards that are asked for more make sure that none leaves out a value.
                        "shard_size": 5 * size + 1_000,
                        "order": [{"_count": "desc"}, {"_key": "asc"}],
                    }
                }
            },
        }
    return {
        "query": documents_query(condition),
        "size": 0,
        "track_total_hits": False,
        "aggs": aggregations,
    }


def is_text(value: str) -> bool:
    """Say whether a string is Unicode: half a surrogate pair is in no document."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def is_token(term: str) -> bool:
    """Say whether a document may hold the term."""
    return bool(term) and is_text(term)


def _any_of(field: str, values: Sequence[str]) -> Query:
    known = [value for value in values if is_text(value)]
    return {"terms": {field: known}} if known else NOTHING


def _weighted_term(field: str, term: str, weight: float) -> Query:
    if field in CONCEPT_FIELDS:
        return {"term": {SEARCHED.format(field): {"value": term, "boost": weight}}}
    return {"term": {field: {"value": term, "boost": weight * SCALE}}}


def _range_query(condition: Range) -> Query:
    bounds = {}
    for name, bound, is_open in (
        ("gte", condition.at_least, -math.inf),
        ("lte", condition.at_most, math.inf),
    ):
        if bound is None or bound == is_open:
            continue
        if math.isnan(bound) or math.isinf(bound):
            return NOTHING
        bounds[name] = bound + 0.0
    if not bounds:
        return {"exists": {"field": condition.field}}
    if "gte" in bounds and "lte" in bounds and bounds["gte"] > bounds["lte"]:
        return NOTHING
    return {"range": {condition.field: bounds}}
