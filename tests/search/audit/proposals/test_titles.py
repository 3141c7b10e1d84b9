"""Titles of one role are put together, and those of others are not."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from search.audit.proposals.titles import grouped, title_similarity


def test_titles_that_share_only_the_word_for_the_person_stay_apart() -> None:
    assert title_similarity("具身智能工程师", "污水处理工程师") < 0.3
    assert title_similarity("IC版图工程师", "高级IC版图工程师") == 1
    assert title_similarity("robotics engineer", "Senior Robotics Engineer") == 1
    assert title_similarity("", "") == 1


@settings(deadline=None)
@given(st.text(max_size=12), st.text(max_size=12))
def test_similarity_is_a_measure(one: str, other: str) -> None:
    assert 0 <= title_similarity(one, other) <= 1
    assert title_similarity(one, other) == title_similarity(other, one)
    assert title_similarity(one, one) == 1


@settings(deadline=None)
@given(
    st.lists(st.text(alphabet="ab工程师 ", max_size=6), unique=True, max_size=12),
    st.floats(0.05, 1),
)
def test_each_title_is_with_the_first_leader_that_it_resembles(
    titles: list[str], least: float
) -> None:
    expected: list[list[str]] = []
    for title in titles:
        near = (group for group in expected if title_similarity(group[0], title) >= least)
        if found := next(near, None):
            found.append(title)
        else:
            expected.append([title])
    assert grouped(titles, least) == expected
