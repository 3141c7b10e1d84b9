"""Public measures as `/v1` shows them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from api.v1.schema_base import Answered, SourceDocument, Words


class BenefitCondition(Answered):
    """A condition of a measure."""

    label: Words = Field(description="the condition as a statement")
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
    standing: Literal[
        "applies_if_open", "encouraged_only", "planned_only", "not_yet_in_force", "ended"
    ] = Field(description="how it stands on `as_of`; none of them says that it is due")
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
    heading_path: list[str] = Field(description="headings above the clause, verbatim")
    period: BenefitPeriod = Field(description="when it is in force")
    source_errors: list[SourceSlip] = Field(description="slips of the source")
    note: Words | None = Field(description="remark of ours")
