"""The report that may leave: rounded counts of what passed the rule, and nothing else about records."""

from __future__ import annotations

from datetime import datetime

from api.audit.labels import both, field_label, role_label
from api.audit.public import ALL, PROVINCE, PublicFigures
from api.audit.question import AuditQuestion
from api.audit.report_tables import SHORTAGE_COLUMNS
from ingest.reports.content import (
    Cell,
    ChartSpec,
    MethodNote,
    Missing,
    Report,
    ReportColumn,
    ReportTable,
    TileMap,
)
from ingest.reports.tiles import city_tiles
from taxonomies.catalogue import load_catalogue
from taxonomies.models import Text
from taxonomies.releases import CURRENT

_HIDDEN = Missing("suppressed")
_FIELD_COLUMNS = (
    ReportColumn("field", "report.column.field", "text"),
    *(column for column in SHORTAGE_COLUMNS if column.id in {"demand", "seekers", "gap", "ratio"}),
)
#: What it explains.
_METHODS = ("demand", "declared", "ratio", "gap", "targets")


def public_report(
    figures: PublicFigures, asked: AuditQuestion, at: datetime, targets: ReportTable
) -> Report:
    """Return what may leave as a report.

    Args:
        figures: those that left.
        asked: of which day.
        at: when it is made.
        targets: plan beside actual, which counts no persons of ours.
    """
    rule = figures.rule
    return Report(
        title=both("audit.report.public_title"),
        jurisdiction=both("audit.place.whole"),
        as_of=asked.as_of,
        period_label=both("audit.period", start=asked.period.start, end=asked.period.end),
        generated_at=at,
        versions={"catalogue": CURRENT["catalogue"]},
        notes=(
            MethodNote(
                both("audit.public.name"),
                both(
                    "disclosure.rule",
                    k_persons=rule.k_persons,
                    k_employers=rule.k_employers,
                    round_to=rule.round_to,
                ),
                both("audit.public.source"),
                both(
                    "audit.public.text",
                    suppressed=both(
                        "disclosure.suppressed", suppressed=figures.hidden, cells=figures.cells
                    ),
                    held=both("disclosure.held", held=figures.held, k_persons=rule.k_persons),
                ),
            ),
            *(
                MethodNote(
                    both(f"audit.method.{name}.name"),
                    both(f"audit.method.{name}.formula"),
                    both(f"audit.method.{name}.source"),
                    both(f"audit.method.{name}.text"),
                )
                for name in _METHODS
            ),
        ),
        header_warning=both("report.warning"),
        tables=(_shortage(figures), _fields(figures), targets),
        map=TileMap(
            "cities",
            both("audit.map.posts"),
            "report.column.demand",
            "int",
            city_tiles(
                {
                    place: _HIDDEN if value is None else value
                    for (level, place), value in figures.posts.items()
                    if level == ALL and place != PROVINCE
                }
            ),
        ),
    )


def _shortage(figures: PublicFigures) -> ReportTable:
    rows: list[tuple[int | None, int, tuple[Cell, ...]]] = []
    for role in load_catalogue().roles:
        cell = (str(role.number), PROVINCE)
        if figures.posts[cell] is not None or figures.seekers[cell] is not None:
            rows.append((figures.gap(cell), role.number, _counts(figures, cell)))
    rows.sort(key=lambda row: (row[0] is None, -(row[0] or 0), row[1]))
    # A change would be one of two rounded figures, or of one that is repeated: it would say nothing.
    nothing = Missing("not_applicable")
    ranked = tuple(
        (
            Missing("not_applicable") if gap is None else rank,
            role_label(number),
            *counts,
            nothing,
            nothing,
        )
        for rank, (gap, number, counts) in enumerate(rows, start=1)
    )
    chart = ChartSpec(
        "grouped-bars", both("audit.chart.shortage"), "occupation", ("demand", "seekers"), first=15
    )
    return ReportTable(
        "shortage",
        both("audit.table.shortage"),
        SHORTAGE_COLUMNS,
        ranked,
        chart if ranked else None,
    )


def _fields(figures: PublicFigures) -> ReportTable:
    codes = {role.field.code: role.field for role in load_catalogue().roles}
    rows: list[tuple[Cell, ...]] = [
        (field_label(code), *_counts(figures, (code, PROVINCE))) for code in codes
    ]
    every: Text = both("audit.all_roles")
    rows.append((every, *_counts(figures, (ALL, PROVINCE))))
    return ReportTable("fields", both("audit.table.fields"), _FIELD_COLUMNS, tuple(rows))


def _counts(figures: PublicFigures, cell: tuple[str, str]) -> tuple[Cell, ...]:
    def shown(value: int | float | None) -> Cell:
        return _HIDDEN if value is None else value

    return (
        shown(figures.posts[cell]),
        shown(figures.seekers[cell]),
        shown(figures.gap(cell)),
        shown(figures.ratio(cell)),
    )
