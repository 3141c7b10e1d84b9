"""The invented labour market: which roles, grades, places and pay, and how often."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from random import Random

from pydantic import BaseModel, ConfigDict

from ingest.samples.chance import Weighted
from ingest.samples.template_files import read_template
from taxonomies.catalogue import load_catalogue
from taxonomies.models import Lang, Region, Text
from taxonomies.regions import load_elsewhere, load_regions


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Grade(_Entry):
    """A rung of seniority; years are the experience that people on it have."""

    id: str
    years: tuple[int, int]
    pay: float
    share: float
    zh: tuple[str, ...]
    en: tuple[str, ...]

    def words(self, lang: Lang) -> tuple[str, ...]:
        """Return the words that name the grade."""
        return self.zh if lang == "zh" else self.en


class City(_Entry):
    """A city's share of records and its factor on pay."""

    share: float
    pay: float


class MarketData(_Entry):
    """The file `market.yaml`."""

    languages: dict[str, float]
    demand: tuple[int, ...]
    supply: dict[int, float]
    grades: tuple[Grade, ...]
    grade_marks: dict[str, tuple[str, ...]]
    lowest_grade: dict[str, int]
    cities: dict[str, City]
    talent_tiers: tuple[str, ...]


@dataclass(frozen=True)
class Place:
    """A region with the short name that people write, and its city."""

    code: str
    city: str
    name: Text


@dataclass(frozen=True)
class Market:
    """Distributions ready to draw from."""

    data: MarketData
    languages: Weighted[str]
    wanted: Weighted[int]
    offered: Weighted[int]
    cities: Weighted[str]
    places: dict[str, tuple[Place, ...]]
    elsewhere: tuple[Place, ...]

    def place(self, chance: Random) -> Place:
        """Draw a place in the province: the city itself, or more often one of its districts."""
        city, *districts = self.places[self.cities.draw(chance)]
        return chance.choice(districts) if districts and chance.random() < 0.65 else city

    def pay(self, base: int, grade: Grade, city: str, chance: Random) -> int:
        """Draw a monthly pay in yuan, rounded to 500 as advertisements round."""
        known = self.data.cities.get(city)
        level = base * grade.pay * (known.pay if known else 1.0)
        return max(3_000, round(level * chance.lognormvariate(0, 0.16) / 500) * 500)


@cache
def load_market() -> Market:
    """Load the market once.

    Raises:
        ValueError: the file ranks other rows than the catalogue has.
    """
    data = MarketData.model_validate(read_template("market.yaml"))
    rows = {role.number for role in load_catalogue().roles}
    if set(data.demand) != rows or len(data.demand) != len(rows):
        raise ValueError(
            "market.yaml: 'demand' should rank every catalogue row once; "
            f"missing {sorted(rows - set(data.demand))}, unknown {sorted(set(data.demand) - rows)}"
        )
    # Zipf-Mandelbrot with shift 2: without the shift the first row alone would take a fifth.
    demand = [1 / (rank + 2) for rank in range(1, len(data.demand) + 1)]
    supply = [
        weight * data.supply.get(row, 1.0) for row, weight in zip(data.demand, demand, strict=True)
    ]
    return Market(
        data=data,
        languages=Weighted(tuple(data.languages), data.languages.values()),
        wanted=Weighted(data.demand, demand),
        offered=Weighted(data.demand, supply),
        cities=Weighted(tuple(data.cities), (city.share for city in data.cities.values())),
        places={city: _places_of(city) for city in data.cities},
        elsewhere=tuple(_place(region, region.code) for region in load_elsewhere().values()),
    )


def _places_of(city: str) -> tuple[Place, ...]:
    regions = load_regions()
    districts = (
        region for region in regions.values() if region.parent == city and not region.valid_until
    )
    return tuple(_place(region, city) for region in (regions[city], *districts))


def _place(region: Region, city: str) -> Place:
    zh = region.aliases_zh[0] if region.aliases_zh else region.label.zh
    # A district's full English label is longer than anybody writes.
    short = region.level == "district" and region.aliases_en
    return Place(region.code, city, Text(zh, region.aliases_en[0] if short else region.label.en))
