"""Of which day, period, role, field and place an audit is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from api.problems import invalid
from search.audit.period import Period
from search.audit.places import OUTSIDE, UNKNOWN_PLACE, WHOLE, city_of
from taxonomies.catalogue import load_catalogue
from taxonomies.regions import load_regions

if TYPE_CHECKING:
    from api.access import Access

#: Days of a period that none is named for: a quarter.
PERIOD_DAYS = 90
#: Longest period; searches are kept for a little longer.
LONGEST_DAYS = 366
EARLIEST = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class AuditQuestion:
    """What is asked.

    Attributes:
        as_of: day of the figures.
        period: of outcomes and searches; it ends on that day.
        role: row number; None for all.
        field: code of a field; "" for all.
        region: place of the lines: "" for the whole, a city, `unknown` or `outside`.
    """

    as_of: date
    period: Period
    role: int | None = None
    field: str = ""
    region: str = WHOLE


def question(
    access: Access,
    *,
    as_of: date | None = None,
    start: date | None = None,
    role: int | None = None,
    field: str = "",
    region: str = "",
    place: str = "query",
) -> AuditQuestion:
    """Return what is asked, with what was left out filled in.

    Args:
        access: who asks.
        as_of: day; today where None.
        start: first day of the period; 90 days with the last where None.
        role: row number.
        field: code of a field.
        region: code of a region; a district stands for its city.
        place: part of the request that it came in.

    Raises:
        Problem: 422, one of them cannot be.
    """
    today = access.today()
    day = as_of or today
    if not EARLIEST <= day <= today:
        raise invalid(place, "as_of", "audit_day", earliest=EARLIEST, latest=today)
    first = start or day - timedelta(days=PERIOD_DAYS - 1)
    if not day - timedelta(days=LONGEST_DAYS) < first <= day:
        raise invalid(place, "start", "audit_start", days=LONGEST_DAYS)
    if role is not None and load_catalogue().role(role) is None:
        raise invalid(place, "role", "unknown_role")
    if field and field not in {entry.code for entry in load_catalogue().fields}:
        raise invalid(place, "field", "unknown_field")
    return AuditQuestion(day, Period(first, day), role, field, line_region(region, place))


def line_region(region: str, place: str = "query") -> str:
    """Return the place of a line that a region stands for.

    Raises:
        Problem: 422, there is no such region.
    """
    if region in {WHOLE, UNKNOWN_PLACE, OUTSIDE}:
        return region
    known = load_regions().get(region)
    if known is None:
        raise invalid(place, "region", "unknown_region")
    return WHOLE if known.level == "province" else city_of(region)


def asked_by(access: Access, params: Mapping[str, str]) -> AuditQuestion:
    """Return what the address of a page asks.

    Raises:
        Problem: 422, one of its parts cannot be read.
    """
    role = params.get("role", "")
    if role and not (role.isascii() and role.isdigit() and len(role) <= 4):
        raise invalid("query", "role", "unknown_role")
    return question(
        access,
        as_of=_day(params, "as_of"),
        start=_day(params, "start"),
        role=int(role) if role else None,
        field=params.get("field", ""),
        region=params.get("region", ""),
    )


def _day(params: Mapping[str, str], name: str) -> date | None:
    text = params.get(name, "").strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise invalid("query", name, "date") from None
