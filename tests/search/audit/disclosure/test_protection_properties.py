"""What holds of every protected table."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from search.audit.disclosure.dimensions import Dimension
from search.audit.disclosure.protection import protect
from search.audit.disclosure.rule import Rule
from search.audit.disclosure.tables import Cell, count_table
from tests.search.audit.disclosure.attack import Reader
from tests.search.audit.disclosure.invented_tables import members

ROLE = Dimension("role", {"a": "f", "b": "f", "c": "g", "d": "g", "f": "all", "g": "all"})
REGION = Dimension.flat("region", ["x", "y", "z"])
COUNTS = st.one_of(st.integers(0, 14), st.integers(10, 120))


@st.composite
def tables(draw):
    counted = draw(st.booleans())
    return count_table(
        (ROLE, REGION),
        {
            (role, region): Cell(
                draw(COUNTS), draw(st.sampled_from([0, 1, 2, 3, 4, 9])) if counted else None
            )
            for role in "abcd"
            for region in "xyz"
        },
    )


@given(counted=tables())
@settings(max_examples=60, deadline=None)
def test_released_figures_follow_the_rule(counted):
    released = protect(counted)
    assert released.values.keys() == counted.cells.keys()
    for place, figure in released.values.items():
        cell = counted.cells[place]
        assert (figure is None) == (place in released.reasons)
        if figure is None:
            few = cell.persons < 10
            alone = not few and cell.employers is not None and cell.employers < 3
            expected = "few-persons" if few else "few-employers" if alone else "complementary"
            assert released.reasons[place] == expected
        else:
            assert figure % 5 == 0
            assert abs(figure - cell.persons) <= 2
            assert cell.persons >= 10
            assert cell.employers is None or cell.employers >= 3


@given(counted=tables())
@settings(max_examples=40, deadline=None)
def test_the_same_table_gives_the_same_figures_and_nothing_is_hidden_twice(counted):
    released = protect(counted)
    assert protect(counted) == released
    assert protect(counted, withheld=released.suppressed).values == released.values


@given(counted=tables(), small=st.integers(5, 20), more=st.integers(0, 20))
@settings(max_examples=40, deadline=None)
def test_a_higher_threshold_shows_nothing_that_a_lower_one_calls_small(counted, small, more):
    lower, higher = (protect(counted, Rule(k_persons=k)) for k in (small, small + more))
    few = [
        {place for place, why in released.reasons.items() if why != "complementary"}
        for released in (lower, higher)
    ]
    assert few[0] <= few[1]
    reader = Reader(members(counted), higher.values, small + more, 5)
    for cell in higher.suppressed:
        inside = reader.members[cell]
        assert reader.most(inside) - reader.fewest(inside) >= small + more


@given(counted=tables(), base=st.integers(1, 10))
@settings(max_examples=40, deadline=None)
def test_other_bases_round_and_protect_as_well(counted, base):
    released = protect(counted, Rule(round_to=base))
    assert all(figure % base == 0 for figure in released.values.values() if figure is not None)
    assert Reader(members(counted), released.values, 10, base).recovered() == []


@given(counted=tables(), place=st.tuples(st.sampled_from(ROLE.values), st.sampled_from("xyz")))
@settings(max_examples=30, deadline=None)
def test_a_withheld_cell_stays_uncertain_too(counted, place):
    released = protect(counted, withheld=[place])
    assert released.values[place] is None
    reader = Reader(members(counted), released.values, 10, 5)
    inside = reader.members[place]
    assert reader.most(inside) - reader.fewest(inside) >= 10
