"""Roles to add rest on counts that can be checked, and on more than one employer's word."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.audit.catalogue_demand import Demand
from search.audit.proposals.additions import propose_additions
from tests.search.audit.proposals.demand import DAY, demand

EMBODIED = [
    demand("1", "具身智能工程师", 3, "A"),
    demand("2", "高级具身智能工程师", 2, "B", source="declaration", on=date(2026, 5, 1)),
    demand("3", "具身智能算法工程师", 1, "C"),
]


def test_unlinked_demand_of_several_employers_is_proposed() -> None:
    (found,) = propose_additions([*EMBODIED, demand("4", "Tailor", 50, "A")])
    assert found.title == "具身智能工程师"
    assert set(found.titles) == {item.title for item in EMBODIED}
    assert (found.posts, found.employers) == (6, 3)
    assert (found.first, found.last) == (date(2026, 5, 1), DAY)
    assert found.examples == ("1", "2", "3")


@pytest.mark.parametrize(
    "changed",
    [
        [replace(item, employer="A") for item in EMBODIED],
        [replace(item, employer=None) for item in EMBODIED],
        [replace(item, role=7) for item in EMBODIED],
        EMBODIED[:2],
        [replace(EMBODIED[0], posts=1), replace(EMBODIED[1], posts=1), EMBODIED[2]],
    ],
)
def test_too_few_posts_or_employers_or_a_row_that_has_it(changed: list[Demand]) -> None:
    assert propose_additions(changed) == ()


items = st.builds(
    demand,
    st.sampled_from("abcdefgh"),
    st.sampled_from(["Tailor", "tailors", "Weaver", "纺织工", "纺织工人"]),
    st.integers(1, 5),
    st.none() | st.sampled_from("ABCD"),
    role=st.none() | st.integers(1, 2),
)


@settings(deadline=None)
@given(st.lists(items, max_size=20), st.randoms())
def test_the_order_of_records_does_not_matter_and_minimums_hold(found, random) -> None:
    proposals = propose_additions(found, posts_at_least=3, employers_at_least=2)
    shuffled = list(found)
    random.shuffle(shuffled)
    assert propose_additions(shuffled, posts_at_least=3, employers_at_least=2) == proposals
    titles = [title for one in proposals for title in one.titles]
    assert len(titles) == len(set(titles))
    for one in proposals:
        held = [item for item in found if item.role is None and item.title in one.titles]
        assert one.posts == sum(item.posts for item in held) >= 3
        assert one.employers == len({item.employer for item in held} - {None}) >= 2
