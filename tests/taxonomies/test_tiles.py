"""The tile map holds every city once, and each lies where it lies."""

from __future__ import annotations

from itertools import combinations

import pytest

from taxonomies.regions import load_regions
from taxonomies.tiles import load_tiles

#: Degrees north and east of the city halls, rounded; general knowledge.
POSITIONS = {
    "Hangzhou": (30.3, 120.2),
    "Ningbo": (29.9, 121.6),
    "Wenzhou": (28.0, 120.7),
    "Jiaxing": (30.8, 120.8),
    "Huzhou": (30.9, 120.1),
    "Shaoxing": (30.0, 120.6),
    "Jinhua": (29.1, 119.6),
    "Quzhou": (28.9, 118.9),
    "Zhoushan": (30.0, 122.2),
    "Taizhou": (28.7, 121.4),
    "Lishui": (28.5, 119.9),
}
#: Pairs with a common boundary, that between Jiaxing and Shaoxing and that of Zhoushan in the water.
NEIGHBOURS = {
    frozenset(pair)
    for pair in (
        ("Hangzhou", "Huzhou"),
        ("Hangzhou", "Jiaxing"),
        ("Hangzhou", "Shaoxing"),
        ("Hangzhou", "Jinhua"),
        ("Hangzhou", "Quzhou"),
        ("Huzhou", "Jiaxing"),
        ("Jiaxing", "Shaoxing"),
        ("Shaoxing", "Ningbo"),
        ("Shaoxing", "Jinhua"),
        ("Shaoxing", "Taizhou"),
        ("Ningbo", "Zhoushan"),
        ("Ningbo", "Taizhou"),
        ("Jinhua", "Quzhou"),
        ("Jinhua", "Lishui"),
        ("Jinhua", "Taizhou"),
        ("Quzhou", "Lishui"),
        ("Lishui", "Taizhou"),
        ("Lishui", "Wenzhou"),
        ("Taizhou", "Wenzhou"),
    )
}
TILES = {load_regions()[tile.region].label.en: (tile.column, tile.row) for tile in load_tiles()}


def test_every_city_has_one_tile_and_no_two_share_one() -> None:
    cities = {code for code, region in load_regions().items() if region.level == "city"}
    assert sorted(tile.region for tile in load_tiles()) == sorted(cities)
    assert len(TILES) == len(set(TILES.values())) == 11
    assert TILES.keys() == POSITIONS.keys()


@pytest.mark.parametrize("pair", list(combinations(POSITIONS, 2)), ids="-".join)
def test_north_is_up_and_east_is_right(pair: tuple[str, str]) -> None:
    for axis, least, sign in ((1, 0.7, -1), (0, 0.9, 1)):
        one, other = (POSITIONS[name][1 - axis] for name in pair)
        if abs(one - other) >= least:
            places = [TILES[name][axis] for name in pair]
            assert (one - other) * (places[0] - places[1]) * sign > 0


def test_tiles_that_touch_are_cities_that_touch() -> None:
    touching = {
        frozenset(pair)
        for pair in combinations(TILES, 2)
        if sum(abs(a - b) for a, b in zip(*(TILES[name] for name in pair), strict=True)) == 1
    }
    assert touching <= NEIGHBOURS
    assert len(touching) >= 10


def test_the_corners_are_where_everyone_looks_for_them() -> None:
    columns, rows = zip(*TILES.values(), strict=True)
    assert min(columns) == min(rows) == 1
    assert TILES["Quzhou"][0] == 1
    assert TILES["Zhoushan"][0] == max(columns)
    assert TILES["Jiaxing"][1] == 1 and TILES["Jiaxing"][0] > TILES["Huzhou"][0]
    assert TILES["Wenzhou"][1] == max(rows) and TILES["Wenzhou"][0] > TILES["Lishui"][0]
