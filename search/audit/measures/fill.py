"""Fill rate: posts filled of posts advertised, where outcomes are recorded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from search.audit.inputs import Outcome, OutcomeStage, VacancyFact
from search.audit.period import Period


@dataclass(frozen=True, slots=True)
class Fill:
    """What was filled in a period.

    Attributes:
        vacancies: advertised in the period, with at least one outcome recorded by its end.
        advertised: their posts.
        filled: of these, posts filled in the period.
        rate: see `fill_rate`.
    """

    vacancies: int
    advertised: int
    filled: int
    rate: float


def fill_rate(
    vacancies: Iterable[VacancyFact], outcomes: Mapping[str, Iterable[Outcome]], period: Period
) -> Fill | None:
    """Return filled ÷ advertised posts; None where no outcome is recorded: silence is not a failure to fill.

    Only vacancies for which somebody records outcomes count, and no vacancy fills more posts than it
    has. Source: fill rate, Skills Priority List 2022, National Skills Commission (Australia); below 50 %
    most occupations were in shortage.

    >>> from datetime import date
    >>> hire = Outcome("a", "c", OutcomeStage.HIRED, date(2026, 5, 1))
    >>> shown = [VacancyFact("a", "x", headcount=4), VacancyFact("b", "x", headcount=9)]
    >>> fill_rate(shown, {"a": [hire]}, Period(date(2026, 4, 1), date(2026, 6, 30)))
    Fill(vacancies=1, advertised=4, filled=1, rate=0.25)
    """
    advertised = filled = recorded = 0
    for vacancy in vacancies:
        known = [one for one in outcomes.get(vacancy.id, ()) if one.on <= period.end]
        if not known or not vacancy.was_advertised_in(period):
            continue
        hired = {
            one.candidate_id
            for one in known
            if one.stage is OutcomeStage.HIRED and one.on in period
        }
        recorded += 1
        advertised += vacancy.posts
        filled += min(vacancy.posts, len(hired))
    return Fill(recorded, advertised, filled, filled / advertised) if recorded else None
