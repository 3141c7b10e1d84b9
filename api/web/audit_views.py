"""What the pages of the audit show, from figures: the dashboard, changes, faults of rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.audit.earlier import earlier_than
from api.audit.labels import both, role_label
from api.audit.report_tables import (
    causes_table,
    city_map,
    drift_tables,
    fields_table,
    own_table,
    shortage_table,
    unmet_table,
    wanted,
)
from api.audit.tables import Missing, ReportColumn, ReportTable, TileMap
from api.wording import wording
from search.audit.series import Changed, Comparison
from taxonomies.models import Lang, Text

if TYPE_CHECKING:
    from api.access import Access
    from api.audit.question import AuditQuestion
    from search.audit.faults import RowFault
    from search.audit.figures import AuditFigures

_CHANGED = ("posts", "declared", "qualified", "gap_declared")
_CHANGE_COLUMNS = (
    ReportColumn("occupation", "report.column.occupation", "text"),
    ReportColumn("posts", "report.column.demand", "int"),
    ReportColumn("posts-change", "report.column.change_posts", "text"),
    ReportColumn("declared", "report.column.seekers", "int"),
    ReportColumn("declared-change", "report.column.change_seekers", "text"),
    ReportColumn("qualified", "report.column.qualified", "int"),
    ReportColumn("qualified-change", "report.column.change_qualified", "text"),
    ReportColumn("gap", "report.column.gap", "int"),
    ReportColumn("gap-change", "report.column.change_gap", "text"),
)


@dataclass(frozen=True)
class Dashboard:
    """What the dashboard shows.

    Attributes:
        figures: of the day.
        counts: key of a word to a count, for the tiles at the head.
        map: of the cities.
        tables: in reading order.
    """

    figures: AuditFigures
    counts: tuple[tuple[str, int], ...]
    map: TileMap
    tables: tuple[ReportTable, ...]


@dataclass(frozen=True)
class ShownFault:
    """What is wrong with a cell, in words."""

    row: int
    column: str
    value: str
    reason: str
    fix: str


def dashboard(access: Access, asked: AuditQuestion, query: str) -> Dashboard:
    """Return the dashboard of a day, field and place.

    Args:
        access: an officer.
        asked: of which day, field and place.
        query: what follows the address of a role's page.
    """
    figures = access.bole.audits.audit(asked.as_of, asked.period).figures
    earlier = earlier_than(access.bole.audit_stores.snapshots, asked.as_of)
    is_wanted = wanted(asked.role, asked.field)
    rows = [row for row in figures.rows if row.region == asked.region and is_wanted(row.role)]
    counts = (
        ("audit.count.posts", sum(row.demand.posts for row in rows)),
        ("audit.count.roles", sum(row.demand.posts > 0 for row in rows)),
        ("audit.count.short", sum(row.gap_declared > 0 for row in rows)),
        ("audit.count.unmet", sum(row.unmet.posts for row in rows)),
        ("audit.count.empty_searches", sum(row.unmet.empty_searches for row in rows)),
    )
    return Dashboard(
        figures,
        counts,
        city_map(figures, asked.role, asked.field),
        (
            shortage_table(figures, earlier, asked.region, is_wanted, query=query),
            causes_table(figures, asked.region, is_wanted),
            unmet_table(figures, asked.region, is_wanted),
            own_table(figures, asked.region, is_wanted),
            fields_table(figures, asked.region, asked.field),
            *drift_tables(figures),
        ),
    )


def changes_table(found: Comparison, region: str) -> ReportTable:
    """Return two audits side by side, a line a role in one place; broken series show no changes."""
    rows = []
    for row in found.rows:
        figures = [row.figure(name) for name in _CHANGED]
        if row.region != region or not any(one.before or one.after for one in figures):
            continue
        cells = [cell for one in figures for cell in _changed(one, is_series=found.is_series)]
        rows.append((role_label(row.role), *cells))
    return ReportTable("changes", both("audit.table.changes"), _CHANGE_COLUMNS, tuple(rows))


def faults_of_rows(
    faults: Iterable[RowFault], lang: Lang, labels: Mapping[str, Text]
) -> list[ShownFault]:
    """Return what is wrong with the rows of a table that somebody filled in, in words.

    Args:
        faults: what is wrong.
        lang: of the words.
        labels: what the columns are called.
    """
    words = wording(lang)
    return [
        ShownFault(
            one.row,
            labels[one.column].within(lang) if one.column in labels else one.column,
            one.value,
            words(f"row_fault.reason.{one.reason}", expected=one.expected),
            words(f"row_fault.fix.{one.fix}", expected=one.expected),
        )
        for one in faults
    ]


def _changed(one: Changed, *, is_series: bool) -> tuple[int | Missing, str | Text | Missing]:
    after = Missing("not_recorded") if one.after is None else int(one.after)
    if not is_series:
        return after, Missing("series_broken")
    return after, Missing("not_recorded") if one.change is None else f"{one.change:+.0f}"
