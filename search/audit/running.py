"""Running an audit: from inputs, or from prepared inputs, to figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from search.audit.counted import Counted, counted
from search.audit.figures import AuditFigures, SearchFigures
from search.audit.forecast.openings import monthly_openings
from search.audit.inputs import AuditInputs
from search.audit.lines import Lines
from search.audit.measures.drift import drift
from search.audit.measures.unmet import empty_searches
from search.audit.period import Period
from search.audit.places import WHOLE
from search.audit.prepared import Prepared, prepare, role_of
from search.audit.proposals.proposing import compared, propose
from search.audit.published.index import PublishedIndex
from search.audit.rows import field_rows, role_rows, unlinked_rows
from search.audit.thresholds import Thresholds

#: Version of what this package makes of the same inputs; a change of it breaks every series.
METHOD = "2"


def run_audit(
    inputs: AuditInputs,
    as_of: date,
    period: Period,
    thresholds: Thresholds | None = None,
    *,
    versions: Mapping[str, str] | None = None,
    published: tuple[PublishedIndex, ...] = (),
) -> AuditFigures:
    """Compute all figures of a day.

    Args:
        inputs: the records; their order means nothing.
        as_of: day on which openness, ages and standing are taken.
        period: of outcomes and searches, for example the quarter that ends on `as_of`.
        thresholds: what was chosen; the current ones by default.
        versions: of catalogue, skills, regions, model; `method` is added.
        published: indices of others, carried along as published.
    """
    prepared = prepare(inputs, as_of, Thresholds() if thresholds is None else thresholds)
    return audit_prepared(prepared, period, versions=versions, published=published)


def audit_prepared(
    prepared: Prepared,
    period: Period,
    *,
    versions: Mapping[str, str] | None = None,
    published: tuple[PublishedIndex, ...] = (),
) -> AuditFigures:
    """Compute all figures of prepared inputs; the same as `run_audit` of them."""
    data = counted(prepared, period)
    inputs, lines, thresholds = prepared.inputs, data.lines, prepared.thresholds
    rows = role_rows(data)
    duties = compared(inputs, prepared.as_of, thresholds)
    return AuditFigures(
        as_of=prepared.as_of,
        period=period,
        thresholds=prepared.thresholds,
        versions={"method": METHOD, **(versions or {})},
        inputs=prepared.input_hashes(),
        catalogue=tuple(sorted(inputs.catalogue)),
        rows=rows,
        fields=field_rows(data),
        unlinked=unlinked_rows(data),
        drift=drift(
            lines.open.get((None, WHOLE), ()),
            {row.role: row.demand.posts for row in rows if row.region == WHOLE},
            inputs.catalogue,
            {row.role: row.resemblance for row in duties},
            thresholds.resemblance,
        ),
        searches=_searches(data, lines),
        openings=monthly_openings(
            (replace(one, role=role_of(one, thresholds)) for one in inputs.vacancies),
            prepared.as_of,
        ),
        proposals=propose(inputs, prepared.as_of, thresholds, duties),
        actuals=tuple(
            sorted(
                (one for one in inputs.actuals if one.on <= prepared.as_of),
                key=lambda one: (one.indicator, one.on, one.source),
            )
        ),
        published=published,
    )


def _searches(data: Counted, lines: Lines) -> SearchFigures:
    held = data.prepared.inputs.searches
    return SearchFigures(
        searches=sum(search.on in data.period for search in held),
        empty=empty_searches(held, data.period),
        empty_without_role=empty_searches(lines.searches.get((None, WHOLE), ()), data.period),
    )
