"""Both engines asked in turns: what a search asks of an index, one by one, and then whole searches."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

import numpy as np

from api.commands.bench_documents import exact_nearest, recall
from api.commands.bench_lines import (
    write_figures,
    write_figures_heading,
    write_spent,
    write_spent_heading,
    write_times,
    write_times_heading,
)
from api.commands.bench_measures import Clock
from api.commands.bench_questions import DEPTH, WARM_UP, WIDTHS
from api.commands.bench_sides import Side, request
from api.search_answers import FACETS
from search.backends.base import IndexUnavailableError, LexicalQuery, ScoredDoc, Vector
from search.backends.elastic.breaker import PAUSE_S
from search.backends.filters import And, Filter, Range, Term
from search.models import Target
from search.ranking.intent import build_intent
from search.ranking.results import SearchRequest
from search.text.reading import read

#: See `bench_questions.WIDTHS`: all, a half, a tenth, and so on down to a five-hundredth.
ASKED = (
    "none",
    "pay of 15,000 and more",
    "one city",
    "city and years",
    "city, years and master",
    "city, field and years",
)
FACET_SIZE = 20
#: A document that every index has: its fetching is the smallest question there is.
ONE = "role:1"

_CANDIDATES = Term("kind", (Target.CANDIDATES.kind,))

Question = TypeVar("Question")
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Turns(Generic[Answer]):
    """What asking both sides in turns came to; every list holds one entry a side.

    Attributes:
        times: the seconds of each question, in order.
        answers: to each question, in order; None for one that did not come in time.
        cpu_s: what our process computed for all of them, in seconds of all cores.
        server_cpu_s: what the server did.
    """

    times: list[list[float]]
    answers: list[list[Answer | None]]
    cpu_s: list[float]
    server_cpu_s: list[float]

    @property
    def late(self) -> str:
        """What is said of answers that did not come in time, their wait counted as they were."""
        count = sum(answer is None for answers in self.answers for answer in answers)
        return f"{count} too late" if count else ""


def compare(sides: Sequence[Side], paths: Sequence[Path], texts: Sequence[str]) -> None:
    """Write the times of both sides, the recall of each, and where whole searches spend theirs.

    Args:
        sides: embedded, Elasticsearch.
        paths: of the documents that both were built of.
        texts: the queries.
    """
    conditions = {name: And((_CANDIDATES, WIDTHS[name])) for name in ASKED}
    shares = _shares(sides, conditions)
    _write_parts(sides, paths, texts, conditions, shares)
    _write_searches(sides, texts, shares)


def in_turns(
    sides: Sequence[Side],
    questions: Sequence[Question],
    ask: Callable[[Side, Question], Answer],
) -> Turns[Answer]:
    """Ask every question of both sides, the one first and then the other: A B, B A, A B, …

    What else the machine does, and what one side leaves warm for the other, falls on both alike.
    """
    turns: Turns[Answer] = Turns(
        [[] for _ in sides],
        [[] for _ in sides],
        [0.0 for _ in sides],
        [-side.server_cpu_s() for side in sides],
    )
    for number, question in enumerate(questions):
        places = list(range(len(sides)))
        for place in places if number % 2 == 0 else reversed(places):
            answered: Answer | None = None
            began = time.process_time()
            with Clock() as clock, suppress(IndexUnavailableError):
                answered = ask(sides[place], question)
            turns.cpu_s[place] += time.process_time() - began
            turns.times[place].append(clock.s)
            turns.answers[place].append(answered)
            if answered is None:
                # The server is left alone for a moment then, which is no fault of the next question.
                time.sleep(PAUSE_S)
    for place, side in enumerate(sides):
        turns.server_cpu_s[place] += side.server_cpu_s()
    return turns


def _shares(sides: Sequence[Side], conditions: Mapping[str, Filter]) -> dict[str, float]:
    """Return which share of the candidates each filter leaves; both sides must say the same."""
    counts = [[side.backend.count(each) for each in conditions.values()] for side in sides]
    if counts[0] != counts[1]:
        raise RuntimeError(f"both were built of the same documents and count {counts}")
    return {name: count / counts[0][0] for name, count in zip(conditions, counts[0], strict=True)}


def _write_parts(
    sides: Sequence[Side],
    paths: Sequence[Path],
    texts: Sequence[str],
    conditions: Mapping[str, Filter],
    shares: Mapping[str, float],
) -> None:
    frequencies, encoder = sides[0].frequencies, sides[0].encoder
    intents = [build_intent(read(text), frequencies) for text in texts]
    vectors = list(encoder.encode_queries([intent.text for intent in intents]))
    fields = FACETS[Target.CANDIDATES]

    write_times_heading("one document by its id")
    turns = _warmed(sides, texts, lambda side, _: side.backend.get([ONE]))
    _write_turns("none", 1.0, turns)

    write_times_heading(f"words: {DEPTH} best by BM25")
    queries = [intent.lexical() for intent in intents]
    for name, condition in conditions.items():

        def by_words(side: Side, query: LexicalQuery, c: Filter = condition) -> list[ScoredDoc]:
            return side.backend.lexical(query, c, DEPTH)

        ranked = _warmed(sides, queries, by_words)
        _write_turns(name, shares[name], ranked)

    write_times_heading(f"vectors: {DEPTH} nearest")
    exact = exact_nearest(paths, np.array(vectors), conditions, DEPTH)
    for name, condition in conditions.items():

        def nearest(side: Side, vector: Vector, c: Filter = condition) -> list[ScoredDoc]:
            return side.backend.nearest(vector, c, DEPTH)

        found = _warmed(sides, vectors, nearest)
        recalls = [_recall(answers, exact[name]) for answers in found.answers]
        said = f"recall@{DEPTH} {recalls[0]:.4f} {recalls[1]:.4f}"
        _write_turns(name, shares[name], found, said)

    write_times_heading(f"facets: {', '.join(fields)}")
    for name, condition in conditions.items():
        # Each a little different, and true of all: the server remembers answers to the very same.
        filters = [And((condition, Range("updated_day", 0, 10**6 + n))) for n in range(len(texts))]

        def facets(side: Side, condition: Filter) -> dict[str, dict[str, int]]:
            return side.backend.facets(condition, fields, FACET_SIZE)

        counted = _warmed(sides, filters, facets)
        _write_turns(name, shares[name], counted)


def _write_searches(
    sides: Sequence[Side], texts: Sequence[str], shares: Mapping[str, float]
) -> None:
    fields = FACETS[Target.CANDIDATES]
    asked = {name: [request(text, WIDTHS[name], fields) for text in texts] for name in ASKED}
    for requests in asked.values():
        in_turns(sides, requests[:WARM_UP], _first_ids)
    for side in sides:
        side.forget()
    write_times_heading("whole searches, facets included")
    spent, cpu, server_cpu = ([0.0 for _ in sides] for _ in range(3))
    for name, requests in asked.items():
        turns = in_turns(sides, requests, _first_ids)
        said = f"same first ten {_agreement(turns.answers):.3f}"
        _write_turns(name, shares[name], turns, said)
        spent = [before + sum(each) for before, each in zip(spent, turns.times, strict=True)]
        cpu = [before + each for before, each in zip(cpu, turns.cpu_s, strict=True)]
        server_cpu = [
            before + each for before, each in zip(server_cpu, turns.server_cpu_s, strict=True)
        ]
    searches = len(ASKED) * len(texts)
    _write_where(sides, spent, searches)
    here, there, other = (each / searches * 1_000 for each in (*cpu, server_cpu[1]))
    write_figures_heading()
    write_figures("CPU of our process for a search, ms", here, there)
    write_figures("CPU of the server for a search, ms", None, other)
    write_figures("CPU of all processes for a search, ms", here, there + other)


def _write_where(sides: Sequence[Side], spent: Sequence[float], searches: int) -> None:
    """Write what the parts of a search take on the average, of all widths together."""
    write_spent_heading("where a search spends its time")
    rest = list(spent)
    for operation in sorted(sides[0].calls.keys() | sides[1].calls.keys()):
        calls = [side.calls[operation] for side in sides]
        write_spent(
            operation,
            [len(each) / searches for each in calls],
            [sum(each) / searches for each in calls],
            _mean_request(sides[1].requests[operation], searches),
        )
        rest = [left - sum(each) for left, each in zip(rest, calls, strict=True)]
    write_spent("understanding, ranking, evidence", [1, 1], [each / searches for each in rest])
    every = [seconds for each in sides[1].requests.values() for seconds in each]
    whole = [each / searches for each in spent]
    write_spent("together", [1, 1], whole, _mean_request(every, searches))


def _mean_request(requests: Sequence[float], searches: int) -> tuple[float, float]:
    """Return how many requests a search makes, and the seconds of one."""
    return len(requests) / searches, sum(requests) / max(1, len(requests))


def _write_turns(name: str, share: float, turns: Turns[Answer], *more: str) -> None:
    count = len(turns.times[0])
    cpu = [
        (ours + others) / count
        for ours, others in zip(turns.cpu_s, turns.server_cpu_s, strict=True)
    ]
    write_times(name, share, turns.times, cpu, *more, turns.late)


def _warmed(
    sides: Sequence[Side],
    questions: Sequence[Question],
    ask: Callable[[Side, Question], Answer],
) -> Turns[Answer]:
    in_turns(sides, questions[:WARM_UP], ask)
    return in_turns(sides, questions, ask)


def _first_ids(side: Side, asked: SearchRequest) -> list[str]:
    """Return the ids of a search's first page."""
    return [hit.doc_id for hit in side.search.search(asked).hits]


def _agreement(answers: Sequence[Sequence[list[str] | None]]) -> float:
    """Return the mean share of the first page that is the same, where both answered in time."""
    shares = [
        len(set(here) & set(there)) / max(len(here), len(there), 1) if here or there else 1.0
        for here, there in zip(*answers, strict=True)
        if here is not None and there is not None
    ]
    return float(np.mean(shares)) if shares else 1.0


def _recall(
    answers: Sequence[Sequence[ScoredDoc] | None], exact: Sequence[Mapping[str, float]]
) -> float:
    """Return the mean share of the nearest that was found, where the answer came in time."""
    shares = [
        recall((hit.doc_id for hit in found), near, DEPTH)
        for found, near in zip(answers, exact, strict=True)
        if found is not None
    ]
    return float(np.mean(shares)) if shares else 1.0
