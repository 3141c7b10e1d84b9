"""Several systems over several judged collections: figures, intervals, and a table.

A run is the ranking of each query; a system is whatever makes one. Intervals are of the difference to the last
system in the list, by the paired bootstrap over queries.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import ir_measures
import numpy as np
from ir_measures import AP, P, Success, nDCG
from numpy.typing import NDArray

from search.backends.base import ScoredDoc
from search.evaluation.bootstrap import Difference, paired

#: The ranking of each query, best first.
Run = Mapping[str, Sequence[ScoredDoc]]

MEASURES = {
    "MAP": AP,
    # Of the collections measured so a query has one answer, a few have two or three: one found is enough.
    "R@1": Success @ 1,
    "R@10": Success @ 10,
    "nDCG@10": nDCG @ 10,
    "P@1": P(rel=2) @ 1,
}
#: How well the best score of a query tells those with an answer from those without.
NO_MATCH = "no-match AUC"


@dataclass
class Task:
    """One collection under several systems.

    Attributes:
        name: of the collection.
        measures: what is reported of it; names of `MEASURES` or `NO_MATCH`.
        qrels: judgements; queries without any have no answer.
        queries: every query id.
        values: by system and measure, the value of each judged query in the order of `judged`.
        auc: by system, where `NO_MATCH` is reported.
    """

    name: str
    measures: Sequence[str]
    qrels: Mapping[str, Mapping[str, int]]
    queries: Sequence[str]
    values: dict[str, dict[str, list[float]]] = field(default_factory=dict)
    auc: dict[str, float] = field(default_factory=dict)

    @property
    def judged(self) -> list[str]:
        """The queries that have an answer."""
        return [query for query in self.queries if self.qrels.get(query)]

    def add(self, system: str, run: Run) -> None:
        """Measure a system's run."""
        names = [name for name in self.measures if name in MEASURES]
        self.values[system] = per_query(run, self.qrels, self.judged, names)
        if NO_MATCH in self.measures:
            best = {query: max((doc.score for doc in run[query]), default=0.0) for query in run}
            judged = set(self.judged)
            self.auc[system] = auc(
                [best.get(query, 0.0) for query in self.queries if query in judged],
                [best.get(query, 0.0) for query in self.queries if query not in judged],
            )

    def figure(self, system: str, measure: str) -> float:
        """Return the mean over queries, or the AUC."""
        if measure == NO_MATCH:
            return self.auc[system]
        return float(np.mean(self.values[system][measure]))

    def gain(self, before: str, after: str, measure: str) -> Difference:
        """Return by how much one system is above another, with its interval."""
        return paired(self.values[before][measure], self.values[after][measure])


def per_query(
    run: Run,
    qrels: Mapping[str, Mapping[str, int]],
    queries: Sequence[str],
    measures: Iterable[str],
) -> dict[str, list[float]]:
    """Return the value of each query by measure; one that the run lacks counts 0."""
    judged = [
        ir_measures.Qrel(query, doc, grade)
        for query in queries
        for doc, grade in qrels[query].items()
    ]
    # The measures order equal scores by id; the rank decides here.
    answers = [
        ir_measures.ScoredDoc(query, doc.doc_id, -float(rank))
        for query in queries
        for rank, doc in enumerate(run.get(query, ()))
    ]
    wanted = {str(MEASURES[name]): name for name in measures}
    found: dict[str, dict[str, float]] = {name: {} for name in wanted.values()}
    for metric in ir_measures.iter_calc([MEASURES[name] for name in found], judged, answers):
        found[wanted[str(metric.measure)]][metric.query_id] = metric.value
    return {name: [values.get(query, 0.0) for query in queries] for name, values in found.items()}


def auc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """Return how often a value of the first lies above one of the second; ties count a half."""
    difference = np.asarray(positive)[:, None] - np.asarray(negative)[None, :]
    return float((difference > 0).mean() + 0.5 * (difference == 0).mean())


def run_of(
    queries: Sequence[str], documents: Sequence[str], scores: NDArray[np.float32]
) -> dict[str, list[ScoredDoc]]:
    """Return the run that a matrix of scores stands for.

    Args:
        queries: ids of the rows.
        documents: ids of the columns.
        scores: (len(queries), len(documents)); equal ones keep the order of the columns.
    """
    order = np.argsort(-scores, axis=1, kind="stable")
    return {
        query: [ScoredDoc(documents[column], float(row[column])) for column in columns]
        for query, row, columns in zip(queries, scores, order, strict=True)
    }


def table(tasks: Sequence[Task], systems: Sequence[str]) -> str:
    """Return the figures as a Markdown table: a row a collection and measure, a column a system.

    The last two columns are what the last system has above the one before and above the best of the
    others, each with its 95 % interval.
    """
    last = systems[-1]
    lines = [
        f"| collection | queries | measure | {' | '.join(systems)} | {last} − best other (95 %) |",
        "|---|---|---|" + "---|" * (len(systems) + 1),
    ]
    for task in tasks:
        for measure in task.measures:
            lines.append(_line(task, measure, systems))
    return "\n".join(lines)


def _line(task: Task, measure: str, systems: Sequence[str]) -> str:
    figures = {name: task.figure(name, measure) for name in systems}
    best = max(figures.values())
    cells = [f"**{value:.3f}**" if value == best else f"{value:.3f}" for value in figures.values()]
    *others, last = systems
    gain = ""
    if measure != NO_MATCH and others:
        rival = max(others, key=lambda name: figures[name])
        found = task.gain(rival, last, measure)
        gain = f"{found.mean:+.3f} [{found.low:+.3f}, {found.high:+.3f}] {rival}"
    return f"| {task.name} | {len(task.judged)} | {measure} | {' | '.join(cells)} | {gain} |"
