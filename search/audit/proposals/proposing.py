"""What the demand speaks for: all proposals of a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from search.audit.catalogue_demand import Demand
from search.audit.inputs import AuditInputs, VacancyFact
from search.audit.prepared import role_of
from search.audit.proposals.additions import Addition, propose_additions
from search.audit.proposals.rewordings import (
    ComparedRow,
    Rewording,
    compare_rows,
    propose_rewordings,
)
from search.audit.proposals.withdrawals import Withdrawal, propose_withdrawals
from search.audit.thresholds import Thresholds


@dataclass(frozen=True, slots=True)
class Proposals:
    """What the demand speaks for.

    Attributes:
        additions: demand of no row.
        withdrawals: rows without demand.
        rewordings: rows that are no longer like what is asked for under them now.
        postings, declarations: how many were read.
    """

    additions: tuple[Addition, ...] = ()
    withdrawals: tuple[Withdrawal, ...] = ()
    rewordings: tuple[Rewording, ...] = ()
    postings: int = 0
    declarations: int = 0


def compared(inputs: AuditInputs, as_of: date, thresholds: Thresholds) -> tuple[ComparedRow, ...]:
    """Compare the rows with the vacancies open on a day, and with what is declared for it or later."""
    live = [
        *(_asked(one, thresholds) for one in inputs.vacancies if one.is_open_on(as_of)),
        *(one for one in inputs.declared if one.last is None or one.last >= as_of),
    ]
    return compare_rows(inputs.duties, live)


def propose(
    inputs: AuditInputs, as_of: date, thresholds: Thresholds, rows: Iterable[ComparedRow]
) -> Proposals:
    """Propose what to add, to drop and to reword.

    Args:
        inputs: vacancies, open and closed, declarations and the catalogue.
        as_of: day of the proposals.
        thresholds: of which `confidence` and `resemblance` matter.
        rows: see `compared`.
    """
    demand = [*(_asked(one, thresholds) for one in inputs.vacancies), *inputs.declared]
    return Proposals(
        propose_additions(demand),
        propose_withdrawals(sorted(role.number for role in inputs.catalogue), demand, as_of),
        propose_rewordings(rows, resembling_at_least=thresholds.resemblance),
        len(inputs.vacancies),
        len(inputs.declared),
    )


def _asked(vacancy: VacancyFact, thresholds: Thresholds) -> Demand:
    return Demand(
        id=vacancy.id,
        source="vacancy",
        title=vacancy.title,
        posts=vacancy.posts,
        # Who names no employer is one by the account.
        employer=vacancy.employer or vacancy.owner,
        role=role_of(vacancy, thresholds),
        on=vacancy.posted,
        terms=vacancy.terms,
    )
