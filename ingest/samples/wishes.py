"""What a candidate looks for; every part may be left open."""

from __future__ import annotations

from random import Random

from ingest.samples.market import Grade, Place, load_market
from ingest.samples.profiles import Profile

#: The whole province, for those who would work anywhere in it.
PROVINCE = "330000"


def draw_wishes(
    row: int, profile: Profile, grade: Grade, place: Place, chance: Random
) -> dict[str, object]:
    """Draw the wishes of a person of this row, grade and place."""
    random = chance.random
    roles = [row] if random() < 0.76 else []
    if roles and random() < 0.3:
        roles.append(chance.choice(profile.neighbours))
    return {
        "roles": roles,
        "regions": _regions(place, chance) if random() < 0.75 else [],
        "pay_monthly_yuan": (
            load_market().pay(round(profile.work.pay * 1.08), grade, place.city, chance)
            if random() < 0.68
            else None
        ),
        "employment": _employment(grade, chance),
    }


def _regions(place: Place, chance: Random) -> list[str]:
    market = load_market()
    if chance.random() < 0.05:
        return [PROVINCE]
    if place.city not in market.places:
        wished = [market.cities.draw(chance)]
    else:
        wished = [place.code if chance.random() < 0.25 else place.city]
    if chance.random() < 0.3:
        wished.append(market.cities.draw(chance))
    return list(dict.fromkeys(wished))


def _employment(grade: Grade, chance: Random) -> list[str]:
    if chance.random() < 0.25:
        return []
    if grade.id == "junior" and chance.random() < 0.15:
        return ["internship"]
    return ["full-time", "contract"] if chance.random() < 0.1 else ["full-time"]
