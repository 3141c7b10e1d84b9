"""Drilling down: the records behind a figure, as many as it says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from search.audit.bits import Words
from search.audit.causes import CauseKind
from search.audit.counted import Counted, counted, unmet_vacancies
from search.audit.inputs import OutcomeStage, VacancyFact
from search.audit.lines import SUITABLE, suitable_pairs
from search.audit.people import declared_sets, reach, stale_set
from search.audit.period import Period
from search.audit.places import WHOLE
from search.audit.population import Population
from search.audit.prepared import Prepared


class Measure(StrEnum):
    """What one can drill into; the records are vacancies, people, or both for pairs."""

    DEMAND = "demand"
    WITHOUT_HEADCOUNT = "without_headcount"
    OPEN_LONG = "open_long"
    UNMET = "unmet"
    DECLARED = "declared"
    DECLARED_STALE = "declared_stale"
    DECLARED_REACHABLE = "declared_reachable"
    QUALIFIED = "qualified"
    QUALIFIED_STALE = "qualified_stale"
    QUALIFIED_REACHABLE = "qualified_reachable"
    MATCHED = "matched"
    MATCHED_QUALIFIED = "matched_qualified"
    POSSIBLE = "possible"
    SHORTLISTED = "shortlisted"
    HIRED = "hired"
    NONE_QUALIFIED = "cause:none_qualified"
    ONE_BLOCKING_REQUIREMENT = "cause:one_blocking_requirement"
    ELSEWHERE = "cause:elsewhere"
    PAY = "cause:pay"
    UNCLEAR_POSTING = "cause:unclear_posting"
    UNDETERMINED = "cause:undetermined"


@dataclass(frozen=True, slots=True)
class Drill:
    """Records behind a figure, by id, sorted.

    Attributes:
        vacancies: ids; empty where the figure counts people only.
        candidates: ids; empty where it counts vacancies only.
        pairs: (vacancy, candidate), where it counts pairs.
    """

    vacancies: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()


def drill(source: Prepared | Counted, role: int | None, region: str, measure: Measure) -> Drill:
    """Return the records behind one figure of one line.

    Args:
        source: what the figures were computed from; `Counted` where several questions follow.
        role: row number; None for demand that has no role.
        region: as in the line.
        measure: which figure.
    """
    if isinstance(source, Prepared):
        # No figure that one can drill into depends on the period.
        source = counted(source, Period(source.as_of, source.as_of))
    data = source
    vacancies = data.lines.open.get((role, region), [])
    if measure.value.startswith("cause:"):
        kind = CauseKind(measure.value.removeprefix("cause:"))
        causes = data.causes
        return _of(one for one in vacancies if one.id in causes and kind in causes[one.id].kinds)
    match measure:
        case Measure.DEMAND:
            return _of(vacancies)
        case Measure.WITHOUT_HEADCOUNT:
            return _of(one for one in vacancies if one.headcount is None)
        case Measure.OPEN_LONG:
            return _of(one for one in vacancies if _is_long(data, one))
        case Measure.UNMET:
            return _of(unmet_vacancies(data, vacancies))
        case Measure.MATCHED | Measure.MATCHED_QUALIFIED | Measure.POSSIBLE:
            return _pairs(
                (one.id, name) for one in vacancies for name in _people(data, one, measure)
            )
        case Measure.SHORTLISTED | Measure.HIRED:
            stages = SUITABLE if measure is Measure.SHORTLISTED else frozenset({OutcomeStage.HIRED})
            return _pairs((one.id, name) for one in vacancies for name in _told(data, one, stages))
    return Drill(candidates=_set(data, role, region, measure))


def _of(vacancies: Iterable[VacancyFact]) -> Drill:
    return Drill(vacancies=tuple(sorted(vacancy.id for vacancy in vacancies)))


def _pairs(pairs: Iterable[tuple[str, str]]) -> Drill:
    held = tuple(sorted(set(pairs)))
    return Drill(
        vacancies=tuple(sorted({vacancy for vacancy, _ in held})),
        candidates=tuple(sorted({candidate for _, candidate in held})),
        pairs=held,
    )


def _is_long(data: Counted, vacancy: VacancyFact) -> bool:
    days = vacancy.days_open(data.prepared.as_of)
    return days is not None and days > data.prepared.thresholds.long_days


def _people(data: Counted, vacancy: VacancyFact, measure: Measure) -> tuple[str, ...]:
    qualification = data.prepared.qualification
    if measure is Measure.POSSIBLE:
        return qualification.possible(vacancy.id)
    matched = qualification.matched(vacancy.id)
    if measure is Measure.MATCHED:
        return matched
    return tuple(sorted(set(matched) & set(qualification.qualified(vacancy.id))))


def _told(data: Counted, vacancy: VacancyFact, stages: frozenset[OutcomeStage]) -> frozenset[str]:
    outcomes = data.lines.outcomes.get(vacancy.id, ())
    return suitable_pairs((one for one in outcomes if one.on <= data.prepared.as_of), stages)


def _set(data: Counted, role: int | None, region: str, measure: Measure) -> tuple[str, ...]:
    qualification = data.prepared.qualification
    population = qualification.population
    is_declared = measure.value.startswith("declared")
    sets = declared_sets(population) if is_declared else qualification.by_role
    if role is None or role not in sets:
        return ()
    words: Words = sets[role]
    if measure in {Measure.DECLARED_STALE, Measure.QUALIFIED_STALE}:
        words = words & stale_set(
            population, data.prepared.as_of, data.prepared.thresholds.stale_days
        )
    is_reach = measure in {Measure.DECLARED_REACHABLE, Measure.QUALIFIED_REACHABLE}
    return population.names(words & _within(population, region, is_reach=is_reach, words=words))


def _within(population: Population, region: str, *, is_reach: bool, words: Words) -> Words:
    if region == WHOLE:
        return words
    if is_reach and region.isdigit():
        return reach(population, region)
    return population.held(("seat", region))
