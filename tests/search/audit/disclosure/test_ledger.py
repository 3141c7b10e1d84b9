"""Releases beside each other: days, and tables of the same day."""

from __future__ import annotations

import logging
from datetime import date, timedelta

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from search.audit.disclosure.dimensions import Dimension
from search.audit.disclosure.errors import ReleaseRefused
from search.audit.disclosure.ledger import ReleaseLedger
from search.audit.disclosure.protection import protect
from search.audit.disclosure.rule import Rule
from search.audit.disclosure.tables import Cell, count_table
from tests.search.audit.disclosure.attack import Reader, counts_behind
from tests.search.audit.disclosure.invented_tables import members, without_complementary

LOG = logging.getLogger(__name__)

ROLE = Dimension.flat("role", ["a", "b", "c", "d"])
REGION = Dimension.flat("region", ["x", "y", "z"])
DEGREE = Dimension.flat("degree", ["bachelor", "master"])
START = date(2026, 3, 1)


def ledger():
    return ReleaseLedger(Rule(), (ROLE, REGION, DEGREE))


def by_role_and_region(persons):
    return count_table(
        (ROLE, REGION),
        {
            (role, region): Cell(int(persons[i, j]))
            for i, role in enumerate("abcd")
            for j, region in enumerate("xyz")
        },
    )


def change_limits(earlier, later, earlier_held=False, later_held=False):
    """Least and most by which a count grew between two figures, for all a reader knows."""
    limits = []
    for figure, held in ((earlier, earlier_held), (later, later_held)):
        low, high = counts_behind(figure, 10, 5)
        limits.append((max(10, low - 9), high + 9) if held else (low, high))
    return limits[1][0] - limits[0][1], limits[1][1] - limits[0][0]


def reveals(least, most):
    return 1 <= least <= most <= 9 or -9 <= least <= most <= -1


def test_no_two_days_show_that_1_to_9_persons_came_or_went():
    random = np.random.default_rng(3)
    plain = ours = pairs = 0
    while pairs < 10_000:
        persons = random.poisson(random.choice([12, 40, 90], size=(4, 3)))
        book = ledger()
        days = []
        for day in range(12):
            counted = by_role_and_region(persons)
            book, released = book.release("posts", START + timedelta(days=day), counted)
            days.append((released, without_complementary(counted)))
            persons = np.maximum(persons + random.integers(-6, 7, size=persons.shape), 0)
        for cell in days[0][1]:
            for i, (first, first_plain) in enumerate(days):
                for second, second_plain in days[i + 1 :]:
                    pairs += 1
                    if None not in (first_plain[cell], second_plain[cell]):
                        plain += reveals(*change_limits(first_plain[cell], second_plain[cell]))
                    if None not in (first.values[cell], second.values[cell]):
                        ours += reveals(
                            *change_limits(
                                first.values[cell],
                                second.values[cell],
                                cell in first.held,
                                cell in second.held,
                            )
                        )
    assert plain > 100, "the attack has to succeed where it can"
    assert ours == 0


class ReaderOfTwoDays(Reader):
    """Knows the figures of two days, and how a held figure comes about."""

    def __init__(self, parts, days):
        size = 1 + max(max(inside) for inside in parts.values())
        members, rows = {}, []
        for cell, inside in parts.items():
            for day in (0, 1):
                members[cell, day] = [i + size * day for i in inside]
        super().__init__(members, dict.fromkeys(members), 10, 5)
        for cell in parts:
            seen = [(day.get(cell, (None, False))) for day in days]
            for day, (figure, held) in enumerate(seen):
                if figure is not None:
                    low, high = counts_behind(figure, 10, 5)
                    row = np.zeros(2 * size)
                    row[members[cell, day]] = 1
                    rows.append((row, max(10, low - 9) if held else low, high + 9 * held))
            (before, held_before), (after, held_after) = seen
            if None not in (before, after) and self.rule_of_held:
                row = np.zeros(2 * size)
                row[members[cell, 0]], row[members[cell, 1]] = -1, 1
                if before == after:
                    rows.append((row, -9, 9) if held_after else (row, -18, 18))
                elif not held_before and not held_after:
                    rows.append((row if after > before else -row, 10, np.inf))
        self.constraints = LinearConstraint(*(np.array(part) for part in zip(*rows, strict=True)))

    rule_of_held = True

    def change(self, cell):
        """Least and most by which a cell grew."""
        weight = np.zeros(self.size)
        weight[self.members[cell, 0]], weight[self.members[cell, 1]] = -1, 1
        limits = []
        for sign in (1, -1):
            found = milp(
                sign * weight,
                integrality=np.ones(self.size),
                bounds=Bounds(0, np.inf),
                constraints=self.constraints,
            )
            assert found.x is not None or found.status in (3, 4)
            limits.append(-sign * np.inf if found.x is None else round(sign * found.fun))
        return limits


class ReaderOfPlainDays(ReaderOfTwoDays):
    rule_of_held = False


@pytest.mark.slow
def test_two_days_solved_together_show_no_change_of_1_to_9_and_no_small_count():
    random = np.random.default_rng(5)
    plain = ours = tried = 0
    for _ in range(40):
        persons = random.poisson(random.choice([8, 25, 60], size=(4, 3)))
        book, days = ledger(), []
        for day in range(2):
            counted = by_role_and_region(persons)
            book, released = book.release("posts", START + timedelta(days=day), counted)
            figures = {
                cell: (value, cell in released.held) for cell, value in released.values.items()
            }
            thresholds = without_complementary(counted).items()
            days.append((counted, figures, {cell: (value, False) for cell, value in thresholds}))
            persons = np.maximum(persons + random.integers(-7, 8, size=persons.shape), 0)
        (first, figures_1, plain_1), (second, figures_2, plain_2) = days
        reader = ReaderOfTwoDays(members(first), (figures_1, figures_2))
        other = ReaderOfPlainDays(members(first), (plain_1, plain_2))
        for cell in first.cells:
            if 0 < abs(second.cells[cell].persons - first.cells[cell].persons) < 10:
                tried += 1
                ours += reveals(*reader.change(cell))
                plain += reveals(*other.change(cell))
            for day, (counted, seen, _) in enumerate(days):
                if seen[cell][0] is None and counted.cells[cell].persons < 10:
                    assert reader.most(reader.members[cell, day]) >= 10
    LOG.info("%s small changes: %s revealed with thresholds alone, %s here", tried, plain, ours)
    assert plain > 100
    assert ours == 0


def test_a_figure_changes_only_with_ten_persons():
    book, first = ledger().release("posts", START, by_role_and_region(np.full((4, 3), 40)))
    persons = np.full((4, 3), 40)
    persons[0, 0], persons[1, 0] = 46, 50
    _, second = book.release("posts", START + timedelta(days=1), by_role_and_region(persons))

    assert second.values["a", "x"] == first.values["a", "x"] == 40
    assert ("a", "x") in second.held
    assert second.values["b", "x"] == 50
    assert ("b", "x") not in second.held


def test_drift_is_measured_from_the_count_behind_the_figure():
    book = ledger()
    shown = []
    for day in range(5):
        persons = np.full((4, 3), 40)
        persons[0, 0] += 4 * day
        counted = by_role_and_region(persons)
        book, released = book.release("posts", START + timedelta(days=day), counted)
        shown.append(released.values["a", "x"])

    assert shown == [40, 40, 40, 50, 50]


def tables_of_one_day(random):
    persons = random.poisson(random.choice([3, 15, 40], size=(4, 3, 2)))
    whole = {
        (role, region, degree): int(persons[i, j, d])
        for i, role in enumerate("abcd")
        for j, region in enumerate("xyz")
        for d, degree in enumerate(DEGREE.parents)
    }
    unknown = {cell: i for i, cell in enumerate(whole)}
    tables = []
    for place, axes in ((1, (ROLE, REGION)), (2, (ROLE, DEGREE))):
        cells = {}
        for cell, n in whole.items():
            short = (cell[0], cell[place])
            cells[short] = Cell(cells.get(short, Cell(0)).persons + n)
        tables.append(count_table(axes, cells))

    def inside(role, region, degree):
        return [
            i
            for (r, c, d), i in unknown.items()
            if role in (r, "all") and region in (c, "all") and degree in (d, "all")
        ]

    return tables, inside


def test_two_tables_of_a_day_hide_in_both_what_either_hides():
    random = np.random.default_rng(5)
    found = {"ours": 0, "plain": 0}
    for _ in range(40):
        (regions, degrees), inside = tables_of_one_day(random)
        book, first = ledger().release("posts", START, regions)
        _, second = book.release("posts", START, degrees)
        for name, one, two in (
            ("ours", first.values, second.values),
            ("plain", protect(regions).values, protect(degrees).values),
        ):
            figures = {(role, region, "all"): value for (role, region), value in one.items()}
            for (role, degree), value in two.items():
                place = (role, "all", degree)
                figures[place] = value if figures.get(place) is None else figures[place]
            reader = Reader({cell: inside(*cell) for cell in figures}, figures, 10, 5)
            found[name] += sum(
                reader.most(reader.members[cell]) - reader.fewest(reader.members[cell]) < 10
                for cell, figure in figures.items()
                if figure is None
            )
        for role in (*"abcd", "all"):
            assert second.values[role, "all"] == first.values[role, "all"]
    assert found["plain"] > 0, "two tables protected apart have to give something away"
    assert found["ours"] == 0


def test_the_same_table_again_gives_the_same_and_adds_nothing():
    counted = by_role_and_region(np.arange(12).reshape(4, 3) * 5)
    book, first = ledger().release("posts", START, counted)
    again, second = book.release("posts", START, counted)

    assert (again, second) == (book, first)
    assert ledger().release("posts", START, counted)[1] == first


def test_a_group_made_for_one_question_is_refused():
    joined = Dimension("region", {"x": "x-and-y", "y": "x-and-y", "x-and-y": "all", "z": "all"})
    counted = count_table((joined,), {("x",): Cell(20), ("y",): Cell(30), ("z",): Cell(40)})
    with pytest.raises(ReleaseRefused, match="not in the publication lattice"):
        ledger().release("posts", START, counted)


def test_a_corrected_count_of_a_released_day_is_refused():
    book, _ = ledger().release("posts", START, by_role_and_region(np.full((4, 3), 40)))
    with pytest.raises(ReleaseRefused, match="another day"):
        book.release("posts", START, by_role_and_region(np.full((4, 3), 41)))


def test_other_subjects_and_days_do_not_mix():
    book, _ = ledger().release("posts", START, by_role_and_region(np.full((4, 3), 40)))
    _, seekers = book.release("seekers", START, by_role_and_region(np.full((4, 3), 44)))
    assert seekers.held == frozenset()
    assert seekers.values["a", "x"] == 45
