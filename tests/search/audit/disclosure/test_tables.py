"""Tables and dimensions say what is wrong with what they are given."""

from __future__ import annotations

import pytest

from search.audit.disclosure.dimensions import Dimension
from search.audit.disclosure.errors import DisclosureError
from search.audit.disclosure.rule import Publication, Rule
from search.audit.disclosure.tables import Cell, CountTable, count_table

ROLE = Dimension("role", {"a": "f", "b": "f", "f": "all"})


def test_margins_are_sums_and_their_employers_the_most_of_any_part():
    counted = count_table((ROLE,), {("a",): Cell(12, 3), ("b",): Cell(30, 5)})
    assert counted.cells["f",] == counted.cells["all",] == Cell(42, 5)


def test_a_margin_that_is_given_is_kept():
    counted = count_table((ROLE,), {("a",): Cell(12, 3), ("b",): Cell(30, 5), ("f",): Cell(42, 7)})
    assert counted.cells["f",] == Cell(42, 7)
    assert counted.cells["all",] == Cell(42, 7)


def test_a_missing_cell_counts_nobody():
    assert count_table((ROLE,), {("a",): Cell(12, 3)}).cells["b",] == Cell(0, 0)
    assert count_table((ROLE,), {("a",): Cell(12)}).cells["b",] == Cell(0, None)


@pytest.mark.parametrize(
    ("parents", "message"),
    [
        ({}, "one total"),
        ({"a": "x", "b": "y"}, "one total"),
        ({"a": "b", "b": "a"}, "one total"),
        ({"a": "all", "b": "c", "c": "b"}, "own part"),
    ],
)
def test_values_that_form_no_tree_are_refused(parents, message):
    with pytest.raises(DisclosureError, match=message):
        Dimension("role", parents)


def test_a_margin_that_contradicts_its_parts_is_refused():
    with pytest.raises(DisclosureError, match="count both from the same records"):
        count_table((ROLE,), {("a",): Cell(12), ("b",): Cell(30), ("f",): Cell(40)})


def test_margins_of_distinct_persons_have_to_be_counted():
    role = Dimension.flat("role", ["a", "b"], overlapping=True)
    cells = {("a",): Cell(12), ("b",): Cell(30)}
    with pytest.raises(DisclosureError, match="count this margin from the records"):
        count_table((role,), cells)
    assert count_table((role,), {**cells, ("all",): Cell(35)}).cells["all",].persons == 35
    with pytest.raises(DisclosureError, match="its 2 parts make 30 to 42"):
        count_table((role,), {**cells, ("all",): Cell(29)})


@pytest.mark.parametrize("place", [("z",), ("a", "b"), ()])
def test_a_group_that_is_not_in_the_dimensions_is_refused(place):
    with pytest.raises(DisclosureError, match="no group made for one question"):
        count_table((ROLE,), {place: Cell(12)})


def test_other_bad_tables_are_refused():
    with pytest.raises(DisclosureError, match="names of their own"):
        count_table((ROLE, ROLE), {})
    with pytest.raises(DisclosureError, match="names of their own"):
        count_table((), {})
    wide = tuple(Dimension.flat(name, [str(i) for i in range(100)]) for name in "abc")
    with pytest.raises(DisclosureError, match="too many"):
        count_table(wide, {})
    with pytest.raises(DisclosureError, match="every combination"):
        CountTable((ROLE,), {("a",): Cell(1)})
    with pytest.raises(DisclosureError, match="0 or more"):
        Cell(-1)


@pytest.mark.parametrize(
    "wrong",
    [{"k_persons": 4}, {"round_to": 0}, {"k_employers": -1}, {"employer_margin": 1.5}],
)
def test_a_rule_that_makes_no_sense_is_refused(wrong):
    with pytest.raises(DisclosureError):
        Rule(**wrong)


@pytest.mark.parametrize(
    ("persons", "shown"),
    [
        (10, Publication(10, 10, 12)),
        (12, Publication(10, 10, 12)),
        (13, Publication(15, 13, 17)),
        (101, Publication(100, 98, 102)),
    ],
)
def test_a_figure_and_the_counts_it_stands_for(persons, shown):
    assert Rule().published(persons) == shown
