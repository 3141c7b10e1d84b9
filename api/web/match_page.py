"""The pages of a vacancy and of a candidate with what matches them, as their templates need it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from api import cursors
from api.access import Access
from api.assembly import IndexNotReadyError
from api.match_answers import answer
from api.match_answers import question_of as question_of
from api.notices import words
from api.role_links import role_of
from api.v1.benefit_schemas import BenefitNotice
from api.v1.match_schemas import (
    LinkedRole,
    MatchAnswer,
    MatchBody,
    MatchFinding,
    MatchHit,
    MatchRequirement,
    MatchWeights,
)
from api.v1.schema_base import CharacterSpan, Words
from api.web.match_links import NEED, PAGE_SIZE, WEIGHT, Choice, MatchState, Pages
from api.web.search_page import split_ended
from search.backends.base import (
    IndexCorruptError,
    IndexMismatchError,
    IndexMissingError,
    IndexUnavailableError,
)
from search.matching.evidence import requirement_label
from search.matching.requirements import Requirement, read_requirements, requirements_of
from search.matching.scores import PARTS, suggested_weights
from search.models import Strength
from search.records.models import Vacancy
from search.records.stored import StoredRecord
from taxonomies.models import Text

T = TypeVar("T")

#: What is raised where the index cannot answer; the record can be shown all the same.
_AWAY = (
    IndexNotReadyError,
    IndexMissingError,
    IndexCorruptError,
    IndexMismatchError,
    IndexUnavailableError,
)


@dataclass(frozen=True)
class Need:
    """A requirement as the form shows it.

    Attributes:
        requirement: as it was read.
        label: its name.
        number: its place, from 1.
        choice: the strength that counts, or `drop`.
    """

    requirement: Requirement
    label: Text
    number: int
    choice: Choice

    @property
    def name(self) -> str:
        """The form field's name."""
        return NEED + self.requirement.handle

    @property
    def as_read(self) -> str:
        """The strength that was read."""
        return self.requirement.strength.value


@dataclass(frozen=True)
class Piece:
    """A piece of a posting, with the requirement that was read in it, if any."""

    text: str
    need: Need | None


@dataclass(frozen=True)
class WeightField:
    """The weight of a part: suggested, preferred, and used for this vacancy."""

    part: str
    suggested: float
    preferred: float | None
    applied: float | None

    @property
    def name(self) -> str:
        """The form field's name."""
        return WEIGHT + self.part


@dataclass(frozen=True)
class MatchCard:
    """A hit as a card shows it.

    Attributes:
        hit: it.
        key: id of the record, or number of the row.
        url: its page.
        groups: `met`, `missing` and `unknown` with what is in each.
        names: of the requirements, by handle.
        current: measures that are not over.
        ended: those that are.
    """

    hit: MatchHit
    key: str
    url: str
    groups: Sequence[tuple[str, Sequence[MatchFinding]]]
    names: Mapping[str, Words]
    current: Sequence[BenefitNotice]
    ended: Sequence[BenefitNotice]


@dataclass(frozen=True)
class Without:
    """A hard requirement: how many more there would be without it, and the address of that."""

    label: Words
    more: int
    url: str


@dataclass(frozen=True)
class VacancyPage:
    """A vacancy with its requirements and candidates; `answer` is None while the index is away."""

    state: MatchState
    needs: Sequence[Need]
    pieces: Sequence[Piece]
    role: LinkedRole | None
    weights: Sequence[WeightField]
    answer: MatchAnswer | None
    cards: Sequence[MatchCard]
    without: Sequence[Without]
    pages: Pages


@dataclass(frozen=True)
class CandidatePage:
    """What matches a candidate; `answer` is None while the index is away."""

    state: MatchState
    answer: MatchAnswer | None
    cards: Sequence[MatchCard]
    pages: Pages


def vacancy_page_of(
    access: Access, stored: StoredRecord, vacancy: Vacancy, state: MatchState
) -> VacancyPage:
    """Return the page of a vacancy."""
    needs = needs_of(vacancy, state)
    state = settled(state, needs)
    path = f"/vacancies/{stored.id}"
    body = vacancy_question(stored, vacancy, state)
    found = when_ready(lambda: answer(access, _at(body, state)))
    return VacancyPage(
        state=state,
        needs=needs,
        pieces=_pieces(vacancy.text, needs),
        role=found.role if found else when_ready(lambda: role_of(access, vacancy)),
        weights=_weights(state, found),
        answer=found,
        cards=_cards(found, state),
        without=_without(found, state, path),
        pages=Pages(state, path, found.total if found else 0),
    )


def vacancy_question(stored: StoredRecord, vacancy: Vacancy, state: MatchState) -> MatchBody:
    """Return what the page of a vacancy asks, by the requirements and weights chosen on it."""
    needs = needs_of(vacancy, state)
    body = MatchBody(vacancy_id=stored.id, weights=MatchWeights(**state.weight), limit=PAGE_SIZE)
    if settled(state, needs).need:
        body = body.model_copy(update={"requirements": tuple(map(_sent, chosen(needs)))})
    return body


def candidate_page_of(access: Access, stored: StoredRecord, state: MatchState) -> CandidatePage:
    """Return what matches a candidate."""
    body = MatchBody(candidate_id=stored.id, target=state.target, limit=PAGE_SIZE)
    found = when_ready(lambda: answer(access, _at(body, state), stored))
    pages = Pages(state, f"/candidates/{stored.id}", found.total if found else 0)
    return CandidatePage(state, found, _cards(found, state), pages)


def needs_of(vacancy: Vacancy, state: MatchState) -> list[Need]:
    """Return what a vacancy asks for, each with the strength chosen for it."""
    return [
        Need(
            requirement=requirement,
            label=requirement_label(requirement),
            number=number,
            choice=state.need.get(requirement.handle, requirement.strength.value),
        )
        for number, requirement in enumerate(requirements_of(vacancy), start=1)
    ]


def settled(state: MatchState, needs: Sequence[Need]) -> MatchState:
    """Return the state without choices that change nothing: as read, or of what is asked no more."""
    changed = {
        need.requirement.handle: need.choice for need in needs if need.choice != need.as_read
    }
    return state.model_copy(update={"need": changed})


def chosen(needs: Sequence[Need]) -> tuple[Requirement, ...]:
    """Return the requirements that count, each as strong as chosen."""
    return tuple(
        replace(need.requirement, strength=Strength(need.choice))
        for need in needs
        if need.choice != "drop"
    )


def when_ready(ask: Callable[[], T]) -> T | None:
    """Return an answer of the index, or None while it cannot give one."""
    try:
        return ask()
    except _AWAY:
        return None


def _at(body: MatchBody, state: MatchState) -> MatchBody:
    """Return the question for the page of a state."""
    if state.page == 1:
        return body
    cursor = cursors.encode((state.page - 1) * PAGE_SIZE, question_of(body))
    return body.model_copy(update={"cursor": cursor})


def _sent(requirement: Requirement) -> MatchRequirement:
    span = requirement.span
    # Right by construction: it was read here.
    return MatchRequirement.model_construct(
        aspect=requirement.aspect,
        values=requirement.values,
        strength=requirement.strength,
        label=None,
        source=requirement.source,
        quote=requirement.quote,
        span=CharacterSpan(start=span.start, end=span.end) if span else None,
        at_most=requirement.at_most,
        handle="",
    )


def _pieces(text: str, needs: Sequence[Need]) -> list[Piece]:
    """Take a posting apart at the places where requirements that count were read."""
    by_handle = {need.requirement.handle: need for need in needs if need.choice != "drop"}
    places = [
        (found.span.start, found.span.end, by_handle[found.handle])
        for found in (*read_requirements(text), *(need.requirement for need in needs))
        if found.span and found.source == "text" and found.handle in by_handle
    ]
    pieces, end = [], 0
    for start, stop, need in sorted(places, key=lambda place: (place[0], -place[1])):
        if start < end:
            continue  # it stands within another
        pieces += [Piece(text[end:start], None), Piece(text[start:stop], need)]
        end = stop
    return [piece for piece in (*pieces, Piece(text[end:], None)) if piece.text]


def _weights(state: MatchState, found: MatchAnswer | None) -> list[WeightField]:
    applied = found.weights.applied if found else {}
    suggested = suggested_weights()
    return [
        WeightField(part, suggested[part], state.weight.get(part), applied.get(part))
        for part in PARTS
    ]


def _without(found: MatchAnswer | None, state: MatchState, path: str) -> list[Without]:
    return [
        Without(
            label=item.label,
            more=item.more,
            url=path
            + state.model_copy(
                update={"need": {**state.need, item.handle: "drop"}, "page": 1}
            ).query("candidate"),
        )
        for item in (found.counterfactuals if found else ())
    ]


def _cards(found: MatchAnswer | None, state: MatchState) -> list[MatchCard]:
    return [_card(hit, state) for hit in (found.hits if found else ())]


def _card(hit: MatchHit, state: MatchState) -> MatchCard:
    current, ended = split_ended(hit.benefits)
    findings = (*hit.met, *hit.missing, *hit.unknown)
    return MatchCard(
        hit=hit,
        key=hit.id.partition(":")[2],
        url=hit.url.removeprefix("/v1") + (f"?lang={state.lang}" if state.lang else ""),
        groups=[("met", hit.met), ("missing", hit.missing), ("unknown", hit.unknown)],
        names={found.handle: words(found.label) for found in findings},
        current=current,
        ended=ended,
    )
