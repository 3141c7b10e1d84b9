"""What a match answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from search.matching.requirements import Requirement
from search.matching.scores import Node
from search.models import Span
from search.ranking.results import State
from taxonomies.models import Text


@dataclass(frozen=True, slots=True)
class Finding:
    """How one requirement stands with one candidate, and where it says so.

    Attributes:
        requirement: what is asked for.
        label: its name in both languages.
        state: `found` (met), `missing` or `unknown`.
        source: part of the profile that was quoted or looked at, or "".
        quote: the profile's own words, or "".
        span: where the quote stands in that part; None where a field says it.
        by: name of what meets it where that is something else (Spring Boot, for Java); or None.
    """

    requirement: Requirement
    label: Text
    state: State
    source: str = ""
    quote: str = ""
    span: Span | None = None
    by: Text | None = None


@dataclass(frozen=True, slots=True)
class Action:
    """The one thing that would raise the score most.

    Attributes:
        kind: `state` what is unknown, or `acquire` what is missing.
        handle: the requirement.
        label: its name.
        gain: points that it would add to `both`.
    """

    kind: str
    handle: str
    label: Text
    gain: float


@dataclass(frozen=True, slots=True)
class Hit:
    """One match.

    Attributes:
        doc_id: `candidate:…`, `vacancy:…` or `role:9`.
        rank: from 1.
        vacancy: tree of the score by which the candidate meets the vacancy, 0-100.
        wishes: tree of the score by which the vacancy meets the candidate's wishes; None without wishes.
        both: tree of the score of the pair, whose leaves sum to it; hits are ordered by it.
        findings: every requirement, in the vacancy's order.
        gap: names of the skills asked for and not found, the ones that count most first.
        action: what to do next; None where nothing is left.
        passages: parts of the profile that the findings quote from.
    """

    doc_id: str
    rank: int
    vacancy: Node
    wishes: Node | None
    both: Node
    findings: tuple[Finding, ...]
    gap: tuple[Text, ...]
    action: Action | None
    passages: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """How many more would qualify without one hard requirement."""

    handle: str
    label: Text
    more: int


@dataclass(frozen=True, slots=True)
class MatchResult:
    """The answer to a match.

    Attributes:
        requirements: of the vacancy that was asked for; empty where a candidate asked.
        hits: best first; ties by id.
        total: how many were ranked.
        qualified: how many pass every hard requirement that the index can judge.
        excluded: how many do not.
        counterfactuals: for each hard requirement, how many more there would be without it.
        weights: `suggested`, `preferred` and `applied` weights of the parts.
        versions: what the answer depends on besides the records.
    """

    requirements: tuple[Requirement, ...]
    hits: tuple[Hit, ...]
    total: int
    qualified: int
    excluded: int
    counterfactuals: tuple[Counterfactual, ...]
    weights: Mapping[str, Mapping[str, float]]
    versions: Mapping[str, str]
