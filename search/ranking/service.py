"""One search from reading to answer: arms, fusion, re-ranking, evidence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from search.backends.base import Document, ScoredDoc, SearchIndex
from search.backends.filters import And, Filter, Term
from search.embedding.base import Encoder
from search.models import Mention, Target
from search.monitoring import Observer, unobserved
from search.ranking.conditions import ASPECTS, hard_filter, judge
from search.ranking.evidence import explain
from search.ranking.features import Features, compute
from search.ranking.geometry import Geometry, kin_support
from search.ranking.intent import Intent, build_intent
from search.ranking.passages import role_passages
from search.ranking.profile import Profile, document_profile, padded, role_profile
from search.ranking.quoting import Quoter
from search.ranking.results import Hit, SearchRequest, SearchResult, State
from search.ranking.retrieval import bring_in, with_cosines
from search.ranking.score import (
    MATCH_AT_LEAST,
    RANKING,
    parts,
    record_weights,
    role_weights,
    score,
)
from search.ranking.timing import timed
from search.text.frequencies import Frequencies
from taxonomies.catalogue import load_catalogue
from taxonomies.releases import CURRENT

#: How many documents each arm brings in, and how many of the fused list are re-ranked, as a rule.
ARM_DEPTH = 200
POOL = 200
#: What a place in an arm's list counts; chosen by `bole evaluate suite`, see docs/relevance.md.
ARM_WEIGHTS = {"words": 1.0, "concepts": 1.0, "meaning": 3.0}

#: Values that a facet shows.
FACET_VALUES = 20

#: Ids of records to the passages that evidence quotes from.
PassageSource = Callable[[Sequence[str]], Mapping[str, Mapping[str, str]]]


class SearchService:
    """Answers searches over one index.

    Args:
        backend: the index.
        encoder: the encoder that the index was built with.
        frequencies: token weights.
        geometry: how the encoder's vectors lie, see `search.ranking.geometry`.
        passages: gives the text of records that are not catalogue rows.
        depth: how many documents each arm brings in.
        pool: how many of the fused list are re-ranked; a search answers with so many at most.
        observe: told how each search ended and how long it took.
    """

    def __init__(
        self,
        backend: SearchIndex,
        encoder: Encoder,
        frequencies: Frequencies,
        geometry: Geometry,
        passages: PassageSource,
        *,
        depth: int = ARM_DEPTH,
        pool: int = POOL,
        observe: Observer = unobserved,
    ) -> None:
        self._backend = backend
        self._encoder = encoder
        self._frequencies = frequencies
        self._geometry = geometry
        self._passages = passages
        self._depth = depth
        self._pool_size = pool
        self._observe = observe

    def search(self, request: SearchRequest) -> SearchResult:
        """Answer one request, within `SEARCH_BUDGET_S` as far as an index elsewhere goes.

        Raises:
            IndexUnavailableError: it did not answer in time.
        """
        target = request.target.value

        def tell(outcome: str, seconds: float) -> None:
            self._observe("searches_total", target=target, outcome=outcome)
            self._observe("search_seconds", seconds, target=target)

        with timed(tell) as ending:
            result = self._search(request)
            ending.outcome = "matched" if result.has_match else "unmatched"
        return result

    def _search(self, request: SearchRequest) -> SearchResult:
        intent = build_intent(request.reading, self._frequencies)
        base, condition = _base(request), _condition(request)
        ranked = self._ranked(intent, request, condition)
        page = ranked[request.offset : request.offset + request.limit]
        excluded = (
            self._backend.count(base) - self._backend.count(condition) if condition != base else 0
        )
        return SearchResult(
            reading=request.reading,
            hits=self._hits(page, intent, request),
            total=len(ranked),
            has_match=bool(ranked) and ranked[0].score >= MATCH_AT_LEAST,
            facets=self._facets(request),
            excluded=excluded,
            versions=self.versions(),
        )

    def rank(self, request: SearchRequest) -> list[ScoredDoc]:
        """Return every answer with its score (0-100), best first, without evidence.

        For runs and measurements; `limit` and `offset` of the request play no part.
        """
        intent = build_intent(request.reading, self._frequencies)
        ranked = self._ranked(intent, request, _condition(request))
        return [ScoredDoc(item.document.doc_id, item.score) for item in ranked]

    def pairs(self, request: SearchRequest) -> tuple[Intent, dict[str, Features]]:
        """Return what the re-ranker sees: the intent, and the features of each document of the pool.

        For fitting its weights (`search.evaluation.fit_records`).
        """
        intent = build_intent(request.reading, self._frequencies)
        pool = self._pool(intent, _condition(request))
        return intent, {
            document.doc_id: self._features(document, cosine, intent)[1]
            for document, cosine in pool
        }

    def arms(self, request: SearchRequest) -> dict[str, list[ScoredDoc]]:
        """Return the list of each arm by its name, and the fused one, for runs and measurements."""
        intent = build_intent(request.reading, self._frequencies)
        arms, _ = self._arms(intent, _condition(request))
        return arms

    def versions(self) -> dict[str, str]:
        """Return what an answer depends on besides the records."""
        return {
            "catalogue": load_catalogue().version,
            "skills": CURRENT["skills"],
            "model": self._encoder.name,
            "ranking": RANKING,
        }

    def _facets(self, request: SearchRequest) -> dict[str, dict[str, int]]:
        if not request.facets:
            return {}
        free = replace(request, selected={})
        return self._backend.facets(
            _condition(free), request.facets, FACET_VALUES, request.selected
        )

    def _ranked(self, intent: Intent, request: SearchRequest, condition: Filter) -> list[_Scored]:
        conditions = _judged_conditions(request)
        scored = [
            self._score(document, cosine, intent, conditions)
            for document, cosine in self._pool(intent, condition)
        ]
        if request.target is Target.ROLES:
            self._add_kin(scored)
        return sorted(scored, key=lambda item: (-item.score, item.document.doc_id))

    def _pool(self, intent: Intent, condition: Filter) -> list[tuple[Document, float]]:
        """Return what is re-ranked, each with its cosine: the best of the fused arms.

        The same for every page: what is re-ranked decides the order of all of them.
        """
        arms, vector = self._arms(intent, condition)
        pool = [doc.doc_id for doc in arms["fused"][: self._pool_size]]
        return with_cosines(self._backend, pool, vector)

    def _arms(
        self, intent: Intent, condition: Filter
    ) -> tuple[dict[str, list[ScoredDoc]], NDArray[np.float32]]:
        vector = self._encoder.encode_queries([intent.text])[0]
        arms = bring_in(
            self._backend,
            {"words": intent.lexical(), "concepts": intent.concepts()},
            vector,
            condition,
            depth=self._depth,
            weights=ARM_WEIGHTS,
        )
        return arms, vector

    def _add_kin(self, scored: Sequence[_Scored]) -> None:
        """Let rows support those near them; afterwards every score holds its part from kin."""
        chances = np.zeros(len(self._geometry.kinship), np.float32)
        for item in scored:
            chances[_number(item.document.doc_id) - 1] = item.score / 100
        support = kin_support(chances, self._geometry.kinship)
        weight = role_weights(self._encoder.name).kin
        for item in scored:
            item.add("kin", weight * float(support[_number(item.document.doc_id) - 1]))

    def _score(
        self, document: Document, cosine: float, intent: Intent, conditions: Sequence[Mention]
    ) -> _Scored:
        profile, features = self._features(document, cosine, intent)
        judged = [(mention, judge(mention, document)) for mention in conditions]
        is_role = document.doc_id.startswith("role:")
        weights = (
            role_weights(self._encoder.name) if is_role else record_weights(self._encoder.name)
        )
        contributions = parts(weights, intent, features, judged)
        return _Scored(document, profile, judged, contributions)

    def _features(
        self, document: Document, cosine: float, intent: Intent
    ) -> tuple[Profile, Features]:
        if document.doc_id.startswith("role:"):
            number = _number(document.doc_id)
            profile = role_profile(number, padded(*document.tokens.values()))
        else:
            profile = document_profile(document, self._frequencies)
        return profile, compute(intent, profile, self._geometry.scale.place(cosine))

    def _hits(
        self, page: Sequence[_Scored], intent: Intent, request: SearchRequest
    ) -> tuple[Hit, ...]:
        ids = [item.document.doc_id for item in page]
        if request.target is Target.ROLES:
            passages: Mapping[str, Mapping[str, str]] = {i: role_passages(_number(i)) for i in ids}
        else:
            passages = self._passages(ids)
        quoter = Quoter(request.reading)
        return tuple(
            Hit(
                doc_id=item.document.doc_id,
                rank=request.offset + position,
                score=round(item.score, 1),
                parts=item.parts,
                evidence=explain(
                    request.reading,
                    intent,
                    item.profile,
                    passages.get(item.document.doc_id, {}),
                    item.judged,
                    quoter,
                ),
                passages=passages.get(item.document.doc_id, {}),
            )
            for position, item in enumerate(page, start=1)
        )


class _Scored:
    """A document on its way through re-ranking."""

    __slots__ = ("document", "judged", "parts", "profile", "score")

    def __init__(
        self,
        document: Document,
        profile: Profile,
        judged: list[tuple[Mention, State]],
        contributions: dict[str, float],
    ) -> None:
        self.document = document
        self.profile = profile
        self.judged = judged
        self.parts = contributions
        self.score = score(contributions)

    def add(self, name: str, value: float) -> None:
        """Add a part and bring the score up to date."""
        self.parts[name] = value
        self.score = score(self.parts)


def _base(request: SearchRequest) -> And:
    chosen = request.selected.values()
    return And((Term("kind", (request.target.kind,)), request.condition, *chosen))


def _condition(request: SearchRequest) -> Filter:
    """Return what binds: kind, the request's own filter, and the hard conditions of the text."""
    base = _base(request)
    # A catalogue row states no place or degree: only records can fail a hard condition.
    if request.target is Target.ROLES:
        return base
    return And((*base.parts, *hard_filter(request.reading).parts))


def _judged_conditions(request: SearchRequest) -> tuple[Mention, ...]:
    """Return the conditions that documents are judged by; a catalogue row states none."""
    if request.target is Target.ROLES:
        return ()
    return tuple(mention for mention in request.reading.mentions if mention.aspect in ASPECTS)


def _number(doc_id: str) -> int:
    return int(doc_id.removeprefix("role:"))
