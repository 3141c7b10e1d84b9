"""Proposals rest on counts that can be checked, and on more than one employer's word."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.audit.catalogue_demand import Demand
from search.audit.proposals import propose_additions, propose_rewordings, propose_withdrawals
from search.audit.resemblance import resemblance, title_similarity
from search.text.vocabulary import load_vocabulary
from taxonomies.catalogue import load_catalogue

DAY = date(2026, 10, 15)


def demand(id: str, title: str, posts: int = 1, employer: str | None = "A", **more) -> Demand:
    facts = {"source": "vacancy", "text": "", "role": None, "on": DAY} | more
    return Demand(id=id, title=title, posts=posts, employer=employer, **facts)


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


def linked(role: int, on: date | None, **more) -> Demand:
    return demand(f"{role}-{on}", "x", role=role, on=on, **more)


def test_rows_nobody_asked_for_are_proposed_to_go() -> None:
    found = propose_withdrawals(
        [1, 2, 3, 4, 5],
        [
            linked(1, date(2025, 11, 1)),
            linked(2, date(2025, 10, 31)),
            linked(2, date(2025, 3, 31)),
            linked(4, None),
            linked(5, date(2025, 1, 1), until=date(2026, 1, 31)),
        ],
        date(2026, 10, 31),
        months=12,
        since=date(2025, 1, 1),
    )
    assert [(one.role, one.months, one.last) for one in found] == [
        (2, 12, date(2025, 10, 31)),
        (3, 22, None),
    ]


def test_demand_declared_for_months_to_come_keeps_a_row() -> None:
    ahead = linked(1, date(2027, 3, 1))
    assert not propose_withdrawals([1], [ahead], date(2026, 10, 31), since=date(2020, 1, 1))


def test_what_was_not_observed_long_enough_is_not_proposed() -> None:
    facts = [linked(1, date(2026, 3, 1))]
    assert propose_withdrawals([1, 2], facts, date(2026, 10, 31)) == ()
    assert propose_withdrawals([1, 2], [], date(2026, 10, 31)) == ()
    assert len(propose_withdrawals([1, 2], facts, date(2026, 10, 31), months=8)) == 1


def words(text: str) -> set[str]:
    return set(text.lower().split())


def postings(role: int, text: str, count: int = 6) -> list[Demand]:
    return [
        demand(f"{role}-{at}", "job", employer="ABC"[at % 3], role=role, text=text)
        for at in range(count)
    ]


def test_a_row_whose_words_are_no_longer_used_is_proposed_to_be_reworded() -> None:
    facts = [*postings(1, "kubernetes terraform cloud"), *postings(2, "sewing cutting cloth")]
    duties = [(1, "servlet struts applet"), (2, "sewing cutting cloth")]
    (found,) = propose_rewordings(duties, facts, terms=words)
    assert found.role == 1
    assert found.resemblance == 0
    assert (found.records, found.employers) == (6, 3)
    assert {term.term for term in found.new} == {"kubernetes", "terraform", "cloud", "job"}
    assert found.new[-1].term == "job"
    assert {(term.records, term.share) for term in found.new} == {(6, 1.0)}
    assert found.unused == ("applet", "servlet", "struts")
    assert len(found.examples) == 6


@pytest.mark.parametrize(
    "facts",
    [
        postings(1, "kubernetes", 4),
        [replace(item, employer="A") for item in postings(1, "kubernetes")],
        postings(1, " "),
    ],
)
def test_few_postings_prove_nothing(facts: list[Demand]) -> None:
    assert propose_rewordings([(1, "servlet")], facts, terms=words) == ()


def test_the_resemblance_can_be_worked_out_by_hand() -> None:
    # One row in all, so idf = log(2 / 2) + 1 = 1 for a used term and log(2) + 1 for an unused one.
    assert resemblance({"a"}, [{"a"}, {"a"}], {"a": 1}, 1) == 1
    assert resemblance({"a"}, [{"a", "b"}], {"a": 1, "b": 1}, 1) == pytest.approx(2**-0.5)
    assert resemblance(set(), [{"a"}], {"a": 1}, 1) == 0


def test_a_printed_duty_resembles_postings_that_quote_it_and_not_those_of_another_trade() -> None:
    rows = {role.number: f"{role.title.zh}\n{role.duty.zh}" for role in load_catalogue().roles}
    facts = [*postings(1, rows[1]), *postings(2, "负责服装打版、裁剪与缝制，熟悉面料")]
    tokens = load_vocabulary().segmenter.tokens
    found = propose_rewordings([(1, rows[1]), (2, rows[2])], facts, terms=tokens)
    assert [one.role for one in found] == [2]
    assert "面料" in {term.term for term in found[0].new}
