"""What two days of the same cells show together that neither shows alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import block_diag, csr_array, vstack

from search.audit.disclosure.feasible import Limits, highest, least_breach, scattered
from search.audit.disclosure.rule import Publication, Rule
from search.audit.disclosure.system import CellSystem, Floats, Ints, cell_system
from search.audit.disclosure.tables import CellKey, CountTable


@dataclass(frozen=True)
class Day:
    """One day of a subject: its tables, and the figures that left of their cells.

    `held` names the cells whose figure repeats another day's.
    """

    tables: Sequence[CountTable]
    figures: Mapping[CellKey, Publication]
    held: frozenset[CellKey]


def exposed(first: Day, second: Day, rule: Rule) -> frozenset[CellKey]:
    """Return the cells of which a reader of both days learns what the rule forbids.

    A cell is exposed when its count rose or fell by 1 to k - 1 persons and every pair of tables
    that fits the figures of both days has it rise (or fall) by 1 to k - 1; or when a count below k
    is hidden on either day and every such pair has it below k.

    Args:
        first: the day that has left.
        second: the day that is to leave.
        rule: the thresholds.
    """
    systems = cell_system(first.tables), cell_system(second.tables)
    joint, known = _joint(systems, (first, second), rule)
    size = len(systems[0].cells)
    persons = joint.persons
    rows: list[dict[int, int]] = []
    keys: list[CellKey] = []
    changes = 0
    for key, column in systems[1].position.items():
        if key in systems[0].position:
            before, after = systems[0].position[key], size + column
            change = int(persons[after] - persons[before])
            if 0 < abs(change) < rule.k_persons:
                sign = 1 if change > 0 else -1
                rows.append({after: sign, before: -sign})
                keys.append(key)
                changes += 1
    for day, system, shift in ((first, systems[0], 0), (second, systems[1], size)):
        for key, column in system.position.items():
            if key not in day.figures and persons[shift + column] < rule.k_persons:
                rows.append({shift + column: 1})
                keys.append(key)
    if not rows:
        return frozenset()
    targets = _rows(rows, len(persons))
    return frozenset(keys[target] for target in _shown(joint, known, targets, changes, rule))


def _shown(joint: CellSystem, known: Limits, targets: csr_array, changes: int, rule: Rule) -> Ints:
    """Return the rows of `targets` that are 1 to k - 1 (the first `changes`) or below k for sure.

    Like `close`, it looks for tables that fit and show otherwise, many rows at a time first.
    """
    k = rule.k_persons
    least = most = targets @ joint.persons
    can_be_none = np.arange(len(least)) < changes

    def opened() -> Ints:
        return np.flatnonzero((most < k) & ~(can_be_none & (least <= 0)))

    def note(table: Ints | None) -> None:
        nonlocal least, most
        if table is not None:
            least, most = np.minimum(least, targets @ table), np.maximum(most, targets @ table)

    def many() -> None:
        for sign, level in ((-1, 0), (1, k)):
            rows = opened()
            rows = rows[rows < changes] if sign < 0 else rows
            if len(rows):
                enough = np.full(len(rows), level)
                note(highest(joint, known, sign * targets[rows], scattered(rows), enough))

    before = len(least) + 1
    while before > (before := len(opened())) > 0:
        many()
    for target in opened():
        for sign, level in ((-1, 0), (1, k)) if target < changes else ((1, k),):
            if target in opened():
                note(_reach(joint, known, sign * targets[[target]], level))
    return opened()


def _reach(joint: CellSystem, known: Limits, row: csr_array, level: int) -> Ints | None:
    return least_breach(joint, known, row, level, np.full(len(known.low), np.inf))


def _joint(
    systems: tuple[CellSystem, CellSystem], days: tuple[Day, Day], rule: Rule
) -> tuple[CellSystem, Limits]:
    limits: list[tuple[float, float]] = []
    for system, day in zip(systems, days, strict=True):
        for key in system.position:
            figure = day.figures.get(key)
            limits.append((figure.low, figure.high) if figure else (0, np.inf))
    size = len(systems[0].cells)
    rows: list[dict[int, int]] = []
    ranges: list[tuple[float, float]] = []
    for key, column in systems[1].position.items():
        if key in days[0].figures and key in days[1].figures:
            rows.append({size + column: 1, systems[0].position[key]: -1})
            ranges.append(_change(key, days, rule))
    matrix = block_diag([system.matrix for system in systems], format="csr")
    parts = [matrix, _rows(rows, matrix.shape[1])] if rows else [matrix]
    low, high = _columns(ranges)
    joint = CellSystem(
        {},
        systems[0].cells + systems[1].cells,
        vstack(parts, format="csr"),
        np.concatenate([systems[0].row_low, systems[1].row_low, low]),
        np.concatenate([systems[0].row_high, systems[1].row_high, high]),
        np.zeros((0, 2), dtype=np.int64),
    )
    return joint, Limits(*_columns(limits))


def _change(key: CellKey, days: tuple[Day, Day], rule: Rule) -> tuple[float, float]:
    """Return what the rule of held figures tells of a change, least and most.

    Counts behind fresh figures are k or more apart; a held one is less than k from its own. Equal
    figures are the same fresh one, repeated once or twice.
    """
    k = rule.k_persons
    held = sum(key in day.held for day in days)
    earlier, later = (day.figures[key].value for day in days)
    if earlier == later:
        farthest = (k - 1) * max(held, 1)
        return -farthest, farthest
    least = k - held * (k - 1)
    return (least, np.inf) if later > earlier else (-np.inf, -least)


def _columns(pairs: Sequence[tuple[float, float]]) -> tuple[Floats, Floats]:
    both = np.array(pairs, dtype=float).reshape(-1, 2)
    return both[:, 0], both[:, 1]


def _rows(rows: Sequence[Mapping[int, int]], size: int) -> csr_array:
    entries = [
        (row, column, sign) for row, terms in enumerate(rows) for column, sign in terms.items()
    ]
    row, column, sign = zip(*entries, strict=True)
    return csr_array((sign, (row, column)), shape=(len(rows), size), dtype=np.int64)
