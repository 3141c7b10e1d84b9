"""Match a vacancy with candidates, or a candidate with vacancies and catalogue roles.

Hard requirements are filters of the index, so nothing that fails one comes back through any arm. What
the arms bring in is judged requirement by requirement and ordered by the score of the pair.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from search.backends.base import Document, LexicalQuery, SearchIndex
from search.backends.filters import EVERYTHING, And, Filter, Term
from search.embedding.base import Encoder
from search.embedding.passages import encode_passages
from search.matching.conditions import requirement_filter, within_reach
from search.matching.echo import pieces, repeats
from search.matching.evidence import (
    finding,
    next_action,
    quoter_for,
    requirement_label,
    skill_gap,
)
from search.matching.judging import Judgement
from search.matching.requirements import Requirement
from search.matching.results import Counterfactual, Hit, MatchResult
from search.matching.roles import role_requirements
from search.matching.scores import (
    Measures,
    Plan,
    Weights,
    applied_weights,
    both,
    both_points,
    judge_wishes,
    measure,
    meets_wishes,
    present_parts,
    requirement_weight,
    suggested_weights,
)
from search.matching.sides import Demand, Supply, demand_of, supply_of
from search.models import Aspect, Strength, Target
from search.monitoring import Observer, unobserved
from search.ranking.geometry import Geometry
from search.ranking.quoting import Quoter
from search.ranking.results import State
from search.ranking.retrieval import bring_in, with_cosines
from search.ranking.service import PassageSource
from search.ranking.timing import timed
from search.records.states import FINDABLE
from search.text.frequencies import Frequencies
from taxonomies.catalogue import load_catalogue
from taxonomies.releases import CURRENT

#: How many documents each arm brings in, and how many of the fused list are judged.
ARM_DEPTH = 200
POOL = 200
#: What a place in an arm's list counts.
ARM_WEIGHTS = {"words": 1.0, "concepts": 1.5, "meaning": 2.0}
#: Changes when the same pair would score otherwise.
MATCHING = "2026.11"

#: Ids of vacancies to what they ask for.
RequirementSource = Callable[[Sequence[str]], Mapping[str, tuple[Requirement, ...]]]


@dataclass(frozen=True)
class Side:
    """A vacancy or a candidate that asks.

    Attributes:
        document: as it is, or would be, indexed; without its vector.
        passages: what the encoder is given of it.
        quoted: the parts that evidence may quote from, by name; of a candidate only.
        said: title and text as written, of a vacancy only.
    """

    document: Document
    passages: Sequence[str]
    quoted: Mapping[str, str] = field(default_factory=dict)
    said: str = ""


#: Ids of candidates, and a posting, to those who repeat some of it, without what they repeat.
ClearedSource = Callable[[Sequence[str], str], Mapping[str, Side]]


@dataclass(frozen=True)
class MatchRequest:
    """What is asked besides who asks.

    Attributes:
        condition: hard filter of the answers.
        weights: part to preferred weight; see `search.matching.scores`.
        limit: most hits.
        offset: how many to skip.
    """

    condition: Filter = EVERYTHING
    weights: Weights = field(default_factory=dict)
    limit: int = 20
    offset: int = 0


class MatchService:
    """Answers matches over one index.

    Args:
        backend: the index.
        encoder: the encoder that it was built with.
        frequencies: token weights.
        geometry: how the encoder's vectors lie.
        passages: gives the text of candidates, by document id.
        requirements: gives what vacancies ask for, by document id.
        cleared: gives candidates without what they repeat of a posting.
        depth: how many documents each arm brings in.
        pool: how many of the fused list are judged; a match answers with so many at most.
        observe: told how each match ended and how long it took.
    """

    def __init__(
        self,
        backend: SearchIndex,
        encoder: Encoder,
        frequencies: Frequencies,
        geometry: Geometry,
        passages: PassageSource,
        requirements: RequirementSource,
        cleared: ClearedSource = lambda _ids, _posting: {},
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
        self._requirements = requirements
        self._cleared = cleared
        self._depth = depth
        self._pool = pool
        self._observe = observe

    def candidates(
        self, vacancy: Side, requirements: tuple[Requirement, ...], request: MatchRequest
    ) -> MatchResult:
        """Return who fits a vacancy.

        Args:
            vacancy: the vacancy.
            requirements: what it asks for, as read or as edited.
            request: what else is asked.

        Raises:
            IndexUnavailableError: the index did not answer in time.
        """
        with self._timed(Target.CANDIDATES):
            base = _base(Target.CANDIDATES, request)
            condition = And((*base.parts, *_filters(requirements)))
            demand = demand_of(vacancy.document, requirements, self._frequencies)
            weights = applied_weights(request.weights, present_parts(demand))
            first = request.offset + request.limit
            ranked = self._able(vacancy, demand, condition, weights, first)
            page = ranked[request.offset : first]
            texts = self._passages([pair.doc_id for pair in page])
            quoter = quoter_for(requirements)
            hits = tuple(
                _hit(pair, rank, texts.get(pair.doc_id, {}), quoter)
                for rank, pair in enumerate(page, start=request.offset + 1)
            )
            qualified = self._backend.count(condition)
            return MatchResult(
                requirements=requirements,
                hits=hits,
                total=len(ranked),
                qualified=qualified,
                excluded=self._backend.count(base) - qualified if condition != base else 0,
                counterfactuals=self._counterfactuals(requirements, base, qualified),
                weights=_weights(request, weights),
                versions=self.versions(),
            )

    def vacancies(self, candidate: Side, request: MatchRequest) -> MatchResult:
        """Return which vacancies a candidate fits, by what each of them asks for.

        Raises:
            IndexUnavailableError: the index did not answer in time.
        """
        with self._timed(Target.VACANCIES):
            supply = supply_of(candidate.document)
            base = _base(Target.VACANCIES, request)
            condition = And((*base.parts, within_reach(supply)))
            offered = _offered(supply, candidate.document)
            vector = self._vectors([candidate])[0]
            found = self._candidates(candidate, vector, offered, condition)
            asked = self._requirements([document.doc_id for document, _ in found])
            pairs = []
            for document, cosine in found:
                # One erased a moment ago is gone from the records before it is gone from the index.
                if document.doc_id in asked:
                    demand = demand_of(document, asked[document.doc_id], self._frequencies)
                    weights = applied_weights(request.weights, present_parts(demand))
                    plan = Plan(demand.requirements, weights)
                    pairs.append(self._pair(document.doc_id, demand, supply, cosine, plan))
            ranked = _ranked(pairs)
            qualified = self._backend.count(condition)
            return MatchResult(
                requirements=(),
                hits=_hits(ranked, request, candidate.quoted),
                total=len(ranked),
                qualified=qualified,
                excluded=self._backend.count(base) - qualified,
                counterfactuals=(),
                weights=_weights(request, {}),
                versions=self.versions(),
            )

    def roles(self, candidate: Side, request: MatchRequest) -> MatchResult:
        """Return which rows of the catalogue a candidate fits, by the skills linked to each.

        Raises:
            IndexUnavailableError: the index did not answer in time.
        """
        with self._timed(Target.ROLES):
            supply = supply_of(candidate.document)
            names = [f"role:{role.number}" for role in load_catalogue().roles]
            documents = self._backend.get(names)
            cosines = self._backend.similarities(self._vectors([candidate])[0], list(documents))
            pairs = []
            for name, document in documents.items():
                number = int(name.removeprefix("role:"))
                demand = demand_of(document, role_requirements(number), self._frequencies)
                weights = applied_weights(request.weights, present_parts(demand))
                plan = Plan(demand.requirements, weights)
                pairs.append(self._pair(name, demand, supply, cosines.get(name, 0.0), plan))
            ranked = _ranked(pairs)
            return MatchResult(
                requirements=(),
                hits=_hits(ranked, request, candidate.quoted),
                total=len(ranked),
                qualified=len(ranked),
                excluded=0,
                counterfactuals=(),
                weights=_weights(request, {}),
                versions=self.versions(),
            )

    def rank(
        self, vacancy: Side, requirements: tuple[Requirement, ...], request: MatchRequest
    ) -> list[tuple[str, float]]:
        """Return every candidate that qualifies with the score of the pair, best first; for runs."""
        demand = demand_of(vacancy.document, requirements, self._frequencies)
        weights = applied_weights(request.weights, present_parts(demand))
        condition = And((*_base(Target.CANDIDATES, request).parts, *_filters(requirements)))
        ranked = self._able(vacancy, demand, condition, weights)
        return [(pair.doc_id, pair.points) for pair in ranked]

    def versions(self) -> dict[str, str]:
        """Return what an answer depends on besides the records."""
        return {
            "catalogue": load_catalogue().version,
            "skills": CURRENT["skills"],
            "model": self._encoder.name,
            "matching": MATCHING,
        }

    def _vectors(self, sides: Sequence[Side]) -> NDArray[np.float32]:
        return encode_passages(self._encoder, [side.passages for side in sides])

    def _candidates(
        self,
        side: Side,
        vector: NDArray[np.float32],
        asked: Mapping[str, LexicalQuery],
        condition: Filter,
    ) -> list[tuple[Document, float]]:
        """Return what is judged: the best of the fused arms, each with its cosine."""
        arms = bring_in(
            self._backend, asked, vector, condition, depth=self._depth, weights=ARM_WEIGHTS
        )
        pool = [doc.doc_id for doc in arms["fused"][: self._pool]]
        others = [doc_id for doc_id in pool if doc_id != side.document.doc_id]
        return with_cosines(self._backend, others, vector)

    def _able(
        self,
        vacancy: Side,
        demand: Demand,
        condition: Filter,
        weights: Weights,
        first: int | None = None,
    ) -> list[_Pair]:
        """Return who fails nothing, best first.

        Who repeats the posting is judged again without what is repeated, and never gains by it. That
        can only move somebody down, so it is done for those who stand among the first.

        Args:
            vacancy: who asks.
            demand: what it asks for.
            condition: hard filter.
            weights: that apply.
            first: how many will be looked at; None for all.
        """
        plan = Plan(demand.requirements, weights)
        vector = self._vectors([vacancy])[0]
        found = self._candidates(vacancy, vector, _asked(demand), condition)
        of_posting = pieces(vacancy.said)
        pairs, suspects = {}, set()
        for document, cosine in found:
            supply, name = supply_of(document), document.doc_id
            pairs[name] = self._pair(name, demand, supply, cosine, plan)
            if repeats(supply, of_posting):
                suspects.add(name)
        while True:
            ranked = _ranked(pairs.values())
            among = [pair.doc_id for pair in ranked[:first] if pair.doc_id in suspects]
            if not among:
                return ranked
            suspects -= set(among)
            cleared = self._cleared(among, vacancy.said)
            vectors = self._vectors(list(cleared.values()))
            for (name, side), row in zip(cleared.items(), vectors, strict=True):
                supply = supply_of(side.document)
                again = self._pair(name, demand, supply, float(vector @ row), plan)
                if again.fails or again.points < pairs[name].points:
                    pairs[name] = again

    def _pair(
        self, doc_id: str, demand: Demand, supply: Supply, cosine: float, plan: Plan
    ) -> _Pair:
        measures = measure(demand, supply, self._geometry.scale.place(cosine))
        judged = plan.judged(supply)
        wishes = judge_wishes(demand, supply)
        points = both_points(plan.points(judged, measures), wishes)
        return _Pair(doc_id, judged, measures, wishes, plan, points, plan.excludes(judged))

    def _counterfactuals(
        self, requirements: Sequence[Requirement], base: And, qualified: int
    ) -> tuple[Counterfactual, ...]:
        hard = [
            (requirement, condition)
            for requirement in requirements
            if (condition := requirement_filter(requirement)) is not None
        ]
        found = []
        for requirement, _ in hard:
            others = [condition for other, condition in hard if other is not requirement]
            more = self._backend.count(And((*base.parts, *others))) - qualified
            label = requirement_label(requirement)
            found.append(Counterfactual(requirement.handle, label, more))
        return tuple(found)

    @contextmanager
    def _timed(self, target: Target) -> Iterator[None]:
        def tell(outcome: str, seconds: float) -> None:
            self._observe("matches_total", target=target.value, outcome=outcome)
            self._observe("match_seconds", seconds, target=target.value)

        with timed(tell) as ending:
            yield
            ending.outcome = "answered"


@dataclass(frozen=True, slots=True)
class _Pair:
    doc_id: str
    judged: list[Judgement]
    measures: Measures
    wishes: Mapping[str, State]
    plan: Plan
    points: float
    fails: bool


def _base(target: Target, request: MatchRequest) -> And:
    kind = target.kind
    return And((Term("kind", (kind,)), Term("status", (FINDABLE[kind],)), request.condition))


def _filters(requirements: Sequence[Requirement]) -> list[Filter]:
    found = (requirement_filter(requirement) for requirement in requirements)
    return [condition for condition in found if condition is not None]


def _asked(demand: Demand) -> dict[str, LexicalQuery]:
    """Return what a vacancy looks for in profiles: words, and concepts."""
    skills: dict[str, float] = {}
    for requirement in demand.requirements:
        if requirement.aspect is Aspect.SKILL and requirement.strength is not Strength.BANNED:
            for value in requirement.values:
                skills[value] = max(skills.get(value, 0.0), requirement_weight(requirement))
    roles = dict.fromkeys(sorted(demand.roles), 2.0)
    words = LexicalQuery({"title": demand.tokens.weights, "text": demand.tokens.weights})
    return {"words": words, "concepts": LexicalQuery({"skill": skills, "role": roles})}


def _offered(supply: Supply, document: Document) -> dict[str, LexicalQuery]:
    """Return what a candidate looks for in vacancies."""
    tokens = dict.fromkeys(document.tokens.get("title", "").split(), 1.0)
    skills = dict.fromkeys(sorted(supply.skills), 1.0)
    roles = dict.fromkeys(sorted(supply.roles | supply.wished_roles), 2.0)
    words = LexicalQuery({"title": tokens, "text": tokens})
    return {"words": words, "concepts": LexicalQuery({"skill": skills, "role": roles})}


def _ranked(pairs: Iterable[_Pair]) -> list[_Pair]:
    """Return those who fail nothing, best first; equal scores by id."""
    able = [pair for pair in pairs if not pair.fails]
    return sorted(able, key=lambda pair: (-round(pair.points, 9), pair.doc_id))


def _hits(
    ranked: Sequence[_Pair], request: MatchRequest, quoted: Mapping[str, str]
) -> tuple[Hit, ...]:
    page = ranked[request.offset : request.offset + request.limit]
    return tuple(
        _hit(pair, rank, quoted, quoter_for([found.requirement for found in pair.judged]))
        for rank, pair in enumerate(page, start=request.offset + 1)
    )


def _hit(pair: _Pair, rank: int, passages: Mapping[str, str], quoter: Quoter) -> Hit:
    findings = tuple(finding(found, passages, quoter) for found in pair.judged)
    vacancy = pair.plan.tree(pair.judged, pair.measures)
    wishes = meets_wishes(pair.wishes)
    tree = both(vacancy, wishes)
    return Hit(
        doc_id=pair.doc_id,
        rank=rank,
        vacancy=vacancy,
        wishes=wishes,
        both=tree,
        findings=findings,
        gap=skill_gap(findings),
        action=next_action(tree, findings),
        passages=passages,
    )


def _weights(request: MatchRequest, applied: Weights) -> dict[str, Weights]:
    return {
        "suggested": dict(suggested_weights()),
        "preferred": dict(request.weights),
        "applied": dict(applied),
    }
