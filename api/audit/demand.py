"""The audit of demand as plain data: the lines that were asked for, and how they were made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.audit.allowed import require_officer
from api.audit.figures_plain import field_line, role_line, words_of
from api.audit.labels import both, place_label, role_label
from api.audit.report import METHODS

if TYPE_CHECKING:
    from api.access import Access
    from api.audit.question import AuditQuestion
    from search.audit.figures import AuditFigures


def demand(access: Access, asked: AuditQuestion, *, is_every_place: bool = False) -> dict[str, Any]:
    """Return the figures of a day.

    Args:
        access: who asks.
        asked: of which day, role, field and place.
        is_every_place: lines of all places, not only of the one asked for.

    Raises:
        Problem: 401 or 403.
    """
    require_officer(access)
    figures = access.bole.audits.audit(asked.as_of, asked.period).figures
    return demand_of(figures, asked, is_every_place=is_every_place)


def demand_of(
    figures: AuditFigures, asked: AuditQuestion, *, is_every_place: bool = False
) -> dict[str, Any]:
    """Return figures as plain data, those lines of them that are asked for."""
    lines = [
        role_line(row, figures)
        for row in figures.rows
        if (is_every_place or row.region == asked.region)
        and (asked.role is None or row.role == asked.role)
    ]
    return {
        "scope": words_of(both("report.warning")),
        "as_of": figures.as_of,
        "period": {"start": figures.period.start, "end": figures.period.end},
        "versions": dict(figures.versions),
        "thresholds": figures.thresholds.version,
        "inputs": dict(figures.inputs),
        "rows": [line for line in lines if not asked.field or line["field"] == asked.field],
        "fields": [
            field_line(row)
            for row in figures.fields
            if (is_every_place or row.region == asked.region)
            and asked.role is None
            and (not asked.field or row.field == asked.field)
        ],
        "unlinked": [
            {
                "region": row.region,
                "region_name": words_of(place_label(row.region)),
                "posts": row.demand.posts,
                "vacancies": row.demand.vacancies,
            }
            for row in figures.unlinked
            if is_every_place or row.region == asked.region
        ],
        "drift": {
            "without_role": [
                {"title": one.title, "posts": one.posts, "vacancies": one.vacancies}
                for one in figures.drift.without_role
            ],
            "without_demand": [_role(number) for number in figures.drift.without_demand],
            "unlike": [
                {**_role(one.role), "resemblance": one.similarity} for one in figures.drift.unlike
            ],
            "not_compared": [_role(number) for number in figures.drift.not_compared],
        },
        "searches": {
            "searches": figures.searches.searches,
            "empty": figures.searches.empty,
            "empty_without_role": figures.searches.empty_without_role,
        },
        "methods": [
            {
                part: words_of(both(f"audit.method.{name}.{part}"))
                for part in ("name", "formula", "source", "text")
            }
            for name in METHODS
        ],
    }


def _role(number: int) -> dict[str, Any]:
    return {"role": number, "title": words_of(role_label(number))}
