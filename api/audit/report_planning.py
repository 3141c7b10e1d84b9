"""What an office plans with, as tables and proposals of a report."""

from __future__ import annotations

from collections.abc import Iterable

from api.audit.labels import both, place_label, role_label
from api.audit.planning import Forecast
from ingest.reports.content import (
    Cell,
    ChartSpec,
    Evidence,
    Missing,
    Proposal,
    ReportColumn,
    ReportTable,
)
from search.audit.forecast.forecasting import DemandForecast
from search.audit.proposals.additions import Addition
from search.audit.proposals.proposing import Proposals
from search.audit.proposals.rewordings import Rewording
from search.audit.proposals.withdrawals import Withdrawal
from search.audit.targets.progress import Progress
from taxonomies.catalogue import load_catalogue
from taxonomies.models import Text

#: Months of a drawing that are known.
MONTHS_SHOWN = 24
#: Proposals of each sort in a report.
_PROPOSALS = 20

_FORECAST_COLUMNS = (
    ReportColumn("month", "report.column.period", "text"),
    ReportColumn("posts", "report.column.demand", "decimal"),
    ReportColumn("lower", "report.column.lower", "decimal"),
    ReportColumn("upper", "report.column.upper", "decimal"),
    ReportColumn("baseline", "report.column.baseline", "decimal"),
)
_ROLE_COLUMNS = (
    ReportColumn("occupation", "report.column.occupation", "text"),
    ReportColumn("expected", "report.column.expected", "decimal"),
    ReportColumn("lower", "report.column.lower", "decimal"),
    ReportColumn("upper", "report.column.upper", "decimal"),
    ReportColumn("method", "report.column.method", "text"),
    ReportColumn("mase", "report.column.mase", "decimal"),
    ReportColumn("mase-baseline", "report.column.mase_baseline", "decimal"),
)
_TARGET_COLUMNS = (
    ReportColumn("subject", "report.column.indicator", "text"),
    ReportColumn("place", "report.column.region", "text"),
    ReportColumn("year", "report.column.year", "text"),
    ReportColumn("plan", "report.column.plan", "decimal"),
    ReportColumn("unit", "report.column.unit", "text"),
    ReportColumn("actual", "report.column.actual", "decimal"),
    ReportColumn("on", "report.column.on", "date"),
    ReportColumn("progress", "report.column.progress", "percent"),
    ReportColumn("standing", "report.column.standing", "text"),
)


def forecast_table(found: DemandForecast, subject: Text, id: str = "forecast") -> ReportTable:
    """Return the posts of months known and to come, with interval and baseline."""
    nothing = Missing("not_applicable")
    count = min(len(found.observed), MONTHS_SHOWN)
    known = found.observed[-count:]
    months = [_month_before(found.last.year, found.last.month, back) for back in range(count)]
    rows: list[tuple[Cell, ...]] = [
        (_month(year, month), float(posts), nothing, nothing, nothing)
        for (year, month), posts in zip(reversed(months), known, strict=True)
    ]
    stated = found.stated
    rows += [
        (
            _month(day.year, day.month),
            stated.expected[at],
            stated.low[at],
            stated.high[at],
            found.naive.expected[at],
        )
        for at, day in enumerate(found.months)
    ]
    return ReportTable(
        id,
        both("audit.table.forecast", subject=subject),
        _FORECAST_COLUMNS,
        tuple(rows),
        ChartSpec(
            "line-band",
            both("audit.chart.forecast", subject=subject),
            "month",
            ("posts",),
            "lower",
            "upper",
            first=len(rows),
        ),
    )


def role_forecasts_table(found: Iterable[Forecast]) -> ReportTable:
    """Return what is expected of roles in the months to come, all together, with the errors of the past."""
    rows: list[tuple[Cell, ...]] = []
    for one in found:
        if not isinstance(one, DemandForecast):
            reason = Missing("not_assessable")
            rows.append((role_label(one.role), *[reason] * (len(_ROLE_COLUMNS) - 1)))
            continue
        stated, backtest = one.stated, one.backtest
        rows.append(
            (
                role_label(one.role),
                sum(stated.expected),
                min(stated.low),
                max(stated.high),
                both(f"forecast.form.{stated.form}"),
                _figure(backtest.smoothing.mase),
                _figure(backtest.naive.mase),
            )
        )
    return ReportTable("role-forecasts", both("audit.table.forecasts"), _ROLE_COLUMNS, tuple(rows))


def targets_table(found: Iterable[Progress]) -> ReportTable:
    """Return the targets that are printed, beside what was entered."""
    nothing = Missing("not_recorded")
    rows = []
    for one in found:
        target = one.indicator
        rows.append(
            (
                target.subject,
                place_label(target.place),
                Missing("not_applicable") if target.year is None else str(target.year),
                float(target.value),
                target.unit,
                nothing if one.value is None else float(one.value),
                nothing if one.actual is None else one.actual.on,
                nothing if one.ratio is None else float(one.ratio),
                both(f"indicator.standing.{one.standing}"),
            )
        )
    return ReportTable("targets", both("audit.table.targets"), _TARGET_COLUMNS, tuple(rows))


def report_proposals(found: Proposals) -> tuple[Proposal, ...]:
    """Return the proposals with what they rest on."""
    return (
        *(_addition(n, one) for n, one in enumerate(found.additions[:_PROPOSALS], start=1)),
        *(_withdrawal(one) for one in found.withdrawals[:_PROPOSALS]),
        *(_rewording(one) for one in found.rewordings[:_PROPOSALS]),
    )


def _addition(number: int, one: Addition) -> Proposal:
    platform = both("audit.evidence.postings")
    evidence = [
        Evidence(both("report.column.demand"), one.posts, "int", platform),
        Evidence(both("audit.evidence.employers"), one.employers, "int", platform),
        Evidence(both("audit.evidence.titles"), " / ".join(one.titles[:5]), "text", platform),
    ]
    if one.last is not None:
        evidence.append(Evidence(both("audit.evidence.last"), one.last, "date", platform))
    return Proposal(
        f"add-{number}",
        "add",
        one.title,
        "",
        both("proposal.add", posts=one.posts, employers=one.employers),
        tuple(evidence),
    )


def _withdrawal(one: Withdrawal) -> Proposal:
    platform = both("audit.evidence.postings")
    evidence = [Evidence(both("audit.evidence.months"), one.months, "int", platform)]
    if one.last is not None:
        evidence.append(Evidence(both("audit.evidence.last"), one.last, "date", platform))
    reason = both("proposal.drop", months=one.months)
    return Proposal(f"drop-{one.role}", "retire", role_label(one.role), "", reason, tuple(evidence))


def _rewording(one: Rewording) -> Proposal:
    postings, printed = both("audit.evidence.postings"), both("audit.evidence.catalogue")
    role = load_catalogue().role(one.role)
    evidence = [
        Evidence(term.term, term.share, "percent", both("proposal.new_term", records=term.records))
        for term in one.new
    ]
    if one.unused:
        unused = Evidence(both("proposal.unused"), " / ".join(one.unused), "text", printed)
        evidence.append(unused)
    evidence.append(Evidence(both("audit.evidence.records"), one.records, "int", postings))
    reason = both("proposal.reword", records=one.records, resemblance=f"{one.resemblance:.2f}")
    return Proposal(
        f"reword-{one.role}",
        "reword",
        role_label(one.role),
        role.duty if role else "",
        reason,
        tuple(evidence),
    )


def _month(year: int, month: int) -> str:
    return f"{year}-{month:02}"


def _month_before(year: int, month: int, back: int) -> tuple[int, int]:
    index = year * 12 + month - 1 - back
    return index // 12, index % 12 + 1


def _figure(value: float | None) -> Cell:
    return Missing("not_assessable") if value is None else value
