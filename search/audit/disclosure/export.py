"""Audit rows in, what may leave of them out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from search.audit.disclosure.dimensions import Dimension
from search.audit.disclosure.errors import DisclosureError
from search.audit.disclosure.ledger import ReleaseLedger
from search.audit.disclosure.measures import Derived, check_names, derive
from search.audit.disclosure.protection import ProtectedTable, Reason, protect
from search.audit.disclosure.rule import Rule
from search.audit.disclosure.tables import Cell, Coordinates, CountTable, count_table

Code = Literal["released", "held", "suppressed"]


@dataclass(frozen=True)
class Measure:
    """A column of counts, and the column that counts the employers behind it, if any."""

    name: str
    employers: str | None = None


@dataclass(frozen=True)
class ExportRow:
    """One cell as it leaves: its place, a figure or None per measure, and a code beside each."""

    coordinates: Mapping[str, str]
    values: Mapping[str, int | float | None]
    codes: Mapping[str, Code]


@dataclass(frozen=True)
class ExportNotes:
    """What the report's header says: the rule, and how much was hidden.

    Attributes:
        rule: thresholds and rounding.
        cells: rows of the export.
        suppressed: cells without a figure, per measure.
        held: cells that repeat the figure of an earlier day, per measure.
    """

    rule: Rule
    cells: int
    suppressed: Mapping[str, int]
    held: Mapping[str, int]


@dataclass(frozen=True)
class AuditExport:
    """What leaves (`rows`, `notes`), and what stays inside (`reasons`, `ledger`).

    The codes of `rows` say that a figure is hidden, not why: the reason would tell whether the
    count is below k. Officers see it in `reasons`: per measure and cell.
    """

    rows: tuple[ExportRow, ...]
    notes: ExportNotes
    reasons: Mapping[str, Mapping[Coordinates, Reason]]
    ledger: ReleaseLedger | None


def audit_export(
    rows: Sequence[Mapping[str, object]],
    dimensions: Sequence[Dimension],
    measures: Sequence[Measure],
    *,
    derived: Sequence[Derived] = (),
    rule: Rule | None = None,
    ledger: ReleaseLedger | None = None,
    as_of: date | None = None,
) -> AuditExport:
    """Return the rows of an audit that may leave, one per cell of the lattice, margins included.

    Args:
        rows: one mapping per cell: a value per dimension under its name, whole numbers for the
            measures and the employers. Finest cells that are missing count nobody; margins may be
            given (distinct employers are then exact) and must be over overlapping dimensions.
        dimensions: e.g. role with fields, city with the province.
        measures: which columns to release.
        derived: figures made of them, such as gap and ratio.
        rule: the thresholds; the ledger's, or the house rule, where None.
        ledger: what left before; each measure's name is a subject in it.
        as_of: the day of the counts; needed with a ledger.

    Raises:
        DisclosureError: when a row is not a cell with counts; names the row, from 1.
        ReleaseRefused: when the ledger refuses.
    """
    if not measures:
        raise DisclosureError("an export needs at least one measure")
    check_names([measure.name for measure in measures], derived)
    if ledger is not None and as_of is None:
        raise DisclosureError("a release into a ledger needs the day of its counts (as_of)")
    if ledger is not None and rule is not None and rule != ledger.rule:
        raise DisclosureError("the ledger has a rule of its own: leave rule out")
    axes = tuple(dimensions)
    tables: dict[str, ProtectedTable] = {}
    for measure in measures:
        table = _table(rows, axes, measure)
        if ledger is None or as_of is None:
            tables[measure.name] = protect(table, rule)
        else:
            ledger, tables[measure.name] = ledger.release(measure.name, as_of, table)
    return AuditExport(
        *_lines(axes, tables, derived),
        {name: table.reasons for name, table in tables.items()},
        ledger,
    )


def _lines(
    axes: tuple[Dimension, ...], tables: Mapping[str, ProtectedTable], derived: Sequence[Derived]
) -> tuple[tuple[ExportRow, ...], ExportNotes]:
    made = {item: derive(item, tables) for item in derived}
    names = [axis.name for axis in axes]
    hidden: Counter[str] = Counter()
    repeated: Counter[str] = Counter()
    lines: list[ExportRow] = []
    for coordinates in next(iter(tables.values())).values:
        values: dict[str, int | float | None] = {}
        codes: dict[str, Code] = {}
        for name, table in tables.items():
            values[name] = table.values[coordinates]
            codes[name] = "held" if coordinates in table.held else "released"
        for item, figures in made.items():
            values[item.name] = figures[coordinates]
            parts = {codes[name] for name in item.of}
            codes[item.name] = "held" if "held" in parts else "released"
        for name, value in values.items():
            if value is None:
                codes[name] = "suppressed"
                hidden[name] += 1
            elif codes[name] == "held":
                repeated[name] += 1
        lines.append(ExportRow(dict(zip(names, coordinates, strict=True)), values, codes))
    figures_named = [*tables, *(item.name for item in derived)]
    notes = ExportNotes(
        next(iter(tables.values())).rule,
        len(lines),
        {name: hidden[name] for name in figures_named},
        {name: repeated[name] for name in figures_named},
    )
    return tuple(lines), notes


def _table(
    rows: Sequence[Mapping[str, object]], axes: tuple[Dimension, ...], measure: Measure
) -> CountTable:
    cells: dict[Coordinates, Cell] = {}
    for number, row in enumerate(rows, start=1):
        coordinates = tuple(_place(row, axis, number) for axis in axes)
        if coordinates in cells:
            raise DisclosureError(f"row {number}: {coordinates} was given before: one row a cell")
        employers = None if measure.employers is None else _count(row, measure.employers, number)
        cells[coordinates] = Cell(_count(row, measure.name, number), employers)
    return count_table(axes, cells)


def _place(row: Mapping[str, object], axis: Dimension, number: int) -> str:
    value = row.get(axis.name)
    if not isinstance(value, str) or value not in axis.values:
        raise DisclosureError(
            f"row {number}: {axis.name} is {value!r}, which is none of its {len(axis.values)} values"
        )
    return value


def _count(row: Mapping[str, object], column: str, number: int) -> int:
    value = row.get(column)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise DisclosureError(
            f"row {number}: {column} is {value!r}, expected a whole number of 0 or more"
        )
    return value
