"""What can be chosen in the forms of profiles and openings, named in one language."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from api.wording import wording
from taxonomies.catalogue import load_catalogue
from taxonomies.levels import load_education
from taxonomies.models import Lang, Region
from taxonomies.regions import load_elsewhere, load_regions

EMPLOYMENT = ("full-time", "part-time", "contract", "internship")


@dataclass(frozen=True)
class Place:
    """A region that can be chosen.

    Attributes:
        code: GB/T 2260, six digits.
        name: with the city that it lies in, so that it can stand alone.
        short: within its city.
    """

    code: str
    name: str
    short: str


@dataclass(frozen=True)
class PlaceGroup:
    """A city with its districts, or the large cities elsewhere.

    Attributes:
        name: of the group.
        places: what can be chosen in it, the city itself first.
    """

    name: str
    places: tuple[Place, ...]

    def holds(self, chosen: Collection[str]) -> bool:
        """Say whether one of the regions chosen is in the group."""
        return any(place.code in chosen for place in self.places)


def form_choices(lang: Lang, kept: Collection[str] = ()) -> dict[str, Any]:
    """Return what can be chosen: places by city; levels, roles and employment as pairs of value and name.

    Args:
        lang: language of the names.
        kept: regions that stand in the record; shown even where they exist no more.
    """
    words = wording(lang)
    return {
        "places": place_groups(lang, kept),
        "levels": [(level.id, level.label.within(lang)) for level in load_education()],
        "roles": [(str(role.number), role.title.within(lang)) for role in load_catalogue().roles],
        "kinds": [(kind, words(f"employment.{kind}")) for kind in EMPLOYMENT],
    }


def place_groups(lang: Lang, kept: Collection[str] = ()) -> list[PlaceGroup]:
    """Return the province, each city with its districts, and large cities elsewhere.

    Args:
        lang: language of the names.
        kept: former regions to offer all the same.
    """
    words = wording(lang)
    regions = [one for one in load_regions().values() if not one.valid_until or one.code in kept]
    by_level = {level: [one for one in regions if one.level == level] for level in _LEVELS}
    whole = [_group(one, (), lang) for one in by_level["province"]]
    cities = [
        _group(city, (one for one in by_level["district"] if one.parent == city.code), lang)
        for city in by_level["city"]
    ]
    others = (_place(one, "", lang) for one in load_elsewhere().values())
    return [*whole, *cities, PlaceGroup(words("choices.elsewhere"), tuple(others))]


_LEVELS = ("province", "city", "district")


def _group(upper: Region, lower: Iterable[Region], lang: Lang) -> PlaceGroup:
    name = upper.label.within(lang)
    return PlaceGroup(
        name, (_place(upper, "", lang), *(_place(one, f"{name} · ", lang) for one in lower))
    )


def _place(region: Region, before: str, lang: Lang) -> Place:
    name = region.label.within(lang)
    return Place(region.code, before + name, name)
