"""A match and its answer."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from api.codes import check_condition
from api.v1.benefit_schemas import BenefitNotice
from api.v1.record_headers import RecordId
from api.v1.record_schemas import CandidateBody, VacancyBody
from api.v1.schema_base import (
    Answered,
    CharacterSpan,
    Cursor,
    Given,
    IsoDate,
    LangCode,
    Words,
    Years,
    examples,
)
from api.v1.schemas import EvidenceItem, HitTitle, PageSize, SearchFilters
from search.models import Aspect, Strength

StateName = Literal["met", "missing", "unknown"]
_Weight = Annotated[float, Field(strict=True, ge=0, le=100, allow_inf_nan=False)]
_Value = Annotated[str, StringConstraints(min_length=1, max_length=80)]


class MatchRequirement(Given):
    """One thing asked for, as it was read or as a client edited it."""

    aspect: Aspect = Field(description="what it is about")
    values: Annotated[tuple[_Value, ...], Field(max_length=20)] = Field(
        default=(),
        description="any of them is enough: skill ids, row numbers, region codes, one level of "
        "education or one number of years; empty for a skill that the taxonomy does not know",
    )
    strength: Strength = Field(
        default=Strength.FAVOURED,
        description="required excludes who fails it, banned who has it; favoured and optional rank",
    )
    label: Words | None = Field(default=None, description="its name; ignored when sent")
    source: Annotated[str, StringConstraints(max_length=40)] = Field(
        default="text", description="part of the vacancy that says so"
    )
    quote: Annotated[str, StringConstraints(max_length=300)] = Field(
        default="", description="the words as written; of an unknown skill, what is looked for"
    )
    span: CharacterSpan | None = Field(default=None, description="where they stand in that part")
    at_most: Years | None = Field(default=None, description="upper bound of a range of years")
    handle: Annotated[str, StringConstraints(max_length=2000)] = Field(
        default="", description="what names it in this answer; ignored when sent"
    )

    @model_validator(mode="after")
    def _values_are_known(self) -> MatchRequirement:
        for value in self.values:
            check_condition(self.aspect, value)
        one = self.aspect in {Aspect.YEARS, Aspect.EDUCATION}
        if one and len(self.values) != 1:
            raise PydanticCustomError("one_value", "years and education take one value")
        if not self.values and (self.aspect is not Aspect.SKILL or not self.quote.strip()):
            raise PydanticCustomError(
                "no_value", "send a value, or the words of a skill", {"member": "values"}
            )
        if self.span and self.span.start > self.span.end:
            raise PydanticCustomError(
                "span_order", "the span ends before it begins", {"member": "span"}
            )
        return self


class MatchWeights(Given):
    """Weights of the parts, 0 to 100; only their proportions count, and parts left out keep the suggested."""

    skills: _Weight | None = Field(default=None, description="skills asked for")
    role: _Weight | None = Field(default=None, description="being what the vacancy is called")
    meaning: _Weight | None = Field(default=None, description="nearness of the texts' meaning")
    wording: _Weight | None = Field(default=None, description="the posting's telling words")
    years: _Weight | None = Field(default=None, description="years of experience")
    education: _Weight | None = Field(default=None, description="level of education")
    place: _Weight | None = Field(default=None, description="place of work")
    languages: _Weight | None = Field(default=None, description="human languages")


class MatchBody(Given):
    """Who asks: exactly one of the first four; and for what."""

    model_config = ConfigDict(json_schema_extra={"examples": examples("MatchBody")})

    vacancy_id: RecordId | None = Field(default=None, description="a stored vacancy")
    vacancy: VacancyBody | None = Field(default=None, description="a vacancy that is not stored")
    candidate_id: RecordId | None = Field(default=None, description="a stored candidate")
    candidate: CandidateBody | None = Field(
        default=None, description="a candidate that is not stored"
    )
    target: Literal["candidates", "vacancies", "roles"] | None = Field(
        default=None,
        description="a vacancy is matched with candidates; a candidate with vacancies, or with "
        "roles of the catalogue",
    )
    requirements: Annotated[tuple[MatchRequirement, ...], Field(max_length=200)] | None = Field(
        default=None, description="those of an earlier answer, edited; of a vacancy only"
    )
    weights: MatchWeights = Field(default=MatchWeights(), description="weights you prefer")
    filters: SearchFilters = Field(default=SearchFilters(), description="hard filters of the hits")
    limit: PageSize = Field(default=20, description="most hits in the answer")
    cursor: Cursor | None = Field(default=None, description="`next` of the answer before")
    as_of: IsoDate | None = Field(
        default=None, description="date whose rules apply to benefits; today"
    )
    lang: LangCode | None = Field(
        default=None, description="language of messages within the answer"
    )

    @model_validator(mode="after")
    def _one_asks(self) -> MatchBody:
        sides = (self.vacancy_id, self.vacancy, self.candidate_id, self.candidate)
        if sum(side is not None for side in sides) != 1:
            raise PydanticCustomError("one_side", "send one side", {"member": "vacancy_id"})
        if self.is_vacancy and self.target not in {None, "candidates"}:
            raise PydanticCustomError("target_of_vacancy", "candidates", {"member": "target"})
        if not self.is_vacancy and self.target == "candidates":
            raise PydanticCustomError("target_of_candidate", "vacancies", {"member": "target"})
        if self.requirements is not None and not self.is_vacancy:
            raise PydanticCustomError(
                "requirements_of_vacancy", "of a vacancy only", {"member": "requirements"}
            )
        return self

    @property
    def is_vacancy(self) -> bool:
        """Whether a vacancy asks."""
        return self.vacancy_id is not None or self.vacancy is not None


class ScoreNode(Answered):
    """A part of a score; the points of the leaves sum to those of the whole."""

    name: str = Field(description="part, or handle of a requirement")
    points: float = Field(description="what it adds")
    out_of: float = Field(description="the most that it can add")
    state: StateName | None = Field(description="of a single thing asked for")
    children: list[ScoreNode] = Field(description="its parts")


class MatchScores(Answered):
    """The three scores, 0-100."""

    meets_vacancy: float = Field(description="how far the candidate meets the vacancy")
    meets_wishes: float | None = Field(
        description="how far the vacancy meets the candidate's wishes; null where none are stated"
    )
    both: float = Field(description="both together; hits are ordered by it")


class MatchFinding(Answered):
    """How one requirement stands."""

    handle: str = Field(description="the requirement")
    label: Words = Field(description="its name")
    strength: Strength = Field(description="how strongly it is meant")
    source: str = Field(description="part of the profile that says so, or empty")
    quote: str = Field(description="the profile's own words, or empty")
    span: CharacterSpan | None = Field(description="where they stand in that part")
    by: Words | None = Field(description="what meets it where that is something else")


class NextAction(Answered):
    """The one thing that would raise the score most."""

    kind: Literal["state", "acquire"] = Field(
        description="state what is unknown, or acquire what is missing"
    )
    handle: str = Field(description="the requirement")
    label: Words = Field(description="its name")
    gain: float = Field(description="points that it would add to `both`")


class MatchHit(Answered):
    """One match. Of candidates the names of employers and schools are masked."""

    id: str = Field(description="`candidate:…`, `vacancy:…` or `role:9`")
    rank: int = Field(description="from 1")
    title: HitTitle = Field(description="headline, title of the vacancy, or role")
    summary: HitTitle = Field(description="beginning of the profile or posting, duty of a role")
    scores: MatchScores = Field(description="the three scores")
    explanation: ScoreNode = Field(description="the tree of `both`")
    met: list[MatchFinding] = Field(description="requirements that are met")
    missing: list[MatchFinding] = Field(description="requirements that are not")
    unknown: list[MatchFinding] = Field(description="requirements on which nothing is said")
    gap: list[Words] = Field(description="skills asked for and not found, what counts most first")
    next_action: NextAction | None = Field(description="null where nothing is left")
    passages: dict[str, str] = Field(description="parts of the profile that quotes stand in")
    benefits: list[BenefitNotice] = Field(description="measures that the pair may raise")
    benefit_counts: dict[str, int] = Field(
        description="how many measures there are by standing; the most useful are shown"
    )
    url: str = Field(description="where to read more")


class CounterfactualCount(Answered):
    """How many more would qualify without one hard requirement."""

    handle: str = Field(description="the requirement")
    label: Words = Field(description="its name")
    more: int = Field(description="how many more")


class LinkedRole(Answered):
    """The catalogue role of a vacancy."""

    number: int = Field(description="row of the catalogue")
    title: Words = Field(description="its title")
    is_declared: bool = Field(description="stated in the vacancy; else linked by us")
    confidence: float = Field(description="0-1: chance that the link is right; 1 when declared")
    evidence: list[EvidenceItem] = Field(description="why it was linked")


class AppliedWeights(Answered):
    """Weights of the parts: ours, yours, and what was used for this vacancy (of one that asks)."""

    suggested: dict[str, float] = Field(description="fitted; they sum to 100")
    preferred: dict[str, float] = Field(description="sent")
    applied: dict[str, float] = Field(
        description="used, over the parts that the vacancy speaks of; empty where a candidate asks, "
        "since each vacancy speaks of other parts"
    )


class MatchAnswer(Answered):
    """The answer to a match."""

    target: Literal["candidates", "vacancies", "roles"] = Field(description="what was looked for")
    requirements: list[MatchRequirement] = Field(
        description="how the vacancy was read; send them back, edited. Empty where a candidate asks"
    )
    role: LinkedRole | None = Field(description="the vacancy's catalogue role, if one fits")
    hits: list[MatchHit] = Field(description="best first; ties by id")
    total: int = Field(description="how many were ranked")
    qualified: int = Field(description="how many pass every hard requirement")
    excluded: int = Field(description="how many do not")
    counterfactuals: list[CounterfactualCount] = Field(
        description="for each hard requirement, how many more would qualify without it"
    )
    weights: AppliedWeights = Field(description="weights of the parts")
    next: str | None = Field(description="cursor of the following hits, or null")
    versions: dict[str, str] = Field(description="catalogue, skills, model and matching used")
    as_of: date = Field(description="date whose rules were applied")
