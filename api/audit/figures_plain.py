"""The lines of an audit as plain data, for programs: numbers, codes and names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from api.audit.labels import condition_label, field_label, place_label, role_label
from search.audit.causes import Cause
from search.audit.drill import Measure
from search.audit.measures.ratio import Ratio
from search.audit.measures.supply import Supply
from taxonomies.catalogue import load_catalogue
from taxonomies.models import Text

if TYPE_CHECKING:
    from datetime import date

    from search.audit.figures import AuditFigures, FieldRow, RoleRow
    from search.audit.period import Period


def words_of(text: Text) -> dict[str, str]:
    """Return a text under both languages."""
    return {"zh": text.zh, "en": text.en}


def role_line(row: RoleRow, figures: AuditFigures) -> dict[str, Any]:
    """Return one line of a role in a place, with where the records behind it are."""
    role = load_catalogue().role(row.role)
    funnel, fill = row.funnel, row.fill
    return {
        "role": row.role,
        "title": words_of(role_label(row.role)),
        "field": role.field.code if role else "",
        **_common(row),
        "age": {
            "known": row.age.known,
            "median_days": row.age.median_days,
            "share_long": row.age.share_long,
        },
        "funnel": {
            "matched": funnel.matched,
            "qualified": funnel.qualified,
            "possible": funnel.possible,
            "recorded": funnel.recorded,
            "shortlisted": funnel.shortlisted,
            "hired": funnel.hired,
            "matched_per_post": funnel.matched_per_post,
            "qualified_per_post": funnel.qualified_per_post,
            "suitability_gap": funnel.suitability_gap,
        },
        "fill": None
        if fill is None
        else {
            "vacancies": fill.vacancies,
            "advertised": fill.advertised,
            "filled": fill.filled,
            "rate": fill.rate,
        },
        "tension": {
            "index": row.tension.index,
            "level": row.tension.level.value,
            "parts": [
                {"name": part.name, "value": part.value, "points": part.points}
                for part in row.tension.parts
            ],
        },
        "causes": [_cause(cause) for cause in row.causes],
        "records": {
            measure.value: drill_url(measure, row.role, row.region, figures.as_of, figures.period)
            for measure in Measure
        },
    }


def field_line(row: FieldRow) -> dict[str, Any]:
    """Return one line of a field in a place."""
    return {
        "field": row.field,
        "name": words_of(field_label(row.field)),
        **_common(row),
    }


def drill_url(
    measure: Measure,
    role: int | None,
    region: str,
    as_of: date,
    period: Period,
    base: str = "/v1/audit/drill",
) -> str:
    """Return where the records behind a figure are listed."""
    pairs = [("measure", measure.value), ("as_of", as_of.isoformat())]
    pairs += [("start", period.start.isoformat())]
    pairs += [("role", str(role))] if role is not None else []
    pairs += [("region", region)] if region else []
    return f"{base}?{urlencode(pairs)}"


def _common(row: RoleRow | FieldRow) -> dict[str, Any]:
    """Return what the lines of roles and of fields both say."""
    return {
        "region": row.region,
        "region_name": words_of(place_label(row.region)),
        "demand": {
            "posts": row.demand.posts,
            "vacancies": row.demand.vacancies,
            "without_headcount": row.demand.without_headcount,
        },
        "declared": _supply(row.declared),
        "qualified": _supply(row.qualified),
        "ratio_declared": _ratio(row.ratio_declared),
        "ratio_qualified": _ratio(row.ratio_qualified),
        "gap_declared": row.gap_declared,
        "gap_qualified": row.gap_qualified,
        "unmet": {
            "posts": row.unmet.posts,
            "vacancies": row.unmet.vacancies,
            "empty_searches": row.unmet.empty_searches,
        },
    }


def _supply(supply: Supply) -> dict[str, Any]:
    return {
        "people": supply.people,
        "fractional": supply.fractional,
        "stale": supply.stale,
        "reachable": supply.reachable,
    }


def _ratio(ratio: Ratio) -> dict[str, Any]:
    return {"value": ratio.value, "state": ratio.state.value}


def _cause(cause: Cause) -> dict[str, Any]:
    return {
        "kind": cause.kind.value,
        "posts": cause.posts,
        "vacancies": cause.vacancies,
        "share": cause.share,
        "blocking": [
            {
                "condition": one.condition,
                "label": words_of(condition_label(one.condition)),
                "posts": one.posts,
                "vacancies": one.vacancies,
            }
            for one in cause.blocking
        ],
        "examples": [
            {
                "vacancy_id": one.vacancy_id,
                "url": f"/v1/vacancies/{one.vacancy_id}",
                "posts": one.posts,
                "qualified": one.qualified,
                "anywhere": one.anywhere,
                "here": one.here,
                "here_unknown": one.here_unknown,
                "above_pay": one.above_pay,
            }
            for one in cause.examples
        ],
    }
