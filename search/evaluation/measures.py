"""nDCG@10, MRR@10, recall@10 and P@1 of a run, by ir-measures, over all queries and by group.

A query that is judged and absent from the run counts with 0. Queries without any judgement (nothing
in the catalogue fits) have no nDCG; they are reported by how often the system said "no match".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import ir_measures
from ir_measures import RR, P, R, nDCG

from search.evaluation.queries import Query
from search.evaluation.trec import Qrel, ScoredDoc

#: Grades from here on count as relevant for the measures that know only yes and no.
RELEVANT = 2

MEASURES = {
    "nDCG@10": nDCG @ 10,
    "MRR@10": RR(rel=RELEVANT) @ 10,
    "recall@10": R(rel=RELEVANT) @ 10,
    "P@1": P(rel=RELEVANT) @ 1,
}


@dataclass(frozen=True, slots=True)
class Group:
    """The means over a group of queries, for example all of one kind."""

    name: str
    queries: int
    means: Mapping[str, float]


def evaluate(
    queries: Sequence[Query], qrels: Iterable[Qrel], run: Iterable[ScoredDoc]
) -> list[Group]:
    """Return the means over all judged queries, then by kind, then by language."""
    judged = [ir_measures.Qrel(row.query_id, row.doc_id, row.relevance) for row in qrels]
    answers = [ir_measures.ScoredDoc(row.query_id, row.doc_id, row.score) for row in run]
    values: defaultdict[str, dict[str, float]] = defaultdict(dict)
    names = {str(measure): name for name, measure in MEASURES.items()}
    for metric in ir_measures.iter_calc(list(MEASURES.values()), judged, answers):
        values[metric.query_id][names[str(metric.measure)]] = metric.value
    groups: defaultdict[str, list[str]] = defaultdict(list)
    known = {query.qid for query in queries}
    relevant = {row.query_id for row in judged if row.relevance > 0} & known
    for query in queries:
        if query.qid in relevant:
            for name in ("all", f"kind={query.kind}", f"lang={query.lang}"):
                groups[name].append(query.qid)
    return [Group(name, len(qids), _means(qids, values)) for name, qids in sorted(groups.items())]


def _means(qids: Sequence[str], values: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    return {
        name: sum(values.get(qid, {}).get(name, 0.0) for qid in qids) / len(qids)
        for name in MEASURES
    }
