"""Inputs made ready for figures, and made ready again after a change without counting everything anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar

from search.audit.canonical import joint_digest, record_digest
from search.audit.catalogue_demand import Demand
from search.audit.inputs import AuditInputs, Outcome, SearchEvent, SeekerFact, VacancyFact
from search.audit.plan import Post
from search.audit.qualification import Qualification, qualify, refresh
from search.audit.targets.progress import Actual
from search.audit.thresholds import Thresholds

Digests = Mapping[str, bytes]
_Fact = TypeVar("_Fact", VacancyFact, SeekerFact)


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed since inputs were prepared.

    Attributes:
        vacancies: new or changed ones, as they are now.
        seekers: likewise.
        gone_vacancies: ids of those that are there no more.
        gone_seekers: likewise; who withdraws consent or is erased goes this way.
        outcomes: all of them as they are now; None where none changed.
        searches: likewise.
        declared: likewise.
        actuals: likewise.
    """

    vacancies: tuple[VacancyFact, ...] = ()
    seekers: tuple[SeekerFact, ...] = ()
    gone_vacancies: tuple[str, ...] = ()
    gone_seekers: tuple[str, ...] = ()
    outcomes: tuple[Outcome, ...] | None = None
    searches: tuple[SearchEvent, ...] | None = None
    declared: tuple[Demand, ...] | None = None
    actuals: tuple[Actual, ...] | None = None


@dataclass(frozen=True, eq=False)
class Prepared:
    """Inputs with who qualifies for what, as of a day.

    Attributes:
        inputs: the records.
        as_of: day on which vacancies count as open.
        thresholds: of which `confidence` decides which role a vacancy counts for.
        qualification: who qualifies for what.
        digests: of each vacancy and seeker, by kind and id.
    """

    inputs: AuditInputs = field(repr=False)
    as_of: date
    thresholds: Thresholds
    qualification: Qualification = field(repr=False)
    digests: Mapping[str, Digests] = field(repr=False)

    def input_hashes(self) -> dict[str, str]:
        """Return one SHA-256 a kind of record; the order of records means nothing."""
        few: dict[str, tuple[object, ...]] = {
            "outcomes": self.inputs.outcomes,
            "searches": self.inputs.searches,
            "catalogue": self.inputs.catalogue,
            "duties": self.inputs.duties,
            "declared": self.inputs.declared,
            "actuals": self.inputs.actuals,
        }
        many = {kind: joint_digest(held.values()) for kind, held in self.digests.items()}
        return many | {
            kind: joint_digest(record_digest(one) for one in held) for kind, held in few.items()
        }


def prepare(inputs: AuditInputs, as_of: date, thresholds: Thresholds) -> Prepared:
    """Judge every seeker by every vacancy that is open on a day."""
    return Prepared(
        inputs=inputs,
        as_of=as_of,
        thresholds=thresholds,
        qualification=qualify(inputs.seekers, _posts(inputs.vacancies, as_of, thresholds)),
        digests={
            "vacancies": {one.id: record_digest(one) for one in inputs.vacancies},
            "seekers": {one.id: record_digest(one) for one in inputs.seekers},
        },
    )


def prepare_again(before: Prepared, changes: Changes, as_of: date | None = None) -> Prepared:
    """Return what `prepare` of all records as they are now returns, judging only what changed.

    Args:
        before: as it was.
        changes: since then.
        as_of: another day; None for the same.
    """
    day = before.as_of if as_of is None else as_of
    vacancies = _after(before.inputs.vacancies, changes.vacancies, changes.gone_vacancies)
    seekers = _after(before.inputs.seekers, changes.seekers, changes.gone_seekers)
    old = before.inputs
    inputs = replace(
        old,
        vacancies=tuple(vacancies.values()),
        seekers=tuple(seekers.values()),
        outcomes=old.outcomes if changes.outcomes is None else changes.outcomes,
        searches=old.searches if changes.searches is None else changes.searches,
        declared=old.declared if changes.declared is None else changes.declared,
        actuals=old.actuals if changes.actuals is None else changes.actuals,
    )
    qualification = refresh(
        before.qualification,
        changed=changes.seekers,
        gone=changes.gone_seekers,
        posts=_posts(inputs.vacancies, day, before.thresholds),
    )
    digests = {
        "vacancies": _digests(before.digests["vacancies"], changes.vacancies, vacancies),
        "seekers": _digests(before.digests["seekers"], changes.seekers, seekers),
    }
    return Prepared(inputs, day, before.thresholds, qualification, digests)


def role_of(vacancy: VacancyFact, thresholds: Thresholds) -> int | None:
    """Return the row that a vacancy counts for; None where none is likely enough."""
    return vacancy.role if vacancy.role_confidence >= thresholds.confidence else None


def _posts(vacancies: Iterable[VacancyFact], as_of: date, thresholds: Thresholds) -> list[Post]:
    return [
        Post(vacancy, role_of(vacancy, thresholds))
        for vacancy in vacancies
        if vacancy.is_open_on(as_of)
    ]


def _after(old: Iterable[_Fact], changed: Iterable[_Fact], gone: Iterable[str]) -> dict[str, _Fact]:
    held = {one.id: one for one in old}
    for name in gone:
        held.pop(name, None)
    held.update((one.id, one) for one in changed)
    return held


def _digests(
    old: Digests, changed: Iterable[VacancyFact | SeekerFact], now: Mapping[str, object]
) -> dict[str, bytes]:
    renewed = {one.id: record_digest(one) for one in changed}
    return {name: renewed.get(name) or old[name] for name in now}
