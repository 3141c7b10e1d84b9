"""Places: the province, its cities and districts with national codes, zones, and key industries."""

from __future__ import annotations

from functools import cache
from types import MappingProxyType

from taxonomies.models import Industry, Region, Text, Zone
from taxonomies.releases import open_release, split


class UnknownRegionError(ValueError):
    """A region code that no release knows."""


@cache
def load_regions() -> MappingProxyType[str, Region]:
    """Return the regions of the jurisdiction by code, former ones included."""
    return MappingProxyType(
        {
            row["code"]: _region(row, row["level"], row["parent"])
            for row in open_release("regions").rows("regions.csv")
        }
    )


@cache
def load_elsewhere() -> MappingProxyType[str, Region]:
    """Return large cities outside the jurisdiction, so that a text that names one is understood."""
    return MappingProxyType(
        {
            row["code"]: _region(row, "elsewhere", "")
            for row in open_release("regions").rows("elsewhere.csv")
        }
    )


@cache
def load_zones() -> tuple[Zone, ...]:
    """Return parks, towns and development zones."""
    return tuple(
        Zone(
            id=row["id"],
            region=row["region"],
            label=Text(row["label_zh"], row["label_en"]),
            aliases_zh=split(row["aliases_zh"]),
            aliases_en=split(row["aliases_en"]),
        )
        for row in open_release("regions").rows("zones.csv")
    )


@cache
def load_industries() -> tuple[Industry, ...]:
    """Return the key industries that the sources print for a place."""
    return tuple(
        Industry(
            id=row["id"],
            region=row["region"],
            place_zh=row["place_zh"],
            industry=Text(row["industry_zh"], row["industry_en"]),
            fields=split(row["fields"]),
            document=row["document"],
            heading=row["heading"],
            quote=row["quote"],
        )
        for row in open_release("regions").rows("industries.csv")
    )


def lineage(code: str) -> tuple[str, ...]:
    """Return a region's code and those of the regions it lies in, nearest first.

    A former district is followed by its successor, so that old records stay findable.

    Raises:
        UnknownRegionError: no release knows the code.
    """
    region = load_regions().get(code) or load_elsewhere().get(code)
    if region is None:
        raise UnknownRegionError(
            f"region {code!r} was asked for; GET /v1/regions (or `bole taxonomy regions`) lists the codes"
        )
    above = [region.successor, region.parent]
    chain = [code, *(part for parent in above if parent for part in lineage(parent))]
    return tuple(dict.fromkeys(chain))


def _region(row: dict[str, str], level: str, parent: str) -> Region:
    return Region(
        code=row["code"],
        level=level,
        parent=parent,
        label=Text(row["label_zh"], row["label_en"]),
        aliases_zh=split(row["aliases_zh"]),
        aliases_en=split(row["aliases_en"]),
        valid_until=row.get("valid_until") or "",
        successor=row.get("successor") or "",
    )
