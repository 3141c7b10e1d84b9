"""What follows from what is said, and nothing more."""

from __future__ import annotations

from datetime import date

import pytest

from search.benefits.facts import FactError, Members, OneOf
from search.benefits.knowing import ROLE_CATALOGUE, known
from search.benefits.reading import read_facts
from taxonomies.office_catalogues import CatalogueRow, OfficeCatalogue

HELD = OfficeCatalogue(
    id="somewhere-scarce",
    start=date(2020, 1, 1),
    end=date(2020, 12, 31),
    rows=(CatalogueRow(title="Java高级软件工程师", role_number=1), CatalogueRow(title="裁缝")),
)


def test_a_title_of_annex_1_gives_row_field_and_catalogue() -> None:
    found = known({"role.title": "Java高级软件工程师"})
    assert found["role.number"] == 1
    assert found["role.field"] == "software"
    assert found["role.catalogue"] == Members(frozenset({ROLE_CATALOGUE}))


def test_another_title_gives_nothing() -> None:
    assert known({"role.title": "裁缝"}) == {"role.title": "裁缝"}


@pytest.mark.parametrize(
    ("facts", "is_held"),
    [
        ({"role.title": "裁缝"}, True),
        ({"role.title": "厨师"}, False),
        ({"role.number": 1}, True),
        ({"role.number": 2}, False),
        ({}, None),
    ],
)
def test_a_catalogue_that_is_held_decides(facts: dict[str, object], is_held: bool | None) -> None:
    found = known(read_facts(facts), [HELD]).get("role.catalogue", Members())
    assert isinstance(found, Members)
    assert (HELD.id in found.held) == (is_held is True)
    assert (HELD.id in found.lacking) == (is_held is False)


def test_what_was_said_stands() -> None:
    said = Members(lacking=frozenset({HELD.id}))
    found = known({"role.title": "裁缝", "role.catalogue": said}, [HELD])["role.catalogue"]
    assert isinstance(found, Members)
    assert HELD.id in found.lacking


def test_an_industry_lies_within_the_wider_one_and_not_the_other_way_round() -> None:
    narrow = known({"employer.industry": "quantum-information"})["employer.industry"]
    assert isinstance(narrow, Members)
    assert "information-economy" in narrow.held
    wide = known({"employer.industry": "information-economy"})["employer.industry"]
    assert wide == Members(frozenset({"information-economy"}))
    none = known({"employer.industry": Members(lacking=frozenset({"information-economy"}))})
    lacking = none["employer.industry"]
    assert isinstance(lacking, Members)
    assert "quantum-information" in lacking.lacking


def test_facts_are_read_as_people_write_them() -> None:
    assert read_facts(
        {
            "place": "嘉兴",
            "person": {"newly_hired": "是", "tiers": ["高层次人才"]},
            "employer": {"industry": {"held": ["Integrated circuits"], "lacking": ["时尚产业"]}},
            "role.number": "1",
            "team": None,
            "event.finances_startup": "",
        }
    ) == {
        "place.region": "330400",
        "person.newly_hired": True,
        "person.tiers": Members(frozenset({"high-level-talent"})),
        "employer.industry": Members(frozenset({"integrated-circuits"}), frozenset({"fashion"})),
        "role.number": 1,
    }
    assert read_facts({"place": ["杭州", "330400"]}) == {
        "place.region": OneOf(frozenset({"330100", "330400"}))
    }


@pytest.mark.parametrize(
    ("given", "fact", "fault"),
    [
        ({"person": {"newly_hird": True}}, "", "name"),
        ({"person.newly_hired": "perhaps"}, "person.newly_hired", "flag"),
        ({"place": "Atlantis"}, "place.region", "region"),
        ({"role.number": "one"}, "role.number", "number"),
        ({"person.tiers": ["大师级人物"]}, "person.tiers", "value"),
        ({"person.tiers": 3}, "person.tiers", "text"),
        ({"person.tiers": {"has": ["a"]}}, "person.tiers", "members"),
        (
            {"person.tiers": {"held": ["top-talent"], "lacking": ["顶尖人才"]}},
            "person.tiers",
            "both",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_name(
    given: dict[str, object], fact: str, fault: str
) -> None:
    with pytest.raises(FactError) as refused:
        read_facts(given)
    assert (refused.value.fact, refused.value.fault) == (fact, fault)
