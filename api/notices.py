"""Screened measures as an answer shows them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import islice
from typing import Any, Literal, Protocol

from api.v1.benefit_schemas import (
    BenefitCondition,
    BenefitDetail,
    BenefitNotice,
    BenefitPeriod,
    SourceSlip,
)
from api.v1.schema_base import SourceDocument, Words
from api.wording import wording
from search.benefits.book import Book
from search.benefits.facts import FactValue, Members, OneOf
from search.benefits.options import options
from search.benefits.screening import Finding, Screened
from search.benefits.verdicts import Truth
from taxonomies.benefits import FACTS, Document
from taxonomies.facts import FactKind
from taxonomies.models import Role
from taxonomies.regions import load_elsewhere, load_regions

#: What a condition's state is called in an answer.
STATES: Mapping[Truth, Literal["met", "not_met", "unknown"]] = {
    Truth.TRUE: "met",
    Truth.FALSE: "not_met",
    Truth.UNKNOWN: "unknown",
}
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


def place_name(code: str) -> Words:
    """Return the name of a region with the city that it lies in: districts of two cities share names."""
    name, region = region_name(code), load_regions().get(code)
    if region is None or region.level != "district":
        return name
    city = region_name(region.parent)
    return Words(zh=f"{city.zh} · {name.zh}", en=f"{city.en} · {name.en}")


@dataclass(frozen=True)
class HitMeasures:
    """The measures that a hit raises.

    Attributes:
        shown: the most useful.
        counts: standing to how many there are in all.
    """

    shown: tuple[BenefitNotice, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Measures:
    """What roles raise on a day, as answers show it.

    Attributes:
        book: the measures.
        as_of: the day whose standing is asked for.
    """

    book: Book
    as_of: date

    def of_roles(self, numbers: Iterable[int], region_codes: frozenset[str]) -> HitMeasures:
        """Return the measures that any of some roles raises, each once, the most useful shown.

        Args:
            numbers: rows of the catalogue.
            region_codes: the places in question, any of which will do; none means that none is known.
        """
        found: dict[str, Screened] = {}
        for number in list(numbers)[:ROLES_AT_MOST]:
            for one in self.book.for_role(number, region_codes, as_of=self.as_of):
                found.setdefault(one.benefit.id, one)
        counts = Counter(one.standing.value for one in found.values())
        shown = tuple(benefit_notice(one) for one in islice(found.values(), SHOWN))
        return HitMeasures(shown, counts)

    def of_role(
        self, role: Role, region_codes: frozenset[str]
    ) -> tuple[list[BenefitDetail], dict[str, int]]:
        """Return the most useful measures that a role raises, with all that is known of them.

        Returns:
            the measures, and by standing how many there are in all.
        """
        found = self.book.for_role(role.number, region_codes, as_of=self.as_of)
        counts = Counter(one.standing.value for one in found)
        return [benefit_detail(one) for one in found[:SHOWN_OF_ROLE]], dict(counts)


#: Measures that a hit shows; the rest is counted.
SHOWN = 6
#: Measures that the page of a role shows.
SHOWN_OF_ROLE = 40
#: Roles of a hit whose measures are looked at.
ROLES_AT_MOST = 3


@lru_cache(maxsize=2048)
def benefit_notice(item: Screened) -> BenefitNotice:
    """Return a screened measure as a list shows it."""
    return BenefitNotice(**_brief(item))


def source_document(document: Document) -> SourceDocument:
    """Return a published document as an answer shows it."""
    return SourceDocument(
        title=document.title,
        number=document.number,
        issuers=list(document.issuers),
        dated=document.dated,
        file=document.file,
    )


def _brief(item: Screened) -> dict[str, Any]:
    benefit = item.benefit
    return {
        "id": benefit.id,
        "name": words(benefit.name),
        "standing": item.standing.value,
        "verdict": item.verdict.value,
        "in_force": _DECIDED[item.in_force],
        "text": words(item.text),
        "amount": words(item.amount),
        "jurisdiction": benefit.jurisdiction,
        "jurisdiction_name": region_name(benefit.jurisdiction),
        "open_conditions": [benefit_condition(finding) for finding in item.open_conditions],
        "clause": benefit.quote,
        "document": source_document(benefit.document),
    }


def benefit_detail(item: Screened) -> BenefitDetail:
    """Return a screened measure with all that is known of it."""
    benefit, period = item.benefit, item.benefit.period
    return BenefitDetail(
        **_brief(item),
        status=benefit.status.value.value,
        status_word=benefit.status.word,
        discretion=benefit.discretion.value,
        form=benefit.form.value,
        beneficiaries=list(benefit.beneficiaries),
        met_conditions=[benefit_condition(finding) for finding in item.met_conditions],
        failed_conditions=[benefit_condition(finding) for finding in item.failed_conditions],
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


def benefit_condition(finding: Finding) -> BenefitCondition:
    """Return a condition under what is known."""
    return BenefitCondition(
        label=words(finding.label),
        state=STATES[finding.state],
        facts=list(finding.facts),
        known={name: said(name, value) for name, value in finding.used.items()},
        clauses=list(finding.clauses),
        is_scope=finding.is_scope,
    )


def said(name: str, value: FactValue) -> Words:
    """Return what is known of a fact as a reader is told it."""
    if isinstance(value, bool):
        return in_both("check.yes" if value else "check.no")
    if isinstance(value, Members):
        held, lacking = (_named(name, sorted(part)) for part in (value.held, value.lacking))
        parts = [held] if value.held else []
        if value.lacking:
            parts.append(in_both("benefits.lacking", lacking))
        return _joined(parts, "semicolon")
    if isinstance(value, OneOf):
        return _named(name, sorted(value.values))
    return _named(name, [str(value)])


def _named(name: str, values: Iterable[str]) -> Words:
    labels = {option.value: option.label for option in options(name)}
    is_place = FACTS[name] is FactKind.REGION
    found = [
        region_name(value) if is_place else words(labels.get(value) or Words(zh=value, en=value))
        for value in values
    ]
    return _joined(found, "list_mark")


def in_both(key: str, value: Words | None = None) -> Words:
    """Return a text of the locale files in both languages, with a value in its place."""
    zh = wording("zh")(key, value=value.zh) if value else wording("zh")(key)
    en = wording("en")(key, value=value.en) if value else wording("en")(key)
    return Words(zh=zh, en=en)


def _joined(parts: Iterable[Words], mark: str) -> Words:
    parts = list(parts)
    zh, en = wording("zh")(mark), wording("en")(mark)
    return Words(zh=zh.join(part.zh for part in parts), en=en.join(part.en for part in parts))
