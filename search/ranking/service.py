"""One search from reading to answer: arms, fusion, re-ranking, evidence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from search.backends.base import Document, SearchBackend
from search.backends.filters import And, Filter, Term
from search.embedding.base import Encoder
from search.models import Mention, Target
from search.ranking.conditions import ASPECTS, hard_filter, judge
from search.ranking.evidence import explain
from search.ranking.features import compute
from search.ranking.fusion import reciprocal_rank_fusion
from search.ranking.intent import Intent, build_intent
from search.ranking.kinship import Matrix, kin_support
from search.ranking.passages import role_passages
from search.ranking.profile import Profile, document_profile, padded, role_profile
from search.ranking.quoting import Quoter
from search.ranking.results import Hit, SearchRequest, SearchResult, State
from search.ranking.score import (
    MATCH_AT_LEAST,
    RANKING,
    parts,
    record_weights,
    role_weights,
    score,
)
from search.text.frequencies import Frequencies
from taxonomies.catalogue import load_catalogue
from taxonomies.releases import CURRENT

#: How many documents each arm brings in, and how many of the fused list are re-ranked.
ARM_DEPTH = 200
POOL = 100

#: Ids of records to the passages that evidence quotes from.
PassageSource = Callable[[Sequence[str]], Mapping[str, Mapping[str, str]]]


class SearchService:
    """Answers searches over one index.

    Args:
        backend: the index.
        encoder: the encoder that the index was built with.
        frequencies: token weights.
        kinship: nearness of catalogue rows, see `search.ranking.kinship`.
        passages: gives the text of records that are not catalogue rows.
    """

    def __init__(
        self,
        backend: SearchBackend,
        encoder: Encoder,
        frequencies: Frequencies,
        kinship: Matrix,
        passages: PassageSource,
    ) -> None:
        self._backend = backend
        self._encoder = encoder
        self._frequencies = frequencies
        self._kinship = kinship
        self._passages = passages

    def search(self, request: SearchRequest) -> SearchResult:
        """Answer one request."""
        intent = build_intent(request.reading, self._frequencies)
        is_role = request.target is Target.ROLES
        base = And((Term("kind", (request.target.kind,)), request.condition))
        # A catalogue row states no place or degree: only records can fail a hard condition.
        condition = base if is_role else And((*base.parts, *hard_filter(request.reading).parts))
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
            facets=self._backend.facets(condition, request.facets, 20) if request.facets else {},
            excluded=excluded,
            versions=self.versions(),
        )

    def versions(self) -> dict[str, str]:
        """Return what an answer depends on besides the records."""
        return {
            "catalogue": load_catalogue().version,
            "skills": CURRENT["skills"],
            "model": self._encoder.name,
            "ranking": RANKING,
        }

    def _ranked(self, intent: Intent, request: SearchRequest, condition: Filter) -> list[_Scored]:
        vector = self._encoder.encode_queries([intent.text])[0]
        arms = [
            self._backend.lexical(intent.lexical(), condition, ARM_DEPTH),
            self._backend.lexical(intent.concepts(), condition, ARM_DEPTH),
        ]
        if np.any(vector):
            arms.append(self._backend.nearest(vector, condition, ARM_DEPTH))
        fused = reciprocal_rank_fusion([[doc.doc_id for doc in arm] for arm in arms])
        # The same for every page: what is re-ranked decides the order of all of them.
        pool = [doc_id for doc_id, _ in fused[:POOL]]
        cosines = self._backend.similarities(vector, pool)
        conditions = _conditions(request)
        documents = self._backend.get(pool)
        scored = [
            self._score(documents[doc_id], cosines.get(doc_id, 0.0), intent, conditions)
            for doc_id in pool
            if doc_id in documents
        ]
        if request.target is Target.ROLES:
            self._add_kin(scored)
        return sorted(scored, key=lambda item: (-item.score, item.document.doc_id))

    def _add_kin(self, scored: Sequence[_Scored]) -> None:
        """Let rows support those near them; afterwards every score holds its part from kin."""
        chances = np.zeros(len(self._kinship), np.float32)
        for item in scored:
            chances[_number(item.document.doc_id) - 1] = item.score / 100
        support = kin_support(chances, self._kinship)
        weight = role_weights(self._encoder.name).kin
        for item in scored:
            item.add("kin", weight * float(support[_number(item.document.doc_id) - 1]))

    def _score(
        self, document: Document, cosine: float, intent: Intent, conditions: Sequence[Mention]
    ) -> _Scored:
        is_role = document.doc_id.startswith("role:")
        profile = (
            role_profile(_number(document.doc_id), padded(*document.tokens.values()))
            if is_role
            else document_profile(document)
        )
        judged = [(mention, judge(mention, document)) for mention in conditions]
        features = compute(intent, profile, cosine)
        weights = role_weights(self._encoder.name) if is_role else record_weights()
        contributions = parts(weights, intent, features, judged)
        return _Scored(document, profile, judged, contributions)

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


def _conditions(request: SearchRequest) -> tuple[Mention, ...]:
    """Return the conditions that documents are judged by; a catalogue row states none."""
    if request.target is Target.ROLES:
        return ()
    return tuple(mention for mention in request.reading.mentions if mention.aspect in ASPECTS)


def _number(doc_id: str) -> int:
    return int(doc_id.removeprefix("role:"))
