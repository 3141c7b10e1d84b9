"""A filter and a lexical query as tantivy queries."""

from __future__ import annotations

import math
from collections.abc import Sequence

import tantivy
from tantivy import FieldType, Occur, Query

from search.backends.base import CONCEPT_FIELDS, LexicalQuery
from search.backends.embedded.columns import bounds
from search.backends.embedded.schema import ID
from search.backends.filters import And, Filter, Ids, Not, Or, Range, Term

#: tantivy multiplies BM25 by k1 + 1, as the paper does; Lucene dropped it, and so do we.
LUCENE_SCALE = 1 / (1.2 + 1)
#: From so many values on, one pass over the term dictionary is cheaper than a clause for each.
TERM_SET_FROM = 16


def filter_query(schema: tantivy.Schema, condition: Filter) -> Query:
    """Return the query that matches what passes the filter (and the commit record, under a Not)."""
    match condition:
        case Term(field, values):
            return _any_of(schema, field, values)
        case Ids(values):
            return _any_of(schema, ID, values)
        case Range():
            return _range_query(schema, condition)
        case And(parts):
            clauses = [
                (Occur.MustNot, filter_query(schema, part.part))
                if isinstance(part, Not)
                else (Occur.Must, filter_query(schema, part))
                for part in parts
            ]
            if all(occur == Occur.MustNot for occur, _ in clauses):
                # Exclusions alone match nothing in tantivy: they need something to take from.
                clauses.append((Occur.Must, Query.all_query()))
            return Query.boolean_query(clauses)
        case Or(parts):
            if not parts:
                return Query.empty_query()
            return Query.boolean_query(
                [(Occur.Should, filter_query(schema, part)) for part in parts]
            )
        case Not(part):
            return Query.boolean_query(
                [(Occur.Must, Query.all_query()), (Occur.MustNot, filter_query(schema, part))]
            )


def lexical_query(
    schema: tantivy.Schema, searcher: tantivy.Searcher, query: LexicalQuery, condition: Filter
) -> Query | None:
    """Return the scoring query under the filter; None where there is no term to search.

    The filter is wrapped in a constant score of 0: tantivy has no clause that filters without
    scoring, and a bare one would add its own BM25 to every hit.
    """
    clauses = [
        (Occur.Should, _weighted_term(schema, searcher, field, term, weight))
        for field, weights in query.terms.items()
        for term, weight in weights.items()
        if is_text(term)
    ]
    if not clauses:
        return None
    scoring = Query.boolean_query(clauses)
    if condition == And():
        return scoring
    hard = Query.const_score_query(filter_query(schema, condition), 0.0)
    return Query.boolean_query([(Occur.Must, hard), (Occur.Must, scoring)])


def is_text(value: str) -> bool:
    """Say whether a string is Unicode: half a surrogate pair is in no document."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _weighted_term(
    schema: tantivy.Schema, searcher: tantivy.Searcher, field: str, term: str, weight: float
) -> Query:
    if field in CONCEPT_FIELDS:
        # idf(t) = ln(1 + (N - n + 0.5) / (n + 0.5)), Robertson and Zaragoza 2009 as in Lucene.
        count = searcher.num_docs - 1  # without the commit record
        holding = min(searcher.doc_freq(field, term), count)  # counts deleted documents as well
        idf = math.log1p((count - holding + 0.5) / (holding + 0.5))
        return Query.const_score_query(Query.term_query(schema, field, term, "basic"), weight * idf)
    return Query.boost_query(Query.term_query(schema, field, term, "freq"), weight * LUCENE_SCALE)


def _any_of(schema: tantivy.Schema, field: str, values: Sequence[str]) -> Query:
    known = [value for value in values if is_text(value)]
    if not known:
        return Query.empty_query()
    if len(known) >= TERM_SET_FROM:
        return Query.term_set_query(schema, field, known)
    terms = [Query.term_query(schema, field, value, "basic") for value in known]
    if len(terms) == 1:
        return terms[0]
    return Query.boolean_query([(Occur.Should, term) for term in terms])


def _range_query(schema: tantivy.Schema, condition: Range) -> Query:
    low, high = bounds(condition)
    if math.isnan(low) or math.isnan(high) or low > high:
        return Query.empty_query()
    return Query.range_query(schema, condition.field, FieldType.Float, low, high)
