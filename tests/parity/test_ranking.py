"""Both backends answer alike: the same words in the same order, and the same final ranking.

Ties aside: scores that differ by less than float32 can say are the same score, and then either order
is right.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from ingest.samples.candidates import generate_candidates
from ingest.samples.vacancies import generate_vacancies
from search.backends.base import ScoredDoc
from search.backends.filters import EVERYTHING, And, Filter, Range, Term
from search.models import Target
from search.ranking.intent import build_intent
from search.ranking.results import SearchRequest
from search.text.reading import read

#: Of everything, about half, about a twentieth, about a hundredth.
FILTERS: dict[str, Filter] = {
    "none": EVERYTHING,
    "bachelor and above": Range("education", at_least=3),
    "one city": Term("region", ("330400",)),
    "city and years": And((Term("region", ("330400",)), Range("years", at_least=8))),
}
QUERIES = 200
DEPTH = 100


def queries() -> list[str]:
    """Return titles, skills, openings of postings, and headlines, in both languages."""
    texts = []
    for number, vacancy in enumerate(generate_vacancies(QUERIES // 2, 77)):
        skills = ", ".join(skill.name for skill in vacancy.skills[:4]) or vacancy.title
        texts.append((vacancy.title, skills, f"{vacancy.title}\n{vacancy.text}"[:400])[number % 3])
    texts += [candidate.headline for candidate in generate_candidates(QUERIES // 2, 77)]
    return texts


TEXTS = queries()


def agree(left: Sequence[ScoredDoc], right: Sequence[ScoredDoc], tolerance: float) -> bool:
    """Say whether two rankings are the same but for ties within a tolerance of their scores.

    At every rank the scores must be equal; and every document must have the same score in both
    lists. One that is in only one of them must be tied with the last.
    """
    if len(left) != len(right):
        return False
    edges = [ranking[-1].score + tolerance for ranking in (left, right) if ranking]
    scores = [{hit.doc_id: hit.score for hit in ranking} for ranking in (left, right)]
    for one, two in zip(left, right, strict=True):
        if abs(one.score - two.score) > tolerance:
            return False
    for name in scores[0].keys() | scores[1].keys():
        here, there = scores[0].get(name), scores[1].get(name)
        if here is None or there is None:
            if (here or there or 0.0) > max(edges):
                return False
        elif abs(here - there) > tolerance:
            return False
    return True


def test_the_comparison_can_fail() -> None:
    ranking = [ScoredDoc("a", 3.0), ScoredDoc("b", 2.0), ScoredDoc("c", 1.0)]
    tied = [ScoredDoc("a", 2.0), ScoredDoc("b", 2.0), ScoredDoc("c", 1.0)]
    assert agree(ranking, ranking, 1e-6)
    assert agree(tied, [tied[1], tied[0], tied[2]], 1e-6)
    assert not agree(ranking, [ranking[1], ranking[0], ranking[2]], 1e-6)
    assert not agree(ranking, ranking[:2], 1e-6)
    assert not agree(ranking, [ranking[0], ScoredDoc("x", 2.0), ranking[2]], 1e-6)
    assert not agree(ranking, [ScoredDoc("a", 3.1), *ranking[1:]], 1e-6)


@pytest.mark.parametrize("target", [Target.CANDIDATES, Target.VACANCIES, Target.ROLES])
def test_the_same_words_in_the_same_order(pair, target) -> None:
    kind = Term("kind", (target.kind,))
    differing = []
    for text in TEXTS:
        intent = build_intent(read(text), pair.embedded_search._frequencies)
        for query in (intent.lexical(), intent.concepts()):
            here, there = (
                backend.lexical(query, kind, DEPTH) for backend in (pair.embedded, pair.elastic)
            )
            largest = max((hit.score for hit in here), default=1.0)
            if not agree(here, there, 1e-5 * largest):
                differing.append(text)
    assert differing == []


@pytest.mark.parametrize("name", FILTERS)
def test_the_same_final_ranking(pair, name) -> None:
    differing = []
    for text in TEXTS:
        request = SearchRequest(read(text), Target.CANDIDATES, FILTERS[name])
        here, there = (
            service.rank(request)[:DEPTH] for service in (pair.embedded_search, pair.elastic_search)
        )
        if not agree(here, there, 0.02):
            differing.append(text)
    assert differing == []
