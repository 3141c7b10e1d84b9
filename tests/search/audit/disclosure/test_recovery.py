"""T-P6, first half: hidden cells of 200 random tables cannot be worked out from their margins."""

from __future__ import annotations

import logging

import numpy as np
import pytest

from search.audit.disclosure.dimensions import Dimension
from search.audit.disclosure.protection import protect
from search.audit.disclosure.rule import Rule
from search.audit.disclosure.tables import Cell, count_table
from tests.search.audit.disclosure.attack import Reader
from tests.search.audit.disclosure.invented_tables import (
    members,
    random_table,
    without_complementary,
)

LOG = logging.getLogger(__name__)


@pytest.mark.slow
def test_no_hidden_cell_of_200_tables_can_be_recovered():
    random = np.random.default_rng(20260301)
    plain, protected, hidden = 0, 0, 0
    for number in range(200):
        counted = random_table(random, employers=number % 2 == 0)
        released = protect(counted)
        hidden += len(released.suppressed)
        protected += len(Reader(members(counted), released.values, 10, 5).recovered())
        plain += len(Reader(members(counted), without_complementary(counted), 10, 5).recovered())
    LOG.info(
        "recovered: %s with thresholds alone, %s of %s hidden cells here", plain, protected, hidden
    )
    assert plain > 100, "the attack has to succeed where it can"
    assert protected == 0


def test_the_one_hidden_cell_of_a_line_is_recovered_without_complementary_suppression():
    role = Dimension.flat("role", ["welder", "nurse"])
    counted = count_table((role,), {("welder",): Cell(5), ("nurse",): Cell(40)})

    plain = Reader(members(counted), without_complementary(counted), 10, 5)
    ours = protect(counted)

    assert plain.recovered() == [("welder",)]
    assert ours.suppressed == {("welder",), ("nurse",)}
    assert ours.reasons["nurse",] == "complementary"
    assert ours.values["all",] == 45
    assert Reader(members(counted), ours.values, 10, 5).recovered() == []


def test_three_dimensions():
    random = np.random.default_rng(7)
    plain = 0
    for _ in range(8):
        axes = (
            Dimension.flat("role", ["a", "b", "c"]),
            Dimension.flat("region", ["x", "y", "z"]),
            Dimension.flat("age", ["open-90-days", "newer"]),
        )
        counted = count_table(
            axes,
            {
                (r, c, a): Cell(int(random.poisson(random.choice([4, 30, 60]))))
                for r in "abc"
                for c in "xyz"
                for a in ("open-90-days", "newer")
            },
        )
        assert Reader(members(counted), protect(counted).values, 10, 5).recovered() == []
        plain += len(Reader(members(counted), without_complementary(counted), 10, 5).recovered())
    assert plain


def test_each_hidden_count_stays_uncertain_by_k():
    random = np.random.default_rng(11)
    for _ in range(15):
        counted = random_table(random)
        released = protect(counted)
        reader = Reader(members(counted), released.values, 10, 5)
        for cell in released.suppressed:
            most, fewest = reader.most(reader.members[cell]), reader.fewest(reader.members[cell])
            assert most - fewest >= 10, (cell, fewest, most)


def test_a_small_count_of_seekers_could_always_be_none():
    random = np.random.default_rng(19)
    small = bounded = 0
    for _ in range(25):
        counted = random_table(random, employers=False)
        reader = Reader(members(counted), protect(counted).values, 10, 5)
        other = Reader(members(counted), without_complementary(counted), 10, 5)
        for place, cell in counted.cells.items():
            if cell.persons < 10:
                small += 1
                assert reader.fewest(reader.members[place]) == 0
                bounded += other.fewest(other.members[place]) > 0
    assert small > 50
    assert bounded > 0, "the plain rule has to bound some of them"


def test_a_large_count_of_few_employers_stays_uncertain_by_a_fifth_of_it():
    role = Dimension.flat("role", ["welder", "nurse", "driver"])
    counted = count_table(
        (role,), {("welder",): Cell(500, 1), ("nurse",): Cell(300, 9), ("driver",): Cell(80, 9)}
    )
    released = protect(counted)
    reader = Reader(members(counted), released.values, 10, 5)

    assert released.reasons["welder",] == "few-employers"
    posts = reader.members["welder",]
    assert reader.most(posts) - reader.fewest(posts) >= 100


def test_knowing_the_program_adds_nothing_where_employers_are_counted():
    """Any table that fits could be the true one: the program releases the same figures of it."""
    random = np.random.default_rng(13)
    rule = Rule(employer_margin=0)
    tried = 0
    for _ in range(12):
        counted = random_table(random)
        released = protect(counted, rule)
        reader = Reader(members(counted), released.values, 10, 5)
        few = [cell for cell, why in released.reasons.items() if why == "few-persons"]
        for cell in few[:5]:
            other = reader.counts_with_at_least(reader.members[cell], 10)
            cells = {
                place: Cell(int(other[parts].sum()), 9 if released.values[place] is not None else 1)
                for place, parts in reader.members.items()
            }
            again = protect(count_table(counted.dimensions, cells), rule)
            assert again.values == released.values
            assert cells[cell].persons >= 10
            tried += 1
    assert tried > 10


def test_job_seekers_who_chose_several_roles():
    """Margins count distinct persons; unknowns are then persons by the set of roles they chose."""
    random = np.random.default_rng(17)
    roles, cities = ["a", "b", "c"], ["x", "y"]
    choices = ["a", "b", "c", "ab", "ac", "bc", "abc"]
    axes = (
        Dimension.flat("role", roles, overlapping=True),
        Dimension.flat("region", cities),
    )
    kinds = [(choice, city) for choice in choices for city in cities]
    parts = {
        (role, region): [
            i
            for i, (choice, city) in enumerate(kinds)
            if (role == "all" or role in choice) and region in ("all", city)
        ]
        for role in (*roles, "all")
        for region in (*cities, "all")
    }
    revealed = {"ours": 0, "plain": 0}
    for _ in range(30):
        persons = random.poisson(random.choice([1, 8, 40], len(kinds), p=[0.5, 0.3, 0.2]))
        counted = count_table(
            axes, {cell: Cell(int(persons[inside].sum())) for cell, inside in parts.items()}
        )
        for system, figures in (
            ("ours", protect(counted).values),
            ("plain", without_complementary(counted)),
        ):
            reader = Reader(parts, figures, 10, 5)
            shown = [cell for cell, figure in figures.items() if figure is not None]
            sets = [set(parts[cell]) for cell, figure in figures.items() if figure is None]
            sets += [set(parts[p]) - set(parts[q]) for p in shown for q in shown]
            revealed[system] += sum(
                reader.small(inside) for inside in sets if 0 < persons[list(inside)].sum() < 10
            )
    assert revealed["plain"] > 5
    assert revealed["ours"] == 0
