"""What the loaders of places and levels give, and what they say when asked for the unknown."""

from __future__ import annotations

import pytest

from taxonomies.levels import (
    load_education,
    load_professional_titles,
    load_programmes,
    load_talent_tiers,
)
from taxonomies.models import Region, Zone
from taxonomies.regions import (
    UnknownRegionError,
    lineage,
    load_elsewhere,
    load_industries,
    load_regions,
    load_zones,
)


class TestLineage:
    @pytest.mark.parametrize(
        ("code", "chain"),
        [
            ("330000", ("330000",)),
            ("330100", ("330100", "330000")),
            ("330108", ("330108", "330100", "330000")),
            ("110000", ("110000",)),
        ],
    )
    def test_from_the_place_up(self, code: str, chain: tuple[str, ...]) -> None:
        assert lineage(code) == chain

    def test_a_former_district_is_followed_by_its_successor(self) -> None:
        # 下城区 became part of 拱墅区 in 2021.
        assert lineage("330103") == ("330103", "330105", "330100", "330000")

    @pytest.mark.parametrize("code", ["", "999999", "33", "杭州", "330108 "])
    def test_an_unknown_code_is_named_with_the_way_to_the_list(self, code: str) -> None:
        with pytest.raises(UnknownRegionError, match="bole taxonomy regions") as caught:
            lineage(code)
        assert repr(code) in str(caught.value)

    def test_every_place_has_one(self) -> None:
        for code in (*load_regions(), *load_elsewhere()):
            assert lineage(code)[0] == code

    def test_every_place_of_the_province_leads_to_it(self) -> None:
        assert [code for code in load_regions() if lineage(code)[-1] != "330000"] == []


def test_places_carry_labels_in_both_languages() -> None:
    places: list[Region | Zone] = [
        *load_regions().values(),
        *load_elsewhere().values(),
        *load_zones(),
    ]
    assert [place for place in places if not (place.label.zh and place.label.en)] == []
    assert {region.level for region in load_elsewhere().values()} == {"elsewhere"}


def test_industries_name_their_fields() -> None:
    industries = load_industries()
    assert industries
    assert {industry.region for industry in industries} <= set(load_regions())


@pytest.mark.parametrize("levels", [load_education(), load_professional_titles()])
def test_levels_come_lowest_first(levels) -> None:
    ranks = [level.rank for level in levels]
    assert ranks == sorted(ranks)


def test_tiers_and_programmes_have_a_kind() -> None:
    assert {tier.kind for tier in load_talent_tiers()} == {"talent-tier"}
    assert all(programme.kind for programme in load_programmes())
