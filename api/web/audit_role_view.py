"""One role on a page: its measures with formulae and what stands behind each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from api import cursors
from api.audit.drilling import Drilled, drilled
from api.audit.figures_plain import drill_url
from api.audit.labels import both, place_label, role_label
from api.audit.planning import Forecast, forecast
from api.audit.report_planning import forecast_table
from api.audit.report_tables import causes_table, published_table, ratio_cell, wanted
from api.audit.tables import Missing, ReportColumn, ReportTable
from api.problems import invalid
from search.audit.drill import Measure
from search.audit.figures import RoleRow
from search.audit.forecast.forecasting import DemandForecast
from search.audit.measures.ratio import Ratio

if TYPE_CHECKING:
    from api.access import Access
    from api.audit.question import AuditQuestion

#: Records of one page.
SHOWN = 20

_PLACE_COLUMNS = (
    ReportColumn("place", "report.column.region", "text"),
    ReportColumn("demand", "report.column.demand", "int"),
    ReportColumn("seekers", "report.column.seekers", "int"),
    ReportColumn("gap", "report.column.gap", "int"),
    ReportColumn("ratio", "report.column.ratio", "decimal"),
    ReportColumn("qualified", "report.column.qualified", "int"),
    ReportColumn("unmet", "report.column.unmet_posts", "int"),
)


@dataclass(frozen=True)
class Figure:
    """One measure.

    Attributes:
        name: key of its name.
        method: name of the method that explains it.
        value: the figure; None where there is none.
        kind: `count`, `ratio`, `days` or `share`.
        missing: why there is none, or "".
        records: where the records behind it are, or "".
    """

    name: str
    method: str
    value: float | None
    kind: str
    missing: str = ""
    records: str = ""


@dataclass(frozen=True)
class RoleView:
    """What the page of a role shows.

    Attributes:
        row: the line; None where nothing of it was there to count.
        figures: its measures.
        places: the role in every place.
        causes: in the place, or in every city.
        found: the forecast, or what is missing for one.
        forecast: as a table with its drawing.
        published: what others published of the role, as a table; None where nothing was entered.
        measure: whose records are shown, or None.
        records: they.
        next: address of the following ones, or "".
    """

    row: RoleRow | None
    figures: tuple[Figure, ...]
    places: ReportTable
    causes: ReportTable
    found: Forecast
    forecast: ReportTable | None
    published: ReportTable | None
    measure: Measure | None
    records: Drilled | None
    next: str


def role_view(access: Access, asked: AuditQuestion, params: Mapping[str, str]) -> RoleView:
    """Return what the page of a role shows.

    Raises:
        Problem: 422, the measure or the cursor is none.
    """
    assert asked.role is not None
    figures = access.bole.audits.audit(asked.as_of, asked.period).figures
    row = figures.row(asked.role, asked.region)
    found = forecast(access, figures, asked.role)
    table = None
    if isinstance(found, DemandForecast):
        table = forecast_table(found, role_label(asked.role))
    printed = [one for one in figures.published if one.role == asked.role]
    measure = _measure(params.get("measure", ""))
    records, following = None, ""
    if measure is not None:
        told = f"{asked.as_of} {asked.role} {asked.region} {measure.value}"
        offset = cursors.decode(params.get("cursor") or None, told, place="query")
        records = drilled(access, asked, measure, offset, SHOWN)
        if offset + SHOWN < min(records.total, cursors.OFFSET_AT_MOST):
            further = cursors.encode(offset + SHOWN, told)
            following = _url(measure, asked).replace("#", f"&cursor={further}#")
    return RoleView(
        row,
        () if row is None else tuple(_figures(row, asked)),
        _places([one for one in figures.rows if one.role == asked.role]),
        causes_table(figures, asked.region or None, wanted(asked.role)),
        found,
        table,
        published_table(printed) if printed else None,
        measure,
        records,
        following,
    )


def _figures(row: RoleRow, asked: AuditQuestion) -> list[Figure]:
    def count(name: str, method: str, value: int | None, measure: Measure | None = None) -> Figure:
        records = _url(measure, asked) if measure and value else ""
        return Figure(
            name, method, value, "count", "" if value is not None else "not_recorded", records
        )

    def ratio(name: str, found: Ratio) -> Figure:
        cell = ratio_cell(found)
        reason = cell.reason if isinstance(cell, Missing) else ""
        return Figure(name, "ratio", found.value, "ratio", reason)

    age, funnel, fill = row.age, row.funnel, row.fill
    nothing = "not_recorded"
    return [
        count("posts", "demand", row.demand.posts, Measure.DEMAND),
        count(
            "without_headcount", "demand", row.demand.without_headcount, Measure.WITHOUT_HEADCOUNT
        ),
        count("declared", "declared", row.declared.people, Measure.DECLARED),
        count("declared_stale", "declared", row.declared.stale, Measure.DECLARED_STALE),
        count("qualified", "qualified", row.qualified.people, Measure.QUALIFIED),
        count(
            "qualified_reachable", "qualified", row.qualified.reachable, Measure.QUALIFIED_REACHABLE
        ),
        ratio("ratio", row.ratio_declared),
        ratio("ratio_qualified", row.ratio_qualified),
        count("gap", "gap", row.gap_declared),
        count("gap_qualified", "gap", row.gap_qualified),
        Figure("median_days", "age", age.median_days, "days", "" if age.known else nothing),
        Figure(
            "share_long",
            "age",
            age.share_long,
            "share",
            "" if age.known else nothing,
            _url(Measure.OPEN_LONG, asked) if age.share_long else "",
        ),
        count("matched", "funnel", funnel.matched, Measure.MATCHED),
        count("matched_qualified", "funnel", funnel.qualified, Measure.MATCHED_QUALIFIED),
        count("possible", "funnel", funnel.possible, Measure.POSSIBLE),
        count("shortlisted", "funnel", funnel.shortlisted, Measure.SHORTLISTED),
        count("hired", "funnel", funnel.hired, Measure.HIRED),
        Figure("fill_rate", "fill", fill.rate if fill else None, "share", "" if fill else nothing),
        count("unmet", "unmet", row.unmet.posts, Measure.UNMET),
        count("empty_searches", "unmet", row.unmet.empty_searches),
        Figure(
            "tension",
            "tension",
            row.tension.index,
            "ratio",
            "" if row.tension.index is not None else "not_assessable",
        ),
    ]


def _places(rows: list[RoleRow]) -> ReportTable:
    return ReportTable(
        "places",
        both("audit.table.places"),
        _PLACE_COLUMNS,
        tuple(
            (
                place_label(row.region),
                row.demand.posts,
                row.declared.people,
                row.gap_declared,
                ratio_cell(row.ratio_declared),
                row.qualified.people,
                row.unmet.posts,
            )
            for row in rows
        ),
    )


def _measure(name: str) -> Measure | None:
    if not name:
        return None
    try:
        return Measure(name)
    except ValueError:
        raise invalid("query", "measure", "unknown_measure") from None


def _url(measure: Measure, asked: AuditQuestion) -> str:
    base = f"/audit/roles/{asked.role}"
    return drill_url(measure, None, asked.region, asked.as_of, asked.period, base) + "#records"
