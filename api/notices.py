"""Screened measures as an answer shows them."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any, Protocol

from api.v1.benefit_schemas import (
    BenefitCondition,
    BenefitDetail,
    BenefitNotice,
    BenefitPeriod,
    SourceSlip,
)
from api.v1.schema_base import SourceDocument, Words
from search.benefits.screening import Finding, Screened, for_role
from search.benefits.verdicts import Truth
from taxonomies.benefits import Document
from taxonomies.models import Role
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


@lru_cache(maxsize=4096)
def notices(role: Role, region_codes: frozenset[str], as_of: date) -> tuple[BenefitNotice, ...]:
    """Return the measures that a role raises on a date, the most useful first, as a hit shows them.

    Args:
        role: a row of the catalogue.
        region_codes: the places in question, any of which will do; none means that no place is known.
        as_of: the day whose standing is asked for.
    """
    return tuple(
        BenefitNotice(**_brief(item)) for item in for_role(*_key(role), region_codes, as_of=as_of)
    )


def details(role: Role, region_codes: frozenset[str], as_of: date) -> list[BenefitDetail]:
    """Return the same measures with all that is known of them."""
    return [_detail(item) for item in for_role(*_key(role), region_codes, as_of=as_of)]


def source_document(document: Document) -> SourceDocument:
    """Return a published document as an answer shows it."""
    return SourceDocument(
        title=document.title,
        number=document.number,
        issuers=list(document.issuers),
        dated=document.dated,
        file=document.file,
    )


def _key(role: Role) -> tuple[int, str]:
    return role.number, role.field.code


def _brief(item: Screened) -> dict[str, Any]:
    benefit = item.benefit
    return {
        "id": benefit.id,
        "name": words(benefit.name),
        "standing": item.standing.value,
        "in_force": _DECIDED[item.in_force],
        "text": words(item.text),
        "amount": words(item.amount),
        "jurisdiction": benefit.jurisdiction,
        "jurisdiction_name": region_name(benefit.jurisdiction),
        "open_conditions": [_condition(finding) for finding in item.open_conditions],
        "clause": benefit.quote,
        "document": source_document(benefit.document),
    }


def _detail(item: Screened) -> BenefitDetail:
    benefit, period = item.benefit, item.benefit.period
    return BenefitDetail(
        **_brief(item),
        status=benefit.status.value.value,
        status_word=benefit.status.word,
        discretion=benefit.discretion.value,
        form=benefit.form.value,
        beneficiaries=list(benefit.beneficiaries),
        met_conditions=[_condition(finding) for finding in item.met_conditions],
        heading_path=list(benefit.heading_path),
        period=BenefitPeriod(
            start=period.start, end=period.end, basis=period.basis, quote=period.quote
        ),
        source_errors=[
            SourceSlip(printed=slip.printed, note=words(slip.note))
            for slip in benefit.source_errors
        ],
        note=words(benefit.note) if benefit.note else None,
    )


def _condition(finding: Finding) -> BenefitCondition:
    return BenefitCondition(
        label=words(finding.label), clauses=list(finding.clauses), is_scope=finding.is_scope
    )
