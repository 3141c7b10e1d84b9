"""The figures of an audit as tables of a report; every figure is one of the snapshot's, or made of two."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from api.audit.earlier import Earlier
from api.audit.labels import both, condition_label, field_label, joined, place_label, role_label
from ingest.reports.content import (
    Cell,
    ChartSpec,
    Missing,
    ReportColumn,
    ReportTable,
    TileMap,
)
from ingest.reports.tiles import city_tiles
from search.audit.figures import AuditFigures, RoleRow
from search.audit.measures.ratio import Assessment, Ratio
from search.audit.published.index import PublishedIndex
from search.audit.ranking import RankChange, RankedRole, rank_by_gap
from taxonomies.catalogue import load_catalogue

#: Says whether a row of the catalogue belongs into a table.
Wanted = Callable[[int], bool]

SHORTAGE_COLUMNS = (
    ReportColumn("rank", "report.column.rank", "int"),
    ReportColumn("occupation", "report.column.occupation", "text"),
    ReportColumn("demand", "report.column.demand", "int"),
    ReportColumn("seekers", "report.column.seekers", "int"),
    ReportColumn("gap", "report.column.gap", "int"),
    ReportColumn("ratio", "report.column.ratio", "decimal"),
    ReportColumn("quarter", "report.column.change_quarter", "change"),
    ReportColumn("year", "report.column.change_year", "change"),
)
_OWN_COLUMNS = (
    ReportColumn("occupation", "report.column.occupation", "text"),
    ReportColumn("qualified", "report.column.qualified", "int"),
    ReportColumn("possible", "report.column.possible_per_post", "decimal"),
    ReportColumn("gap-qualified", "report.column.gap_qualified", "int"),
    ReportColumn("ratio-qualified", "report.column.ratio_qualified", "decimal"),
    ReportColumn("age", "report.column.vacancy_age", "decimal"),
    ReportColumn("open-90", "report.column.share_open_90", "percent"),
    ReportColumn("filled", "report.column.fill_rate", "percent"),
    ReportColumn("suitability", "report.column.suitability_gap", "decimal"),
    ReportColumn("tension", "report.column.tension", "decimal"),
)
_CAUSE_COLUMNS = (
    ReportColumn("occupation", "report.column.occupation", "text"),
    ReportColumn("place", "report.column.region", "text"),
    ReportColumn("cause", "report.column.cause", "text"),
    ReportColumn("posts", "report.column.demand", "int"),
    ReportColumn("share", "report.column.share_of_posts", "percent"),
    ReportColumn("requirement", "report.column.requirement", "text"),
)
_UNMET_COLUMNS = (
    ReportColumn("occupation", "report.column.occupation", "text"),
    ReportColumn("posts", "report.column.unmet_posts", "int"),
    ReportColumn("vacancies", "report.column.vacancies", "int"),
    ReportColumn("searches", "report.column.empty_searches", "int"),
)
_FIELD_COLUMNS = (
    ReportColumn("field", "report.column.field", "text"),
    ReportColumn("demand", "report.column.demand", "int"),
    ReportColumn("seekers", "report.column.seekers", "int"),
    ReportColumn("gap", "report.column.gap", "int"),
    ReportColumn("ratio", "report.column.ratio", "decimal"),
    ReportColumn("qualified", "report.column.qualified", "int"),
    ReportColumn("unmet", "report.column.unmet_posts", "int"),
)
_DRIFT_COLUMNS = (
    ReportColumn("title", "report.column.title", "text"),
    ReportColumn("posts", "report.column.demand", "int"),
    ReportColumn("vacancies", "report.column.vacancies", "int"),
)
_UNLIKE_COLUMNS = (
    ReportColumn("occupation", "report.column.occupation", "text"),
    ReportColumn("resemblance", "report.column.resemblance", "decimal"),
)
_PUBLISHED_COLUMNS = (
    ReportColumn("title", "report.column.title", "text"),
    ReportColumn("occupation", "report.column.joined", "text"),
    ReportColumn("value", "report.column.printed", "text"),
    ReportColumn("band", "report.column.band", "text"),
    ReportColumn("index", "report.column.index", "text"),
    ReportColumn("publisher", "report.column.publisher", "text"),
    ReportColumn("edition", "report.column.edition", "text"),
    ReportColumn("source", "report.column.source", "text"),
)
#: Titles without a row that are listed.
_TITLES = 50
#: Blocking requirements that are named.
_NAMED = 3


def wanted(role: int | None = None, field: str = "") -> Wanted:
    """Return the rows that a role and a field leave."""
    fields = {one.number: one.field.code for one in load_catalogue().roles}
    return lambda number: (
        (role is None or number == role) and (not field or fields.get(number) == field)
    )


def ratio_cell(ratio: Ratio) -> Cell:
    """Return a ratio, or why it cannot be read."""
    if ratio.value is not None:
        return ratio.value
    is_nobody = ratio.state is Assessment.NO_SEEKERS
    return Missing("no_seekers" if is_nobody else "not_assessable")


def shortage_table(
    figures: AuditFigures,
    earlier: Earlier,
    region: str,
    is_wanted: Wanted,
    *,
    query: str | None = None,
) -> ReportTable:
    """Return the ranking by gap in the ministry's columns.

    Source: the list of the hundred occupations in shortest supply, Ministry of Human Resources and Social
    Security (order and names of the columns). The changes are those of posts, as shares of what they were.

    Args:
        figures: of an audit.
        earlier: audits that changes are taken from.
        region: of the lines.
        is_wanted: which rows of the catalogue.
        query: what follows the address of a role's page; None where nothing is linked.
    """
    ranked = [
        one
        for one in rank_by_gap(
            figures, region, quarter_before=earlier.quarter, year_before=earlier.year
        )
        if is_wanted(one.role)
    ]
    rows = [_ranked(one, figures, earlier) for one in ranked]
    chart = ChartSpec(
        "grouped-bars", both("audit.chart.shortage"), "occupation", ("demand", "seekers"), first=15
    )
    return ReportTable(
        "shortage",
        both("audit.table.shortage"),
        SHORTAGE_COLUMNS,
        tuple(rows),
        chart if rows else None,
        () if query is None else tuple(f"/audit/roles/{one.role}{query}" for one in ranked),
    )


def _ranked(one: RankedRole, figures: AuditFigures, earlier: Earlier) -> tuple[Cell, ...]:
    return (
        one.rank,
        role_label(one.role),
        one.posts,
        one.people,
        one.gap,
        ratio_cell(one.ratio),
        _change(one.quarter, one.posts, earlier.is_broken(figures, "quarter")),
        _change(one.year, one.posts, earlier.is_broken(figures, "year")),
    )


def _change(change: RankChange | None, posts: int, is_broken: bool) -> Cell:
    if is_broken:
        return Missing("series_broken")
    if change is None or posts == change.posts:
        return Missing("not_recorded" if change is None else "not_applicable")
    return change.posts / (posts - change.posts)


def own_table(figures: AuditFigures, region: str, is_wanted: Wanted) -> ReportTable:
    """Return what the platform measures besides."""
    rows = [
        (
            role_label(row.role),
            row.qualified.people,
            _known(row.funnel.possible / row.demand.posts, "not_applicable"),
            row.gap_qualified,
            ratio_cell(row.ratio_qualified),
            _known(row.age.median_days, "not_recorded"),
            _known(row.age.share_long, "not_recorded"),
            _known(row.fill.rate if row.fill else None, "not_recorded"),
            _known(row.funnel.suitability_gap, "not_recorded"),
            _known(row.tension.index, "not_assessable"),
        )
        for row in _lines(figures, region, is_wanted)
    ]
    chart = ChartSpec("bars", both("audit.chart.age"), "occupation", ("age",), first=12)
    return ReportTable(
        "own", both("audit.table.own"), _OWN_COLUMNS, tuple(rows), chart if rows else None
    )


def causes_table(figures: AuditFigures, region: str | None, is_wanted: Wanted) -> ReportTable:
    """Return what keeps posts open.

    Args:
        figures: of an audit.
        region: of the lines; None for every city, and not the whole.
        is_wanted: which rows of the catalogue.
    """
    rows: list[tuple[Cell, ...]] = []
    for row in figures.rows:
        is_here = bool(row.region) if region is None else row.region == region
        if not is_here or not is_wanted(row.role):
            continue
        for cause in row.causes:
            named = joined(condition_label(one.condition) for one in cause.blocking[:_NAMED])
            rows.append(
                (
                    role_label(row.role),
                    place_label(row.region),
                    both(f"audit.cause.{cause.kind.value}"),
                    cause.posts,
                    cause.share,
                    named if cause.blocking else Missing("not_applicable"),
                )
            )
    return ReportTable("causes", both("audit.table.causes"), _CAUSE_COLUMNS, tuple(rows))


def unmet_table(figures: AuditFigures, region: str, is_wanted: Wanted) -> ReportTable:
    """Return the roles whose posts hardly anybody qualifies for, or that were searched for in vain."""
    rows = [
        (role_label(row.role), row.unmet.posts, row.unmet.vacancies, row.unmet.empty_searches)
        for row in sorted(
            (row for row in figures.rows if row.region == region and is_wanted(row.role)),
            key=lambda row: (-row.unmet.posts, -row.unmet.empty_searches, row.role),
        )
        if row.unmet.posts or row.unmet.empty_searches
    ]
    return ReportTable("unmet", both("audit.table.unmet"), _UNMET_COLUMNS, tuple(rows))


def fields_table(figures: AuditFigures, region: str, field: str = "") -> ReportTable:
    """Return the fields of the catalogue; who seeks two roles of a field is one person."""
    rows = [
        (
            field_label(row.field),
            row.demand.posts,
            row.declared.people,
            row.gap_declared,
            ratio_cell(row.ratio_declared),
            row.qualified.people,
            row.unmet.posts,
        )
        for row in figures.fields
        if row.region == region and (not field or row.field == field)
    ]
    return ReportTable("fields", both("audit.table.fields"), _FIELD_COLUMNS, tuple(rows))


def drift_tables(figures: AuditFigures) -> tuple[ReportTable, ...]:
    """Return demand without a row by title, rows without demand, and rows unlike what is asked for now."""
    drift = figures.drift
    titles = [(one.title, one.posts, one.vacancies) for one in drift.without_role[:_TITLES]]
    idle = [(role_label(number),) for number in drift.without_demand]
    unlike = [(role_label(one.role), one.similarity) for one in drift.unlike]
    return (
        ReportTable("unlinked", both("audit.table.unlinked"), _DRIFT_COLUMNS, tuple(titles)),
        ReportTable("idle", both("audit.table.idle"), _UNMET_COLUMNS[:1], tuple(idle)),
        ReportTable("unlike", both("audit.table.unlike"), _UNLIKE_COLUMNS, tuple(unlike)),
    )


def published_table(values: Iterable[PublishedIndex]) -> ReportTable:
    """Return indices that others published, as they are printed; Bole computes none of them."""
    rows = [
        (
            one.title,
            Missing("not_applicable") if one.role is None else role_label(one.role),
            one.value,
            one.band or Missing("not_recorded"),
            one.name,
            one.publisher,
            one.edition,
            one.source or Missing("not_recorded"),
        )
        for one in values
    ]
    return ReportTable("published", both("audit.table.published"), _PUBLISHED_COLUMNS, tuple(rows))


def city_map(figures: AuditFigures, role: int | None, field: str) -> TileMap:
    """Return a map: posts by city, or posts per seeker where one role or field is looked at."""
    values: dict[str, int | float | Missing] = {}
    if role is None and not field:
        for row in figures.rows:
            if row.region:
                values[row.region] = values.get(row.region, 0) + row.demand.posts  # type: ignore[operator]
        return TileMap(
            "cities",
            both("audit.map.posts"),
            "report.column.demand",
            "int",
            city_tiles({**dict.fromkeys(_cities(), 0), **values}),
        )
    lines: Iterable[tuple[str, Ratio]] = (
        ((one.region, one.ratio_declared) for one in figures.rows if one.role == role)
        if role is not None
        else ((one.region, one.ratio_declared) for one in figures.fields if one.field == field)
    )
    for region, ratio in lines:
        cell = ratio_cell(ratio)
        if isinstance(cell, float | Missing):
            values[region] = cell
    subject = role_label(role) if role is not None else field_label(field)
    return TileMap(
        "cities",
        both("audit.map.ratio", subject=subject),
        "report.column.ratio",
        "decimal",
        city_tiles({**dict.fromkeys(_cities(), Missing("not_assessable")), **values}),
    )


def _cities() -> tuple[str, ...]:
    return tuple(tile.code for tile in city_tiles({}))


def _lines(figures: AuditFigures, region: str, is_wanted: Wanted) -> list[RoleRow]:
    """Return the lines of a place with open posts, largest gap of the qualified first."""
    held = [
        row
        for row in figures.rows
        if row.region == region and row.demand.posts and is_wanted(row.role)
    ]
    return sorted(held, key=lambda row: (-row.gap_qualified, row.role))


def _known(value: float | None, otherwise: str) -> Cell:
    return Missing(otherwise) if value is None else float(value)  # type: ignore[arg-type]
