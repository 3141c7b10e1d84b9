"""Screened measures as an answer shows them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from api.v1.benefit_schemas import BenefitCondition, BenefitNotice, BenefitPeriod, SourceSlip
from api.v1.schema_base import SourceDocument, Words
from search.benefits.screening import Finding, Screened
from search.benefits.verdicts import Truth
from search.benefits.wording import Standing
from taxonomies.benefits import Document
from taxonomies.regions import load_elsewhere, load_regions

_DECIDED = {Truth.TRUE: True, Truth.FALSE: False, Truth.UNKNOWN: None}


class Bilingual(Protocol):
    """Anything said in both languages."""

    @property
    def zh(self) -> str:
        """In Chinese."""

    @property
    def en(self) -> str:
        """In English."""


def words(text: Bilingual) -> Words:
    """Return a text in both languages as an answer shows it."""
    return Words(zh=text.zh, en=text.en)


def region_name(code: str) -> Words:
    """Return the name of a region, or its code where no release knows it."""
    region = load_regions().get(code) or load_elsewhere().get(code)
    return words(region.label) if region else Words(zh=code, en=code)


def notices(screened: Iterable[Screened]) -> list[BenefitNotice]:
    """Return the measures that may apply, in the order given; those that cannot are left out."""
    return [_notice(item) for item in screened if item.standing is not Standing.DOES_NOT_APPLY]


def source_document(document: Document) -> SourceDocument:
    """Return a published document as an answer shows it."""
    return SourceDocument(
        title=document.title,
        number=document.number,
        issuers=list(document.issuers),
        dated=document.dated,
        file=document.file,
    )


def _notice(item: Screened) -> BenefitNotice:
    benefit, period = item.benefit, item.benefit.period
    return BenefitNotice(
        id=benefit.id,
        name=words(benefit.name),
        standing=item.standing.value,
        in_force=_DECIDED[item.in_force],
        text=words(item.text),
        amount=words(item.amount),
        status=benefit.status.value.value,
        status_word=benefit.status.word,
        discretion=benefit.discretion.value,
        form=benefit.form.value,
        beneficiaries=list(benefit.beneficiaries),
        jurisdiction=benefit.jurisdiction,
        jurisdiction_name=region_name(benefit.jurisdiction),
        open_conditions=[_condition(finding) for finding in item.open_conditions],
        met_conditions=[_condition(finding) for finding in item.met_conditions],
        clause=benefit.quote,
        heading_path=list(benefit.heading_path),
        document=source_document(benefit.document),
        period=BenefitPeriod(
            start=period.start, end=period.end, basis=period.basis, quote=period.quote
        ),
        source_errors=[
            SourceSlip(printed=slip.printed, note=words(slip.note)) for slip in benefit.source_errors
        ],
        note=words(benefit.note) if benefit.note else None,
    )


def _condition(finding: Finding) -> BenefitCondition:
    return BenefitCondition(
        label=words(finding.label), clauses=list(finding.clauses), is_scope=finding.is_scope
    )
