"""Rows to reword are those whose words are no longer used."""

from __future__ import annotations

from dataclasses import replace

import pytest

from search.audit.catalogue_demand import Demand
from search.audit.proposals.resemblance import resemblance
from search.audit.proposals.rewordings import compare_rows, propose_rewordings
from search.audit.terms import terms_of
from taxonomies.catalogue import load_catalogue
from tests.search.audit.proposals.demand import demand


def postings(role: int, terms: tuple[str, ...], count: int = 6) -> list[Demand]:
    return [
        demand(f"{role}-{at}", "x", employer="ABC"[at % 3], role=role, terms=terms)
        for at in range(count)
    ]


def test_a_row_whose_words_are_no_longer_used_is_proposed_to_be_reworded() -> None:
    facts = [
        *postings(1, ("kubernetes", "terraform", "cloud", "团队")),
        *postings(2, ("sewing", "cutting", "cloth", "团队")),
    ]
    duties = [(1, ("servlet", "struts", "applet")), (2, ("sewing", "cutting", "cloth"))]
    (found,) = propose_rewordings(compare_rows(duties, facts), resembling_at_least=0.2)
    assert found.role == 1
    assert found.resemblance == 0
    assert (found.records, found.employers) == (6, 3)
    assert {term.term for term in found.new} == {"kubernetes", "terraform", "cloud", "团队"}
    # It is asked for under both rows, so it tells least.
    assert found.new[-1].term == "团队"
    assert {(term.records, term.share) for term in found.new} == {(6, 1.0)}
    assert found.unused == ("applet", "servlet", "struts")
    assert len(found.examples) == 6


@pytest.mark.parametrize(
    "facts",
    [
        postings(1, ("kubernetes", "团队"), 4),
        [replace(item, employer="A") for item in postings(1, ("kubernetes", "团队"))],
        [replace(item, employer=None) for item in postings(1, ("kubernetes", "团队"))],
        [replace(item, role=None) for item in postings(1, ("kubernetes", "团队"))],
        postings(1, ()),
        # Written without Chinese, they share no word with a Chinese duty.
        postings(1, ("kubernetes", "team")),
    ],
)
def test_few_postings_prove_nothing(facts: list[Demand]) -> None:
    assert compare_rows([(1, ("servlet",))], facts) == ()


def test_the_resemblance_can_be_worked_out_by_hand() -> None:
    # One row in all, so idf = log(2 / 2) + 1 = 1 for a used term and log(2) + 1 for an unused one.
    assert resemblance({"a"}, [{"a"}, {"a"}], {"a": 1}, 1) == 1
    assert resemblance({"a"}, [{"a", "b"}], {"a": 1, "b": 1}, 1) == pytest.approx(2**-0.5)
    assert resemblance(set(), [{"a"}], {"a": 1}, 1) == 0


def test_a_printed_duty_resembles_postings_that_quote_it_and_not_those_of_another_trade() -> None:
    rows = {
        role.number: terms_of(f"{role.title.zh}\n{role.duty.zh}") for role in load_catalogue().roles
    }
    facts = [*postings(1, rows[1]), *postings(2, terms_of("负责服装打版、裁剪与缝制，熟悉面料"))]
    compared = compare_rows(rows.items(), facts)
    assert [one.role for one in compared] == [1, 2]
    found = propose_rewordings(compared, resembling_at_least=0.2)
    assert [one.role for one in found] == [2]
    assert "面料" in {term.term for term in found[0].new}
