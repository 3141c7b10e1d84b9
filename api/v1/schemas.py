"""A search and its answer: every field described, every request with an example that a test sends."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, StringConstraints, ValidationInfo, model_validator
from pydantic_core import PydanticCustomError

from api.codes import (
    STORED,
    EducationLevel,
    FieldCode,
    RegionCode,
    RowNumber,
    SkillId,
    check_condition,
)
from api.v1.benefit_schemas import BenefitNotice
from api.v1.schema_base import (
    TEXT_AT_MOST,
    Answered,
    CharacterSpan,
    Cursor,
    Given,
    IsoDate,
    LangCode,
    Pay,
    Words,
    Years,
    examples,
)
from search.models import Aspect, Strength, Target
from search.records.models import Employment

QueryText = Annotated[str, StringConstraints(strip_whitespace=False, max_length=TEXT_AT_MOST)]
PageSize = Annotated[int, Field(strict=True, ge=1, le=100)]


class ReadCondition(Given):
    """One condition as it was read out of the text, or as a client edited it."""

    aspect: Aspect = Field(description="what it is about")
    value: Annotated[str, StringConstraints(min_length=1, max_length=80)] = Field(
        description="skill id, row number, region code, education level, human language (a skill id), "
        "or a number of years"
    )
    label: Words | None = Field(default=None, description="its name; ignored when sent")
    strength: Strength = Field(
        default=Strength.FAVOURED,
        description="required excludes what fails it, favoured and optional rank, banned excludes what has it",
    )
    span: CharacterSpan | None = Field(default=None, description="where it stands in the text")
    quote: Annotated[str, StringConstraints(max_length=300)] = Field(
        default="", description="the words as written"
    )
    confidence: Annotated[float, Field(ge=0, le=1, strict=True, allow_inf_nan=False)] = Field(
        default=1.0, description="1 for a name found as it is"
    )
    via: Literal["label", "pinyin", "typo"] = Field(
        default="label", description="how the words led to the value"
    )
    at_most: Years | None = Field(default=None, description="upper bound of a range of years")

    @model_validator(mode="after")
    def _value_is_known(self, info: ValidationInfo) -> Self:
        if info.context is not STORED:
            check_condition(self.aspect, self.value)
        if self.span and self.span.start > self.span.end:
            raise PydanticCustomError(
                "span_order", "the span ends before it begins", {"member": "span"}
            )
        return self


class ReadQuery(Given):
    """How a text is understood. Send it back with changed `conditions` to search for that instead."""

    text: QueryText = Field(default="", description="the text; empty when only conditions count")
    lang: Literal["zh", "en", "mixed"] | None = Field(
        default=None, description="language of the text; worked out when left open"
    )
    conditions: Annotated[tuple[ReadCondition, ...], Field(max_length=200)] = Field(
        default=(), description="in the order of the text"
    )

    @model_validator(mode="after")
    def _spans_lie_in_the_text(self) -> ReadQuery:
        if any(c.span and c.span.end > len(self.text) for c in self.conditions):
            raise PydanticCustomError("span_outside", "a span ends after the text does")
        return self


class SearchFilters(Given):
    """Hard filters: what does not state a value does not pass. Several values of one filter: any of them."""

    field: Annotated[tuple[FieldCode, ...], Field(max_length=50)] = Field(
        default=(), description="fields of the catalogue"
    )
    region: Annotated[tuple[RegionCode, ...], Field(max_length=50)] = Field(
        default=(), description="regions, districts within them included"
    )
    skill: Annotated[tuple[SkillId, ...], Field(max_length=50)] = Field(
        default=(), description="skill concepts; one of them is enough"
    )
    role: Annotated[tuple[RowNumber, ...], Field(max_length=50)] = Field(
        default=(), description="rows of the catalogue"
    )
    education_at_least: EducationLevel | None = Field(
        default=None, description="lowest level of education"
    )
    years_at_least: Years | None = Field(default=None, description="fewest years of experience")
    pay_monthly_yuan_at_least: Pay | None = Field(
        default=None, description="lowest pay, yuan a month"
    )
    employment: Annotated[tuple[Employment, ...], Field(max_length=4)] = Field(
        default=(), description="forms of employment"
    )


class Question(Given):
    """What is searched for: either a text or a reading, among what, under which filters."""

    text: Annotated[QueryText, Field(min_length=1)] | None = Field(
        default=None, description="a title, skills, a sentence, a posting or a résumé, zh or en"
    )
    query: ReadQuery | None = Field(default=None, description="a reading, edited by the client")
    target: Target = Field(default=Target.ROLES, description="what to look for")
    filters: SearchFilters = Field(default=SearchFilters(), description="hard filters")

    @model_validator(mode="after")
    def _asks_one_thing(self) -> Self:
        if (self.text is None) == (self.query is None):
            raise PydanticCustomError(
                "text_or_query", "send either text or query", {"member": "text"}
            )
        if self.text is not None and not self.text.strip():
            raise PydanticCustomError("blank_text", "the text is blank", {"member": "text"})
        if self.query is not None and not self.query.text.strip() and not self.query.conditions:
            raise PydanticCustomError("blank_query", "the query is empty", {"member": "query"})
        return self


class SearchBody(Question):
    """What to search for: either `text`, or the `query` of an earlier answer, edited."""

    model_config = ConfigDict(json_schema_extra={"examples": examples("SearchBody")})

    limit: PageSize = Field(default=10, description="most hits in the answer")
    cursor: Cursor | None = Field(default=None, description="`next` of the answer before")
    as_of: IsoDate | None = Field(
        default=None, description="date whose rules apply to benefits; today"
    )
    lang: LangCode | None = Field(
        default=None, description="language of messages within the answer"
    )


class EvidenceItem(Answered):
    """One reason for or against a hit."""

    aspect: str = Field(description="title, skill, place, years, education, language or text")
    state: Literal["found", "missing", "unknown"] = Field(description="unknown is not missing")
    label: Words = Field(description="the condition")
    source: str = Field(description="part of the document that was looked at, or empty")
    quote: str = Field(description="the document's own words, or empty")
    span: CharacterSpan | None = Field(description="where the quote stands in that part")
    relation: str = Field(description="for a role's skill: essential or optional")


class HitTitle(Answered):
    """What a hit is called; a record is written in one language, which then stands under both keys."""

    zh: str = Field(description="in Chinese")
    en: str = Field(description="in English")
    lang: Literal["zh", "en"] | None = Field(description="language of a record; null for a role")


class SearchHit(Answered):
    """One answer."""

    id: str = Field(description="`role:9`, `candidate:…` or `vacancy:…`")
    rank: int = Field(description="from 1")
    score: float = Field(description="0-100: chance in percent that a judge would call it relevant")
    parts: dict[str, float] = Field(description="what each part of the formula added, in log-odds")
    title: HitTitle = Field(description="title or headline")
    summary: HitTitle = Field(description="duty of a role, beginning of a profile or posting")
    evidence: list[EvidenceItem] = Field(description="why, and what is missing or unknown")
    benefits: list[BenefitNotice] = Field(description="measures that may apply")
    benefit_counts: dict[str, int] = Field(
        description="how many measures there are by standing; the most useful are shown"
    )
    url: str = Field(description="where to read more")


class FacetCount(Answered):
    """One value of a facet."""

    value: str = Field(description="code to filter by")
    label: Words = Field(description="its name")
    count: int = Field(description="documents with this value among those that pass the filter")


class NoMatch(Answered):
    """Said when even the best hit is unlikely to be what was asked for."""

    message: Words = Field(description="the plain statement")


class SearchAnswer(Answered):
    """The answer to a search."""

    query: ReadQuery = Field(description="how the text was understood")
    hits: list[SearchHit] = Field(description="best first; ties by id")
    facets: dict[str, list[FacetCount]] = Field(description="per field, values and counts")
    total: int = Field(description="documents considered")
    next: str | None = Field(description="cursor of the following hits, or null")
    no_match: NoMatch | None = Field(description="null when there is a match")
    excluded: int = Field(description="documents ruled out by required or banned conditions")
    versions: dict[str, str] = Field(description="catalogue, skills, model and ranking used")
    as_of: date = Field(description="date whose rules were applied")
