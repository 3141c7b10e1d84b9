"""What stands behind a line: the vacancies and searches of a role (or field, or of no role) in a place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from search.audit.inputs import Outcome, OutcomeStage, SearchEvent, VacancyFact
from search.audit.places import WHOLE, city_of
from search.audit.prepared import Prepared, role_of

#: Role (None: no role) and place.
Line = tuple[int | None, str]
_Fact = TypeVar("_Fact", VacancyFact, SearchEvent)

#: Stages that say that somebody was found suitable.
SUITABLE = frozenset({OutcomeStage.SHORTLISTED, OutcomeStage.INTERVIEWED, OutcomeStage.HIRED})


@dataclass(frozen=True, eq=False)
class Lines:
    """Records by line; every record stands in the line of its place and in that of the whole.

    Attributes:
        open: open vacancies.
        advertised: vacancies, open or not, for which outcomes are recorded.
        searches: of the period or not.
        outcomes: by vacancy id.
    """

    open: Mapping[Line, list[VacancyFact]] = field(repr=False)
    advertised: Mapping[Line, list[VacancyFact]] = field(repr=False)
    searches: Mapping[Line, list[SearchEvent]] = field(repr=False)
    outcomes: Mapping[str, list[Outcome]] = field(repr=False)


def lines_of(prepared: Prepared) -> Lines:
    """Return the records behind every line, in order of their ids."""
    inputs, thresholds = prepared.inputs, prepared.thresholds
    outcomes: defaultdict[str, list[Outcome]] = defaultdict(list)
    for outcome in sorted(inputs.outcomes):
        outcomes[outcome.vacancy_id].append(outcome)

    def vacancy_role(vacancy: VacancyFact) -> int | None:
        return role_of(vacancy, thresholds)

    recorded = sorted(
        (vacancy for vacancy in inputs.vacancies if vacancy.id in outcomes),
        key=lambda vacancy: vacancy.id,
    )
    return Lines(
        open=_by_line((post.vacancy for post in prepared.qualification.posts), vacancy_role),
        advertised=_by_line(recorded, vacancy_role),
        searches=_by_line(inputs.searches, lambda search: search.role),
        outcomes=dict(outcomes),
    )


def suitable_pairs(outcomes: Iterable[Outcome], stages: frozenset[OutcomeStage]) -> frozenset[str]:
    """Return the candidates of one vacancy who came to one of some stages."""
    return frozenset(outcome.candidate_id for outcome in outcomes if outcome.stage in stages)


def _by_line(
    facts: Iterable[_Fact], role: Callable[[_Fact], int | None]
) -> dict[Line, list[_Fact]]:
    found: defaultdict[Line, list[_Fact]] = defaultdict(list)
    for fact in facts:
        for region in (WHOLE, city_of(fact.region)):
            found[role(fact), region].append(fact)
    return dict(found)
