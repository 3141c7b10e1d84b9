"""Fit the weights of the score of people and vacancies to judged collections.

A pair is a query with a document that the arms brought in; it counts as relevant if the judgements say so. In two
steps: the weights of the features put what is relevant first (`logistic.order`); then one factor for all of them,
the form of the query and the intercept turn their sum into a chance (`logistic.regress`; Platt 1999). Every
collection counts the same, in it every query the same. Held-out figures come from cross-fitting: the weights that
rank a query were fitted without its fold.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from search.backends.base import ScoredDoc
from search.evaluation.logistic import Array, order, regress, sigmoid
from search.evaluation.suite import per_query
from search.ranking.features import Features
from search.ranking.intent import Intent

FEATURES = tuple(field.name for field in fields(Features))
FORM = ("has_title", "has_skill", "length")
FOLDS = 5


@dataclass(frozen=True)
class JudgedQuery:
    """A query with what the arms brought in.

    Attributes:
        query: its id.
        documents: ids.
        rows: (len(documents), len(FEATURES) + len(FORM)).
        relevant: (len(documents),), 1 or 0.
    """

    query: str
    documents: Sequence[str]
    rows: Array
    relevant: Array


@dataclass(frozen=True)
class JudgedCollection:
    """The queries of one collection, and what it is measured by."""

    name: str
    measure: str
    queries: Sequence[JudgedQuery]
    qrels: Mapping[str, Mapping[str, int]]


def judged_query(
    query: str, intent: Intent, found: Mapping[str, Features], relevant: Mapping[str, int]
) -> JudgedQuery:
    """Return a query's pairs as rows.

    Args:
        query: its id.
        intent: as `SearchService.pairs` returns it.
        found: features by document id.
        relevant: grades by document id.
    """
    form = [float(bool(intent.roles)), float(bool(intent.skills)), min(1.0, intent.length / 100)]
    rows = [[*features.as_mapping().values(), *form] for features in found.values()]
    return JudgedQuery(
        query,
        list(found),
        np.array(rows, float).reshape(len(found), len(FEATURES) + len(FORM)),
        np.array([float(relevant.get(name, 0) > 0) for name in found]),
    )


def fit(collections: Sequence[JudgedCollection], without: str = "") -> Array:
    """Return the weights of features and form, and last the intercept.

    Args:
        collections: what to fit to.
        without: a feature to leave out; its weight is 0.
    """
    count = len(FEATURES)
    queries = [
        (query, 1 / len(one.queries) / len(collections))
        for one in collections
        for query in one.queries
        if len(query.documents)
    ]
    longest = max(len(query.documents) for query, _ in queries)
    rows = np.full((len(queries), longest, count), np.nan)
    relevant = np.zeros((len(queries), longest))
    for at, (query, _) in enumerate(queries):
        rows[at, : len(query.documents)] = query.rows[:, :count]
        relevant[at, : len(query.documents)] = query.relevant
    if without:
        rows[:, :, FEATURES.index(without)] *= 0
    weights = order(rows, relevant, np.array([share for _, share in queries]))
    if without:
        weights[FEATURES.index(without)] = 0
    x = np.concatenate([query.rows for query, _ in queries])
    x = np.column_stack([x[:, :count] @ weights, x[:, count:]])
    y = np.concatenate([query.relevant for query, _ in queries])
    shares = np.concatenate([np.full(len(query.documents), share) for query, share in queries])
    factor, *form = regress(x, y, shares, evidence=1)
    return np.array([*(factor * weights), *form])


def held_out(
    collections: Sequence[JudgedCollection], without: str = ""
) -> tuple[dict[str, float], NDArray[np.float64]]:
    """Return the figure of each collection under weights fitted without the query's fold.

    Also (n, 3): the chance that those weights give each pair, whether it is relevant, and what it counts.
    """
    ranked: dict[str, dict[str, list[ScoredDoc]]] = {one.name: {} for one in collections}
    chances = []
    for fold in range(FOLDS):
        weights = fit([_without_fold(one, fold) for one in collections], without)
        for one in collections:
            for query in one.queries[fold::FOLDS]:
                scores = query.rows @ weights[:-1] + weights[-1]
                best_first = np.argsort(-scores, kind="stable")
                ranked[one.name][query.query] = [
                    ScoredDoc(query.documents[at], float(scores[at])) for at in best_first
                ]
                count = np.full(len(scores), 1 / len(one.queries) / len(collections))
                chances.append(np.stack([sigmoid(scores), query.relevant, count], axis=1))
    figures = {
        one.name: float(
            np.mean(
                per_query(
                    ranked[one.name],
                    one.qrels,
                    [query.query for query in one.queries],
                    [one.measure],
                )[one.measure]
            )
        )
        for one in collections
    }
    return figures, np.concatenate(chances)


def as_weights(found: Array) -> dict[str, object]:
    """Return fitted weights in the shape of an entry of `weights.json`."""
    features, form = found[: len(FEATURES)], found[len(FEATURES) : -1]
    return {
        "features": {
            name: round(float(value), 3) for name, value in zip(FEATURES, features, strict=True)
        },
        **{name: round(float(value), 3) for name, value in zip(FORM, form, strict=True)},
        "kin": 0.0,
        "intercept": round(float(found[-1]), 3),
    }


def _without_fold(collection: JudgedCollection, fold: int) -> JudgedCollection:
    queries = [query for at, query in enumerate(collection.queries) if at % FOLDS != fold]
    return JudgedCollection(collection.name, collection.measure, queries, collection.qrels)
