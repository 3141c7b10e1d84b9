"""The three scores of a pair, each a tree whose leaves sum to it.

    meets_vacancy = sum_p w_p v_p,   sum_p w_p = 100   over the parts that the vacancy speaks of
    meets_wishes  = the same over the wishes that the candidate has stated
    both          = (1 - s) meets_vacancy + s meets_wishes,   s = WISHES_SHARE; without wishes the first

v_p (0-1) is how far a part is met. A part with several requirements shares its weight among them by
strength and by how telling they are. The suggested weights were chosen on the development half of
tests/relevance/match (docs/relevance.md); whoever asks may prefer others.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from search.matching.judging import UNKNOWN, Judge, Judgement, fails
from search.matching.requirements import Requirement
from search.matching.sides import Demand, Supply
from search.models import Aspect, Strength
from search.ranking.intent import skill_weight
from search.ranking.results import State

#: What a requirement of a strength counts beside the others of its part.
STRENGTH = {
    Strength.REQUIRED: 1.0,
    Strength.FAVOURED: 0.6,
    Strength.OPTIONAL: 0.15,
    Strength.BANNED: 0.6,
}
#: Parts of `meets_vacancy`, in the order shown.
PARTS = ("skills", "role", "meaning", "wording", "years", "education", "place", "languages")
#: Share of `both` that the candidate's wishes have.
WISHES_SHARE = 0.2
#: Shares of the wishes.
WISHES = {"role": 35.0, "place": 30.0, "pay": 25.0, "employment": 10.0}

_PART = {
    Aspect.SKILL: "skills",
    Aspect.TITLE: "role",
    Aspect.YEARS: "years",
    Aspect.EDUCATION: "education",
    Aspect.PLACE: "place",
    Aspect.LANGUAGE: "languages",
}

#: How far a wish is met.
_VALUE = {State.FOUND: 1.0, State.UNKNOWN: UNKNOWN, State.MISSING: 0.0}

#: Parts that are measured on a pair where no requirement speaks of them.
_MEASURED = ("role", "meaning", "wording")

Weights = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Node:
    """A part of a score.

    Attributes:
        name: `meets_vacancy`, the name of a part, or the handle of a requirement.
        points: what it adds; the sum over its children where it has some.
        out_of: the most that it can add.
        state: `found`, `missing` or `unknown` of a single thing asked for; None of a measure.
        children: its parts.
    """

    name: str
    points: float
    out_of: float
    state: State | None = None
    children: tuple[Node, ...] = ()

    def leaves(self) -> Iterable[Node]:
        """Yield the parts that have no parts."""
        if not self.children:
            yield self
        for child in self.children:
            yield from child.leaves()

    def scaled(self, factor: float) -> Node:
        """Return the same with all points times a factor."""
        children = tuple(child.scaled(factor) for child in self.children)
        return Node(self.name, self.points * factor, self.out_of * factor, self.state, children)


@dataclass(frozen=True, slots=True)
class Measures:
    """What is measured on a pair rather than judged, each 0-1.

    Attributes:
        role: the candidate is what the vacancy is called.
        meaning: nearness of the vectors.
        wording: share of the posting's telling words in the profile.
    """

    role: float
    meaning: float
    wording: float


@cache
def suggested_weights() -> Weights:
    """Return the suggested weights of the parts; they sum to 100."""
    text = files("search.matching").joinpath("weights.json").read_text(encoding="utf-8")
    found: dict[str, float] = json.loads(text)
    return {name: float(found[name]) for name in PARTS}


def applied_weights(preferred: Weights, present: Iterable[str]) -> Weights:
    """Return the weights that count for one vacancy: those preferred, else suggested, summing to 100.

    Args:
        preferred: part to weight, 0 or more; parts left out keep the suggested one.
        present: parts that the vacancy speaks of.
    """
    chosen = {name: preferred.get(name, suggested_weights()[name]) for name in PARTS}
    kept = {name: weight for name, weight in chosen.items() if name in set(present)}
    total = sum(kept.values())
    if total <= 0:
        return dict.fromkeys(kept, 100.0 / max(1, len(kept)))
    return {name: 100.0 * weight / total for name, weight in kept.items()}


def present_parts(demand: Demand) -> tuple[str, ...]:
    """Return the parts that a vacancy speaks of; role, meaning and wording are always there."""
    spoken = {_PART[requirement.aspect] for requirement in demand.requirements}
    return tuple(name for name in PARTS if name in spoken | {"role", "meaning", "wording"})


def measure(demand: Demand, supply: Supply, nearness: float) -> Measures:
    """Measure a pair.

    Args:
        demand: of the vacancy.
        supply: of the candidate.
        nearness: cosine of the two on the encoder's scale (`search.ranking.geometry`).
    """
    heading = demand.title.share(supply.title)
    is_role = 1.0 if demand.roles & supply.roles else 0.0
    # Half of it by the catalogue, half by the words: many titles stand in no row.
    role = 0.5 * is_role + 0.5 * heading if demand.roles else heading
    return Measures(role, min(1.0, nearness), demand.tokens.share(supply.text))


class Plan:
    """How the points of one vacancy are shared out, worked out once for all candidates.

    Args:
        requirements: of the vacancy.
        weights: `applied_weights`.
    """

    def __init__(self, requirements: Sequence[Requirement], weights: Weights) -> None:
        self._weights = weights
        self._judge = Judge(requirements)
        self._handles = [found.handle for found in requirements]
        self._hard = [at for at, found in enumerate(requirements) if found.is_hard]
        self._members = {
            name: [at for at, found in enumerate(requirements) if _PART[found.aspect] == name]
            for name in weights
        }
        self._shares = [0.0] * len(requirements)
        for name, members in self._members.items():
            counts = [requirement_weight(requirements[at]) for at in members]
            for at, count in zip(members, counts, strict=True):
                self._shares[at] = weights[name] * count / sum(counts)

    def judged(self, supply: Supply) -> list[Judgement]:
        """Return how each requirement stands with a candidate."""
        return self._judge.all(supply)

    def points(self, judgements: Sequence[Judgement], measures: Measures) -> float:
        """Return `meets_vacancy` of a candidate; the sum over the leaves of `tree`."""
        points = sum(
            [share * found.value for share, found in zip(self._shares, judgements, strict=True)]
        )
        for name in _MEASURED:
            if not self._members.get(name):
                points += self._weights.get(name, 0.0) * getattr(measures, name)
        return points

    def excludes(self, judgements: Sequence[Judgement]) -> bool:
        """Say whether a candidate fails a requirement that must be met."""
        return any(fails(judgements[at]) for at in self._hard)

    def tree(self, judgements: Sequence[Judgement], measures: Measures) -> Node:
        """Return `meets_vacancy` of a candidate, part by part and requirement by requirement."""
        children = []
        for name, weight in self._weights.items():
            members = self._members[name]
            if members:
                leaves = [self._leaf(at, judgements[at]) for at in members]
                children.append(_sum(name, leaves))
            elif name in _MEASURED:
                children.append(Node(name, weight * getattr(measures, name), weight))
        return _sum("meets_vacancy", children)

    def _leaf(self, at: int, found: Judgement) -> Node:
        share = self._shares[at]
        return Node(self._handles[at], share * found.value, share, found.state)


def judge_wishes(demand: Demand, supply: Supply) -> Mapping[str, State]:
    """Return how each wish that the candidate has stated stands; nothing where none is stated."""
    stated: dict[str, State] = {}
    if not (
        supply.wished_roles
        or supply.wished_regions
        or supply.wished_employment
        or supply.wished_pay is not None
    ):
        return stated
    if supply.wished_roles:
        stated["role"] = _overlap(supply.wished_roles, demand.roles)
    if supply.wished_regions:
        stated["place"] = _overlap(supply.wished_regions, demand.regions)
    elif supply.residence:
        # Who says nothing else would rather stay.
        stated["place"] = _overlap(supply.residence, demand.regions)
    if supply.wished_pay is not None:
        pay = demand.pay
        stated["pay"] = State.UNKNOWN if pay is None else _state(pay >= supply.wished_pay)
    if supply.wished_employment:
        known = frozenset({demand.employment} - {""})
        stated["employment"] = _overlap(supply.wished_employment, known)
    return stated


def wishes_points(wishes: Mapping[str, State]) -> float:
    """Return the points of `meets_wishes`."""
    total = sum(WISHES[name] for name in wishes)
    return sum(100 * WISHES[name] / total * _VALUE[state] for name, state in wishes.items())


def meets_wishes(wishes: Mapping[str, State]) -> Node | None:
    """Return the score of a vacancy for a candidate; None where no wishes are stated.

    Args:
        wishes: what `judge_wishes` says.
    """
    if not wishes:
        return None
    total = sum(WISHES[name] for name in wishes)
    children = [
        Node(name, 100 * WISHES[name] / total * _VALUE[state], 100 * WISHES[name] / total, state)
        for name, state in wishes.items()
    ]
    return _sum("meets_wishes", children)


def both(vacancy: Node, wishes: Node | None) -> Node:
    """Return the score of the pair."""
    if wishes is None:
        return Node("both", vacancy.points, vacancy.out_of, None, (vacancy,))
    children = [vacancy.scaled(1 - WISHES_SHARE), wishes.scaled(WISHES_SHARE)]
    return _sum("both", children)


def both_points(vacancy: float, wishes: Mapping[str, State]) -> float:
    """Return the points of `both`, without its tree: most pairs are never shown."""
    if not wishes:
        return vacancy
    return (1 - WISHES_SHARE) * vacancy + WISHES_SHARE * wishes_points(wishes)


def requirement_weight(requirement: Requirement) -> float:
    """Return what a requirement counts within its part."""
    weight = STRENGTH[requirement.strength]
    if requirement.aspect is not Aspect.SKILL:
        return weight
    telling = max((skill_weight(value) for value in requirement.values), default=0.7)
    return weight * (0.5 + 0.5 * telling)


def _sum(name: str, children: Sequence[Node]) -> Node:
    points = sum(child.points for child in children)
    out_of = sum(child.out_of for child in children)
    return Node(name, points, out_of, None, tuple(children))


def _overlap(wished: frozenset[str], offered: frozenset[str]) -> State:
    return _state(bool(wished & offered)) if offered else State.UNKNOWN


def _state(is_met: bool) -> State:
    return State.FOUND if is_met else State.MISSING
