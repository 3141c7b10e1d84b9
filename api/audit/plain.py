"""Snapshots, comparisons, targets and forecasts as plain data, for programs."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from api.audit.figures_plain import words_of
from api.audit.labels import place_label, role_label
from search.audit.forecast.forecasting import TooLittleData

if TYPE_CHECKING:
    from api.audit.planning import Forecast
    from api.audit.snapshots import Verification
    from search.audit.series import Comparison
    from search.audit.stores.snapshots import KeptSnapshot
    from search.audit.targets.progress import Progress

#: Differences that are told one by one.
DIFFERENCES = 100


def snapshot(kept: KeptSnapshot) -> dict[str, Any]:
    """Return a snapshot without its document."""
    return {
        "id": kept.id,
        "url": f"/v1/audit/snapshots/{kept.id}",
        "made_at": kept.made_at,
        "made_by": kept.made_by,
        "as_of": kept.as_of,
        "period": {"start": kept.period.start, "end": kept.period.end},
        "hash": kept.digest,
    }


def verification(found: Verification) -> dict[str, Any]:
    """Return what a check of a snapshot found; of many differences the first."""
    return {
        "snapshot": snapshot(found.kept),
        "is_intact": not found.problem,
        "problem": found.problem,
        "is_same_input": found.is_same_input,
        "differences": [asdict(one) for one in found.differences[:DIFFERENCES]],
        "total": len(found.differences),
    }


def comparison(
    before: KeptSnapshot, after: KeptSnapshot, found: Comparison, region: str
) -> dict[str, Any]:
    """Return two snapshots side by side, the lines of one place."""
    return {
        "before": snapshot(before),
        "after": snapshot(after),
        "is_series": found.is_series,
        "breaks": [asdict(one) for one in found.breaks],
        "rows": [
            {
                "role": row.role,
                "title": words_of(role_label(row.role)),
                "region": row.region,
                "figures": {name: asdict(figure) for name, figure in row.figures},
            }
            for row in found.rows
            if row.region == region
        ],
    }


def target(one: Progress) -> dict[str, Any]:
    """Return a target beside what was entered."""
    indicator, actual = one.indicator, one.actual
    return {
        "indicator": indicator.id,
        "subject": words_of(indicator.subject),
        "place": indicator.place,
        "place_name": words_of(place_label(indicator.place)),
        "year": indicator.year,
        "plan": str(indicator.value),
        "unit": words_of(indicator.unit),
        "kind": one.kind.value,
        "actual": None
        if actual is None
        else {
            "value": str(actual.value),
            "unit": actual.unit,
            "on": actual.on,
            "source": actual.source,
            "note": actual.note,
        },
        "ratio": None if one.ratio is None else float(one.ratio),
        "standing": one.standing,
        "due": one.due,
        "is_late": one.is_late,
        "is_pace_kept": None if one.pace is None else one.pace.is_kept,
        "no_pace": one.no_pace,
    }


def forecast(found: Forecast) -> dict[str, Any]:
    """Return a forecast, or what is missing for one."""
    if isinstance(found, TooLittleData):
        told = asdict(found)
        return {"role": told.pop("role"), "forecast": None, "too_little": told}
    return {
        "role": found.role,
        "forecast": {
            "observed": found.observed,
            "last": found.last,
            "months": found.months,
            "level": found.level,
            "stated": asdict(found.stated),
            "smoothing": asdict(found.smoothing),
            "naive": asdict(found.naive),
            "backtest": asdict(found.backtest),
            "notes": found.notes,
        },
        "too_little": None,
    }
