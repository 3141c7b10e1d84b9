"""Places as the audit prints them: prefecture-level cities, and what lies in none of them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from taxonomies.regions import UnknownRegionError, lineage, load_elsewhere, load_regions

#: The whole province, and whatever cannot be placed within it.
WHOLE = ""
#: No place is said, only the province, or a code that no release knows.
UNKNOWN_PLACE = "unknown"
#: A city outside the province.
OUTSIDE = "outside"


@lru_cache(maxsize=4096)
def city_of(code: str | None) -> str:
    """Return the prefecture-level city that a region lies in, `UNKNOWN_PLACE` or `OUTSIDE`.

    >>> city_of("330106"), city_of("330100"), city_of("330000"), city_of(None), city_of("310000")
    ('330100', '330100', 'unknown', 'unknown', 'outside')
    """
    if code is None:
        return UNKNOWN_PLACE
    if code in load_elsewhere():
        return OUTSIDE
    regions = load_regions()
    cities = [above for above in chain(code) if above in regions and regions[above].level == "city"]
    return cities[0] if cities else UNKNOWN_PLACE


@lru_cache(maxsize=4096)
def chain(code: str) -> tuple[str, ...]:
    """Return a region and those that it lies in; an unknown code alone."""
    try:
        return lineage(code)
    except UnknownRegionError:
        return (code,)


def places_of(codes: Iterable[str | None]) -> frozenset[str]:
    """Return regions with those that they lie in."""
    return frozenset(above for code in codes if code is not None for above in chain(code))
