"""Public measures as `/v1` shows them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from api.v1.schema_base import (
    Answered,
    Given,
    IsoDate,
    LangCode,
    SourceDocument,
    Words,
    examples,
)
from taxonomies.benefits import Beneficiary

StandingName = Literal[
    "applies",
    "applies_if_open",
    "encouraged_only",
    "planned_only",
    "not_yet_in_force",
    "ended",
    "does_not_apply",
]


class BenefitCondition(Answered):
    """A condition of a measure."""

    label: Words = Field(description="the condition as a statement")
    state: Literal["met", "not_met", "unknown"] = Field(description="whether it holds")
    facts: list[str] = Field(description="names of the facts that decide it")
    known: dict[str, Words] = Field(description="those of them that are known, with what is known")
    clauses: list[str] = Field(description="the passages that ask for it, verbatim")
    is_scope: bool = Field(
        description="true: says whom and where the text is about, not printed as a condition"
    )


class BenefitPeriod(Answered):
    """When a measure is in force, to the precision printed; `not_stated` where nothing is."""

    start: str = Field(description="first day, month or year")
    end: str = Field(description="last day, month or year")
    basis: str = Field(description="plan: the whole plan's period; measure: its own")
    quote: str = Field(description="the words that give it, verbatim")


class SourceSlip(Answered):
    """A slip of the source, kept as printed."""

    printed: str = Field(description="as printed")
    note: Words = Field(description="what is odd about it")


class BenefitNotice(Answered):
    """A public measure that may apply if its open conditions are met; never money already granted."""

    id: str = Field(description="id of the measure")
    name: Words = Field(description="its name")
    standing: StandingName = Field(
        description="how it stands on `as_of`; none of them says that it is due"
    )
    verdict: Literal["eligible", "ineligible", "unknown"] = Field(
        description="eligible: granted, in force and every condition met by a known fact"
    )
    in_force: bool | None = Field(description="on `as_of`; null where no period is stated")
    text: Words = Field(description="one sentence for the reader")
    amount: Words = Field(description="what the text gives, or that it states no amount")
    jurisdiction: str = Field(description="code of the region whose measure it is")
    jurisdiction_name: Words = Field(description="its name")
    open_conditions: list[BenefitCondition] = Field(description="may apply, if these are met")
    clause: str = Field(description="the deciding passage, verbatim")
    document: SourceDocument = Field(description="where it is published")


class BenefitDetail(BenefitNotice):
    """A public measure with all that is known of it."""

    status: Literal["granted", "planned", "encouraged"] = Field(description="status by wording")
    status_word: str = Field(description="the word that decides it, verbatim")
    discretion: str = Field(description="none, may, case_by_case, as_regulated or as_agreed")
    form: str = Field(description="grant, subsidy, reward, loan, tax, …")
    beneficiaries: list[str] = Field(description="person, employer, team, …")
    met_conditions: list[BenefitCondition] = Field(description="met by what is known")
    failed_conditions: list[BenefitCondition] = Field(description="contradicted by what is known")
    heading_path: list[str] = Field(description="headings above the clause, verbatim")
    period: BenefitPeriod = Field(description="when it is in force")
    source_errors: list[SourceSlip] = Field(description="slips of the source")
    note: Words | None = Field(description="remark of ours")


class BenefitList(Answered):
    """A page of measures."""

    items: list[BenefitNotice] = Field(description="the most useful first")
    total: int = Field(description="how many there are in all")
    counts: dict[str, int] = Field(description="how many by standing, of all that the filters pass")
    next: str | None = Field(description="cursor of the next page; null on the last")
    as_of: IsoDate = Field(description="date whose rules apply")


class FactOption(Answered):
    """A value that a fact can have."""

    value: str = Field(description="what to send")
    label: Words = Field(description="what it is called; the Chinese name is understood as well")


class FactItem(Answered):
    """Something that conditions ask for."""

    name: str = Field(description="what to send it as")
    kind: Literal["flag", "number", "code", "members", "region", "text"] = Field(
        description="members: an open set; what is not said to be in it may still be in it"
    )
    question: Words = Field(description="what a person is asked")
    options: list[FactOption] = Field(description="values that some measure asks for")
    measures: int = Field(description="how many measures ask for it")


class FactList(Answered):
    """All facts."""

    items: list[FactItem] = Field(description="in the order in which they are best asked")


class BenefitCheckBody(Given):
    """Facts about person, employer, role, place and so on; what is not said stays unknown."""

    model_config = ConfigDict(json_schema_extra={"examples": examples("BenefitCheckBody")})

    facts: dict[str, Any] = Field(
        description="by dotted name or nested by subject, for example "
        '{"place": "Jiaxing", "person": {"newly_hired": true}}; see GET /v1/benefits/facts',
        max_length=200,
    )
    as_of: IsoDate | None = Field(default=None, description="date whose rules apply; today")
    benefit: Annotated[tuple[str, ...], Field(max_length=200)] = Field(
        default=(), description="only these measures; all, where none is named"
    )
    beneficiary: Annotated[tuple[Beneficiary, ...], Field(max_length=6)] = Field(
        default=(), description="only measures for these: person, employer, team, …"
    )
    standing: Annotated[tuple[StandingName, ...], Field(max_length=7)] = Field(
        default=(), description="only those that stand so; `counts` speak of all"
    )
    limit: Annotated[int, Field(strict=True, ge=1, le=500)] = Field(
        default=100, description="most measures in the answer"
    )
    lang: LangCode | None = Field(default=None, description="language of messages")


class BenefitQuestion(Answered):
    """A fact that is worth asking for."""

    fact: str = Field(description="its name")
    question: Words = Field(description="what to ask")
    settles: int = Field(description="how many open verdicts some answer decides")
    alone: int = Field(description="how many of these every answer decides")
    benefits: list[str] = Field(description="ids of the measures that it helps to decide")


class BenefitMiss(Answered):
    """A measure that is missed by little."""

    id: str = Field(description="id of the measure")
    name: Words = Field(description="its name")
    failed: list[BenefitCondition] = Field(description="what is not met, with what is known of it")


class BenefitCheck(Answered):
    """Every measure under what is known, with what would settle the open ones."""

    as_of: IsoDate = Field(description="date whose rules apply")
    known: dict[str, Words] = Field(description="what is known, with what follows from it")
    counts: dict[str, int] = Field(description="how many measures by standing")
    verdicts: dict[str, int] = Field(description="how many measures by verdict")
    total: int = Field(description="how many measures `results` would hold without a limit")
    results: list[BenefitDetail] = Field(description="granted ones first, then by standing")
    questions: list[BenefitQuestion] = Field(description="what settles most verdicts first")
    nearest_misses: list[BenefitMiss] = Field(description="granted, in force and missed by least")
