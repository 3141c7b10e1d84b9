"""One search from what was sent to what is answered; the HTTP interface and the pages both use it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from api import cursors
from api.access import Access
from api.addresses import record_url
from api.notices import HitMeasures, Measures, in_both, region_name, words
from api.readings import query_of, reading_of
from api.v1.schema_base import CharacterSpan, Words
from api.v1.schemas import (
    EvidenceItem,
    FacetCount,
    HitTitle,
    NoMatch,
    Question,
    ReadQuery,
    SearchAnswer,
    SearchBody,
    SearchFilters,
    SearchHit,
)
from search.backends.filters import Filter, Range, Term, conjunction
from search.models import Aspect, Reading, Strength, Target
from search.ranking.conditions import ASPECTS, education_rank
from search.ranking.evidence import label_of
from search.ranking.results import Evidence, Hit, SearchRequest, SearchResult, State
from search.records.models import AnyRecord, Candidate
from search.records.states import FINDABLE
from search.text.normalise import detect_language
from search.text.reading import read
from taxonomies.catalogue import load_catalogue
from taxonomies.models import Lang
from taxonomies.skills import load_skills

#: Attributes counted for each target.
FACETS: Mapping[Target, tuple[str, ...]] = {
    Target.ROLES: ("field", "skill"),
    Target.VACANCIES: ("field", "region", "skill", "employment"),
    Target.CANDIDATES: ("field", "region", "skill", "employment"),
}

_SUMMARY_LENGTH = 240


def answer(access: Access, body: SearchBody) -> SearchAnswer:
    """Answer a search.

    Raises:
        Problem: the cursor is none of ours.
    """
    offset = cursors.decode(body.cursor, _question(body))
    return answer_reading(access, understood(body), body, offset)


def answer_reading(access: Access, reading: Reading, body: SearchBody, offset: int) -> SearchAnswer:
    """Answer a search for a reading; `text`, `query` and `cursor` of the body are not looked at."""
    request = replace(
        request_of(reading, body), limit=body.limit, offset=offset, facets=FACETS[body.target]
    )
    result = access.search.search(request)
    if not offset:
        access.bole.search_log.note(access, body.target, body.filters.region, result)
    as_of = body.as_of or access.today()
    end = offset + len(result.hits)
    return SearchAnswer(
        query=query_of(result.reading),
        hits=_hits(access, result, body, Measures(access.book, as_of)),
        facets={name: facet(name, counts) for name, counts in result.facets.items()},
        total=result.total,
        next=cursors.encode(end, _question(body)) if result.hits and end < result.total else None,
        no_match=None if result.has_match else NoMatch(message=_no_match()),
        excluded=result.excluded,
        versions=dict(result.versions),
        as_of=as_of,
    )


def understood(question: Question) -> Reading:
    """Return the reading of what is asked: of its text, or the one that a client sent."""
    if question.text is not None:
        return read(question.text)
    return reading_of(question.query or ReadQuery())


def request_of(reading: Reading, question: Question) -> SearchRequest:
    """Return what the engine is asked; `text` and `query` of the question are not looked at."""
    return SearchRequest(
        reading=reading,
        target=question.target,
        condition=filter_of(question.filters, question.target),
        selected=selection_of(question.filters, question.target),
    )


def filter_of(filters: SearchFilters, target: Target) -> Filter:
    """Return the hard filter of a search, less what `selection_of` returns."""
    named = {name: values for name, values in _named(filters).items() if name not in FACETS[target]}
    if target.kind in FINDABLE:
        named["status"] = (FINDABLE[target.kind],)
    lowest = {
        "education": education_rank(filters.education_at_least)
        if filters.education_at_least
        else None,
        "years": filters.years_at_least,
        "pay_monthly_yuan": filters.pay_monthly_yuan_at_least,
    }
    terms: list[Filter] = [Term(name, values) for name, values in named.items() if values]
    ranges = [Range(name, at_least=low) for name, low in lowest.items() if low is not None]
    return conjunction([*terms, *ranges])


def selection_of(filters: SearchFilters, target: Target) -> dict[str, Filter]:
    """Return what was chosen in each facet, by its field."""
    named = _named(filters)
    return {name: Term(name, named[name]) for name in FACETS[target] if named[name]}


def _named(filters: SearchFilters) -> dict[str, tuple[str, ...]]:
    return {
        "field": tuple(filters.field),
        "region": tuple(filters.region),
        "skill": tuple(filters.skill),
        "role": tuple(str(number) for number in filters.role),
        "employment": tuple(filters.employment),
    }


def facet(name: str, counts: Mapping[str, int]) -> list[FacetCount]:
    """Return a facet with the names of its values."""
    return [
        FacetCount(value=value, label=value_label(name, value), count=count)
        for value, count in counts.items()
    ]


def value_label(field: str, value: str) -> Words:
    """Return the name of a value of a filter field."""
    match field:
        case "field":
            fields = {entry.code: entry.name for entry in load_catalogue().fields}
            return words(fields[value]) if value in fields else Words(zh=value, en=value)
        case "region":
            return region_name(value)
        case "skill":
            skill = load_skills().get(value)
            return words(skill.label) if skill else Words(zh=value, en=value)
        case "employment":
            return in_both(f"employment.{value}")
        case _:
            return Words(zh=value, en=value)


def _hits(
    access: Access, result: SearchResult, body: SearchBody, measures: Measures
) -> list[SearchHit]:
    places = frozenset(body.filters.region) or _places(result.reading)
    if body.target is Target.ROLES:
        unstated = _unstated(result.reading)
        return [_role_hit(hit, unstated, places, measures) for hit in result.hits]
    ids = [hit.doc_id.partition(":")[2] for hit in result.hits]
    shown = access.shown_all(access.get_many(ids))
    return [
        _record_hit(hit, shown[record_id], places, measures)
        for hit, record_id in zip(result.hits, ids, strict=True)
        # A record erased a moment ago is gone here before it is gone from the index.
        if record_id in shown
    ]


def _role_hit(
    hit: Hit, unstated: list[EvidenceItem], places: frozenset[str], measures: Measures
) -> SearchHit:
    number = int(hit.doc_id.removeprefix("role:"))
    role = load_catalogue().roles[number - 1]
    return _hit(
        hit,
        title=HitTitle(zh=role.title.zh, en=role.title.en, lang=None),
        summary=HitTitle(zh=role.duty.zh, en=role.duty.en, lang=None),
        measures=measures.of_roles((number,), places),
        url=f"/v1/roles/{number}",
        further=unstated,
    )


def _record_hit(
    hit: Hit, record: AnyRecord, places: frozenset[str], measures: Measures
) -> SearchHit:
    wished: tuple[str, ...] = ()
    if isinstance(record, Candidate):
        headline, text, roles = record.headline, record.summary, record.wishes.roles
        wished = record.wishes.regions
    else:
        headline, text, roles = record.title, record.text, (record.role,) if record.role else ()
    near = frozenset(wished or ((record.region,) if record.region else places))
    kind, _, record_id = hit.doc_id.partition(":")
    return _hit(
        hit,
        title=titled(headline),
        summary=titled(shortened(text)),
        measures=measures.of_roles(roles, near),
        url=record_url(kind, record_id),
    )


def _hit(
    hit: Hit,
    *,
    title: HitTitle,
    summary: HitTitle,
    measures: HitMeasures,
    url: str,
    further: Iterable[EvidenceItem] = (),
) -> SearchHit:
    # Built here from parts that are right by construction; a page of hits holds thousands of values.
    return SearchHit.model_construct(
        id=hit.doc_id,
        rank=hit.rank,
        score=hit.score,
        parts={name: round(value, 3) for name, value in hit.parts.items()},
        title=title,
        summary=summary,
        evidence=[*map(evidence_item, hit.evidence), *further],
        benefits=list(measures.shown),
        benefit_counts=dict(measures.counts),
        url=url,
    )


def _unstated(reading: Reading) -> list[EvidenceItem]:
    """Return what a row of the catalogue never states: place, years, education and language."""
    mentions = {
        (m.aspect, m.value): m
        for aspect in ASPECTS
        for m in reading.of(aspect)
        if m.strength is not Strength.BANNED
    }
    return [
        evidence_item(Evidence(mention.aspect.value, State.UNKNOWN, label_of(mention)))
        for mention in mentions.values()
    ]


def evidence_item(item: Evidence) -> EvidenceItem:
    """Return evidence as an answer shows it."""
    span = item.span
    return EvidenceItem(
        aspect=item.aspect,
        state=item.state.value,
        label=words(item.label),
        source=item.source,
        quote=item.quote,
        span=CharacterSpan.model_construct(start=span.start, end=span.end) if span else None,
        relation=item.relation,
    )


def _places(reading: Reading) -> frozenset[str]:
    wanted = (m for m in reading.of(Aspect.PLACE) if m.strength is not Strength.BANNED)
    return frozenset(mention.value for mention in wanted)


def titled(text: str) -> HitTitle:
    """Return a record's own words under both languages."""
    lang: Lang = "en" if detect_language(text) == "en" else "zh"
    return HitTitle(zh=text, en=text, lang=lang)


def shortened(text: str) -> str:
    """Return the beginning of a text in one line."""
    flat = " ".join(text.split())
    return flat if len(flat) <= _SUMMARY_LENGTH else flat[: _SUMMARY_LENGTH - 1] + "\u2026"


def _question(body: SearchBody) -> str:
    """Write out all that decides the order of the answers."""
    return body.model_dump_json(exclude={"cursor", "limit", "as_of", "lang"})


def _no_match() -> Words:
    return in_both("no_match.message")
