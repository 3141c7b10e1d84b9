"""The ranking by gap, with the columns of the ministry's quarterly list of occupations most short of people.

Columns: 排名 rank, 职业 occupation, 招聘需求人数 posts, 求职人数 seekers, 缺口数 gap, 求人倍率 ratio, and the
changes on quarter and year. The ministry weighs what 102 cities send in by weights that it does not publish; ours
ranks one platform's roles by their gap, unweighted.
"""

from __future__ import annotations

from dataclasses import dataclass

from search.audit.figures import AuditFigures, RoleRow
from search.audit.measures.ratio import Ratio
from search.audit.places import WHOLE
from search.audit.series import breaks


@dataclass(frozen=True, slots=True)
class RankChange:
    """Change of a role since an earlier audit; `rank` is positive where it moved up."""

    rank: int
    posts: int
    people: int
    gap: int


@dataclass(frozen=True, slots=True)
class RankedRole:
    """One line of the ranking.

    Attributes:
        rank: 1 for the largest gap; equal gaps in the order of the catalogue.
        role: row number.
        title: as printed in the catalogue; "" for a row that it does not have.
        posts: D.
        people: S_declared.
        gap: D - S.
        ratio: D / S.
        quarter: change since the audit a quarter before; None where there is none, or the series broke.
        year: likewise, a year before.
    """

    rank: int
    role: int
    title: str
    posts: int
    people: int
    gap: int
    ratio: Ratio
    quarter: RankChange | None
    year: RankChange | None


def rank_by_gap(
    figures: AuditFigures,
    region: str = WHOLE,
    *,
    quarter_before: AuditFigures | None = None,
    year_before: AuditFigures | None = None,
) -> tuple[RankedRole, ...]:
    """Return the roles with open posts in a place, largest 缺口数 = D − S_declared first.

    Source: "最缺工" 100 list of the Ministry of Human Resources and Social Security (fields and order). An earlier
    audit with other thresholds or versions gives no change: the series is broken
    (`search.audit.series.breaks` says by what).
    """
    quarter = _earlier(quarter_before, figures, region)
    year = _earlier(year_before, figures, region)
    titles = {role.number: role.title for role in figures.catalogue}
    return tuple(
        RankedRole(
            rank=rank,
            role=row.role,
            title=titles.get(row.role, ""),
            posts=row.demand.posts,
            people=row.declared.people,
            gap=row.gap_declared,
            ratio=row.ratio_declared,
            quarter=_change(quarter, rank, row),
            year=_change(year, rank, row),
        )
        for rank, row in _ranked(figures, region)
    )


def _ranked(figures: AuditFigures, region: str) -> list[tuple[int, RoleRow]]:
    held = [row for row in figures.rows if row.region == region and row.demand.posts]
    return list(enumerate(sorted(held, key=lambda row: (-row.gap_declared, row.role)), start=1))


def _earlier(
    before: AuditFigures | None, figures: AuditFigures, region: str
) -> dict[int, tuple[int, RoleRow]]:
    if before is None or breaks(before, figures):
        return {}
    return {row.role: (rank, row) for rank, row in _ranked(before, region)}


def _change(before: dict[int, tuple[int, RoleRow]], rank: int, row: RoleRow) -> RankChange | None:
    if row.role not in before:
        return None
    was, old = before[row.role]
    return RankChange(
        rank=was - rank,
        posts=row.demand.posts - old.demand.posts,
        people=row.declared.people - old.declared.people,
        gap=row.gap_declared - old.gap_declared,
    )
