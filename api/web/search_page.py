"""The search page as its template needs it: chips, filters, cards and pages, all of them links."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from api.access import Access
from api.readings import handle_of, query_of, without
from api.search_answers import FACETS, answer_reading, value_label
from api.v1.benefit_schemas import BenefitNotice
from api.v1.schema_base import Words
from api.v1.schemas import (
    FacetCount,
    ReadCondition,
    SearchAnswer,
    SearchBody,
    SearchFilters,
    SearchHit,
)
from api.web.links import PAGE_SIZE, PAGES_AT_MOST, SearchState
from search.models import Reading
from search.ranking.score import MATCH_AT_LEAST
from search.text.reading import read
from taxonomies.levels import load_education
from taxonomies.models import Level

#: Lower bounds of the words for a score.
_BANDS = ((75.0, "strong"), (50.0, "good"), (MATCH_AT_LEAST, "possible"), (0.0, "weak"))
Notice = TypeVar("Notice", bound=BenefitNotice)

#: Values of a facet that are shown before "more".
SHOWN = 6


@dataclass(frozen=True)
class Chip:
    """A condition of the reading, and the address without it."""

    condition: ReadCondition
    url: str


@dataclass(frozen=True)
class Option:
    """A value of a filter that can be ticked."""

    value: str
    label: Words
    count: int | None
    is_chosen: bool


@dataclass(frozen=True)
class FilterGroup:
    """A filter with its values, the most frequent first; `more` are those not shown at once."""

    name: str
    options: Sequence[Option]
    more: Sequence[Option]


@dataclass(frozen=True)
class Chosen:
    """A filter that is set, and the address without it."""

    name: str
    label: Words | None
    value: str
    url: str


@dataclass(frozen=True)
class Card:
    """A hit as a card shows it."""

    hit: SearchHit
    band: str
    url: str
    met: int
    asked: int
    is_likely: bool
    current: Sequence[BenefitNotice]
    ended: Sequence[BenefitNotice]


@dataclass(frozen=True)
class Step:
    """A page of results to go to; `url` is empty for the one shown and for a gap (`number` 0)."""

    number: int
    url: str


@dataclass(frozen=True)
class ResultsPage:
    """Everything below the search box."""

    answer: SearchAnswer
    chips: Sequence[Chip]
    dropped: Sequence[ReadCondition]
    restore_url: str
    cards: Sequence[Card]
    groups: Sequence[FilterGroup]
    chosen: Sequence[Chosen]
    clear_url: str
    steps: Sequence[Step]
    pages: int
    levels: Sequence[Level]


def asked(state: SearchState) -> tuple[Reading, SearchBody]:
    """Return what a state asks: the reading without what was taken out of it, and the question."""
    reading = without(read(state.q or ""), set(state.drop))
    body = SearchBody(
        text=state.q,
        target=state.target,
        limit=PAGE_SIZE,
        filters=SearchFilters(
            field=state.field,
            region=state.region,
            skill=state.skill,
            employment=state.employment,
            education_at_least=state.education,
            years_at_least=state.years,
        ),
    )
    return reading, body


def results_page(access: Access, state: SearchState) -> ResultsPage:
    """Answer the search of a state."""
    full = read(state.q or "")
    reading, body = asked(state)
    answer = answer_reading(access, reading, body, (state.page - 1) * PAGE_SIZE)
    pages = max(1, min(-(-answer.total // PAGE_SIZE), PAGES_AT_MOST))
    return ResultsPage(
        answer=answer,
        chips=_chips(reading, state),
        dropped=_dropped(full, reading),
        restore_url=state.restored().url(),
        cards=[_card(hit, state) for hit in answer.hits],
        groups=[_group(name, answer.facets.get(name, []), state) for name in FACETS[state.target]],
        chosen=_chosen(state),
        clear_url=state.without_filters().url(),
        steps=_steps(state, pages),
        pages=pages,
        levels=load_education(),
    )


def band_of(score: float) -> str:
    """Return the word for a score."""
    return next(name for low, name in _BANDS if score >= low)


def split_ended(benefits: Sequence[Notice]) -> tuple[list[Notice], list[Notice]]:
    """Return the measures that are not over, and those that are."""
    return (
        [notice for notice in benefits if notice.standing != "ended"],
        [notice for notice in benefits if notice.standing == "ended"],
    )


def _chips(reading: Reading, state: SearchState) -> list[Chip]:
    conditions = query_of(reading).conditions
    chips: dict[str, Chip] = {}
    for mention, condition in zip(reading.mentions, conditions, strict=True):
        handle = handle_of(mention)
        chips.setdefault(handle, Chip(condition, state.dropping(handle).url()))
    return list(chips.values())


def _dropped(full: Reading, kept: Reading) -> list[ReadCondition]:
    left = {handle_of(mention) for mention in kept.mentions}
    gone = {
        handle_of(mention): condition
        for mention, condition in zip(full.mentions, query_of(full).conditions, strict=True)
        if handle_of(mention) not in left
    }
    return list(gone.values())


def _card(hit: SearchHit, state: SearchState) -> Card:
    conditions = [item for item in hit.evidence if item.aspect != "text"]
    current, ended = split_ended(hit.benefits)
    suffix = f"?lang={state.lang}" if state.lang else ""
    return Card(
        hit=hit,
        band=band_of(hit.score),
        url=hit.url.removeprefix("/v1") + suffix,
        met=sum(item.state == "found" for item in conditions),
        asked=len(conditions),
        is_likely=hit.score >= MATCH_AT_LEAST,
        current=current,
        ended=ended,
    )


def _group(name: str, counts: Sequence[FacetCount], state: SearchState) -> FilterGroup:
    chosen = set(getattr(state, name))
    options = [Option(c.value, c.label, c.count, c.value in chosen) for c in counts]
    known = {option.value for option in options}
    absent = [Option(v, value_label(name, v), None, True) for v in sorted(chosen - known)]
    ticked = [option for option in options if option.is_chosen]
    others = [option for option in options if not option.is_chosen]
    return FilterGroup(name, [*absent, *ticked, *others[:SHOWN]], others[SHOWN:])


def _chosen(state: SearchState) -> list[Chosen]:
    found = [
        Chosen(name, value_label(name, value), value, state.without_filter(name, value).url())
        for name in ("field", "region", "skill", "employment")
        for value in getattr(state, name)
    ]
    if state.education:
        label = next(level.label for level in load_education() if level.id == state.education)
        name = Words(zh=label.zh, en=label.en)
        url = state.without_filter("education").url()
        found.append(Chosen("education", name, state.education, url))
    if state.years is not None:
        found.append(Chosen("years", None, f"{state.years:g}", state.without_filter("years").url()))
    return found


def _steps(state: SearchState, pages: int) -> list[Step]:
    """Return first, last, the page shown and its neighbours, with gaps between."""
    near = {1, pages, state.page - 1, state.page, state.page + 1}
    steps: list[Step] = []
    for number in sorted(page for page in near if 1 <= page <= pages):
        if steps and number > steps[-1].number + 1:
            steps.append(Step(0, ""))
        url = "" if number == state.page else state.at_page(number).url()
        steps.append(Step(number, url))
    return steps
