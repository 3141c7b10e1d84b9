"""The report of an audit: inside with true counts, outside with what may leave."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta, timezone
from typing import TYPE_CHECKING, Literal

from api.audit.allowed import require_officer
from api.audit.earlier import Earlier, earlier_than
from api.audit.labels import both, field_label, place_label, role_label
from api.audit.planning import EVERY_ROLE, forecast, progress, progress_of
from api.audit.public import released
from api.audit.public_report import public_report
from api.audit.report_planning import (
    forecast_table,
    report_proposals,
    role_forecasts_table,
    targets_table,
)
from api.audit.report_tables import (
    causes_table,
    city_map,
    drift_tables,
    fields_table,
    own_table,
    published_table,
    shortage_table,
    unmet_table,
    wanted,
)
from api.audit.snapshots import figures_of, kept_audit
from api.problems import Phrase, Problem
from api.reports.html_report import html_report
from api.wording import wording
from ingest.reports.content import MethodNote, Report, ReportTable
from ingest.reports.csv_table import csv_table
from ingest.reports.docx_report import docx_report
from ingest.reports.words import ReportWords
from ingest.reports.xlsx_report import xlsx_report
from search.accounts.principal import Scope
from search.audit.disclosure.errors import DisclosureError
from search.audit.figures import AuditFigures
from search.audit.forecast.forecasting import DemandForecast
from search.audit.ranking import rank_by_gap
from taxonomies.models import Lang, Text

if TYPE_CHECKING:
    from api.access import Access
    from api.audit.question import AuditQuestion
    from search.audit.stores.snapshots import KeptSnapshot

Format = Literal["docx", "xlsx", "html", "csv"]
FORMATS: tuple[Format, ...] = ("docx", "xlsx", "html", "csv")
#: The table of a report that CSV has where none is named: the ministry's columns.
FIRST_TABLE = "shortage"
MEDIA_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "html": "text/html; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
}
#: Roles that a report forecasts one by one: those of the largest gaps.
FORECAST_ROLES = 10
PROVINCE_TIME = timezone(timedelta(hours=8))
#: What a report explains, in this order; each has name, formula, source and meaning in the locales.
METHODS = (
    "demand",
    "declared",
    "qualified",
    "ratio",
    "gap",
    "age",
    "funnel",
    "fill",
    "unmet",
    "causes",
    "tension",
    "drift",
    "forecast",
    "targets",
)


def report(access: Access, asked: AuditQuestion, snapshot_id: str = "") -> Report:
    """Return the report of an audit with its true counts; all of its figures are made of a snapshot.

    Args:
        access: who asks.
        asked: of which day, role, field and place.
        snapshot_id: whose figures; "" for those of the day, which are frozen where they are not yet.

    Raises:
        Problem: 401, 403, 404, 409.
    """
    kept, figures, earlier = _frozen(access, asked, snapshot_id)
    return Report(
        title=both("audit.report.title", subject=_subject(asked)),
        jurisdiction=place_label(asked.region),
        as_of=figures.as_of,
        period_label=period_label(figures),
        generated_at=access.bole.now().astimezone(PROVINCE_TIME),
        versions=_versions(figures, kept, earlier),
        notes=methods(),
        header_warning=both("report.warning"),
        tables=tuple(_tables(access, asked, figures, earlier)),
        map=city_map(figures, asked.role, asked.field),
        proposals=report_proposals(figures.proposals),
    )


def _frozen(
    access: Access, asked: AuditQuestion, snapshot_id: str
) -> tuple[KeptSnapshot, AuditFigures, Earlier]:
    """Return the snapshot that a report is made of, its figures, and those to compare with."""
    kept, figures = figures_of(access, snapshot_id) if snapshot_id else kept_audit(access, asked)
    return kept, figures, earlier_than(access.bole.audit_stores.snapshots, figures.as_of)


def _tables(
    access: Access, asked: AuditQuestion, figures: AuditFigures, earlier: Earlier
) -> Iterator[ReportTable]:
    """Yield the tables of a report in order; who needs one of the first waits for no forecast."""
    is_wanted, region = wanted(asked.role, asked.field), asked.region
    yield shortage_table(figures, earlier, region, is_wanted)
    yield own_table(figures, region, is_wanted)
    yield causes_table(figures, region or None, is_wanted)
    yield unmet_table(figures, region, is_wanted)
    yield fields_table(figures, region, asked.field)
    yield from drift_tables(figures)
    total = forecast(access, figures, EVERY_ROLE if asked.role is None else asked.role)
    if isinstance(total, DemandForecast):
        subject = both("audit.all_roles") if asked.role is None else role_label(asked.role)
        yield forecast_table(total, subject)
    ranked = [one.role for one in rank_by_gap(figures, region) if is_wanted(one.role)]
    if ranked:
        forecasts = [forecast(access, figures, number) for number in ranked[:FORECAST_ROLES]]
        yield role_forecasts_table(forecasts)
    yield targets_table(progress_of(figures))
    if figures.published:
        yield published_table(figures.published)


def report_file(
    access: Access,
    asked: AuditQuestion,
    format: Format,
    lang: Lang,
    *,
    snapshot_id: str = "",
    is_public: bool = False,
    table: str = "",
) -> bytes:
    """Return a report as a file; that it was taken is noted.

    Args:
        access: who asks.
        asked: of which day, role, field and place; what may leave has all roles and cities.
        format: of the file.
        lang: of its words.
        snapshot_id: whose figures; not for what may leave, which has a ledger of its own.
        is_public: what may leave the office.
        table: id of the table that CSV has; "" for the first.

    Raises:
        Problem: 401, 403; 404, also for a table that the report has not; 409 where the ledger refuses.
    """
    require_officer(access, Scope.EXPORT)
    words = report_words(lang)
    if format == "csv":
        tables: Iterable[ReportTable]
        if is_public:
            tables = _public(access, asked).tables
        else:
            _, figures, earlier = _frozen(access, asked, snapshot_id)
            tables = _tables(access, asked, figures, earlier)
        _note(access, format, is_public=is_public)
        return csv_table(_named(tables, table or FIRST_TABLE), words)
    made = _public(access, asked) if is_public else report(access, asked, snapshot_id)
    _note(access, format, is_public=is_public)
    match format:
        case "docx":
            return docx_report(made, words)
        case "xlsx":
            return xlsx_report(made, words)
        case "html":
            return html_report(made, words).encode()


def _public(access: Access, asked: AuditQuestion) -> Report:
    try:
        return public_report(
            released(access, asked),
            asked,
            access.bole.now().astimezone(PROVINCE_TIME),
            targets_table(progress(access, asked.as_of)),
        )
    except DisclosureError as error:
        raise Problem("conflict", detail=Phrase("audit.public.refused")) from error


def _note(access: Access, format: Format, *, is_public: bool) -> None:
    what = "public" if is_public else "internal"
    access.bole.access_log.note(access.who, "export", [""], f"audit {what} {format}")


def _named(tables: Iterable[ReportTable], name: str) -> ReportTable:
    found = next((one for one in tables if one.id == name), None)
    if found is None:
        raise Problem("not-found")
    return found


def report_words(lang: Lang) -> ReportWords:
    """Return the words of reports in one language."""
    return ReportWords(lang, wording(lang).texts())


def methods() -> tuple[MethodNote, ...]:
    """Return how the figures come about, each with formula and source."""
    return tuple(
        MethodNote(
            both(f"audit.method.{name}.name"),
            both(f"audit.method.{name}.formula"),
            both(f"audit.method.{name}.source"),
            both(f"audit.method.{name}.text"),
        )
        for name in METHODS
    )


def period_label(figures: AuditFigures) -> Text:
    """Return the period in words."""
    return both("audit.period", start=figures.period.start, end=figures.period.end)


def _versions(figures: AuditFigures, kept: KeptSnapshot, earlier: Earlier) -> dict[str, str]:
    found = {
        **figures.versions,
        "thresholds": figures.thresholds.version,
        "snapshot": kept.id,
        "hash": kept.digest,
    }
    if earlier.quarter_id:
        found["quarter-before"] = earlier.quarter_id
    if earlier.year_id:
        found["year-before"] = earlier.year_id
    return found


def _subject(asked: AuditQuestion) -> Text:
    if asked.role is not None:
        return role_label(asked.role)
    return field_label(asked.field) if asked.field else both("audit.all_roles")
