"""What forms offer: every place once, under a name of its own; and what was chosen before is kept."""

from __future__ import annotations

import pytest

from api.web.choices import place_groups
from api.web.forms import Form
from api.web.profile_form import filled, profile_of
from search.accounts.contacts import NOTHING
from search.records.models import Candidate
from taxonomies.regions import load_elsewhere, load_regions

FORMER = [code for code, region in load_regions().items() if region.valid_until]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_place_that_there_is_can_be_chosen_once_by_a_name_of_its_own(lang):
    places = [place for group in place_groups(lang) for place in group.places]
    codes = [place.code for place in places]
    assert len(codes) == len(set(codes))
    assert set(codes) == {*load_regions(), *load_elsewhere()} - set(FORMER)
    names = [place.name for place in places]
    assert len(names) == len(set(names))


def test_a_district_stands_with_its_city():
    (place,) = [one for group in place_groups("zh") for one in group.places if one.code == "330106"]
    assert (place.name, place.short) == ("杭州市 · 西湖区", "西湖区")


@pytest.mark.parametrize("code", FORMER)
def test_a_former_place_is_offered_where_it_stands_in_the_record(code):
    offered = {one.code for group in place_groups("zh", (code,)) for one in group.places}
    assert code in offered


def test_saving_a_profile_unchanged_changes_nothing():
    before = Candidate(
        headline="Java",
        region=FORMER[0],
        wishes={"roles": [9, 3], "regions": ["110000", "330106"], "pay_monthly_yuan": 20000},
    )
    form = filled(before, NOTHING)
    pairs = [*form.fields.items(), *(("wished_region", code) for code in form.regions)]
    after, faults = profile_of(Form(pairs), before)
    assert faults == []
    assert after == before
