"""Which column holds what: headers in Chinese or English, in any order, or as the caller says."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from ingest.tables.model import Cell, Row, Table, TableError
from ingest.tables.values import cell_text
from ingest.tables.vocabulary import (
    Kind,
    compact,
    header_names,
    headers,
    ignored_headers,
    plain,
    protected_headers,
)

#: Without these a record says nothing.
REQUIRED: Mapping[Kind, tuple[str, ...]] = {"candidate": ("headline",), "vacancy": ("title",)}
#: A mapping to this field leaves a column out.
LEFT_OUT = ""
#: A sheet may begin with a title and the like.
_JUDGED_ROWS = 10
_BRACKETS = re.compile(r"[(\[【](?P<within>[^()\[\]【】]*)[)\]】]")


@dataclass(frozen=True, slots=True)
class Column:
    """A column that is read.

    Attributes:
        at: from 0.
        header: as written.
        field: what it holds.
        unit: what stood in brackets, such as `k`; "" if nothing.
    """

    at: int
    header: str
    field: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    """How a sheet is read.

    Attributes:
        header_row: number of the row with the headers.
        headers: as written, from column A; "" where there is none.
        columns: those that are read.
        unknown: headers that mean nothing here; said to the user, no error.
        protected: position and header of what is deliberately not read.
        left_out: positions of columns that Bole wrote itself or the caller left out.
    """

    header_row: int
    headers: tuple[str, ...]
    columns: tuple[Column, ...]
    unknown: tuple[str, ...]
    protected: tuple[tuple[int, str], ...]
    left_out: frozenset[int]


def plan_columns(table: Table, kind: Kind, mapping: Mapping[str, str] | None = None) -> ColumnPlan:
    """Find the header row and say what each column holds.

    Args:
        table: the sheet.
        kind: what its rows are.
        mapping: header to field, stronger than what the headers mean by themselves; the field ""
            leaves a column out.

    Raises:
        TableError: `empty`, `no_header`, `missing_column`, `duplicate_columns`, `unknown_field` or
            `mapped_header_missing`.
    """
    wanted = _checked_mapping(kind, mapping or {})
    rows = list(islice(table.rows(), _JUDGED_ROWS))
    if not rows:
        raise TableError("empty")
    known = {**headers(kind), **wanted}
    row = max(rows, key=lambda each: _recognised(each, known))
    if not _recognised(row, known):
        names = ", ".join(listed[0] for listed in list(header_names(kind).values())[:6])
        raise TableError("no_header", names=names)
    plan = _plan(row, kind, wanted)
    present = {compact(header) for header in plan.headers}
    for header in mapping or {}:
        if compact(header) not in present:
            raise TableError("mapped_header_missing", header=header)
    filled = {column.field for column in plan.columns}
    for field in REQUIRED[kind]:
        if field not in filled:
            listed = header_names(kind)[field]
            name = f"{listed[0]} / {next(name for name in listed if name.isascii())}"
            raise TableError("missing_column", field=field, name=name)
    return plan


def _checked_mapping(kind: Kind, mapping: Mapping[str, str]) -> dict[str, str]:
    for field in mapping.values():
        if field != LEFT_OUT and field not in header_names(kind):
            raise TableError("unknown_field", field=field, known=", ".join(header_names(kind)))
    return {compact(header): field for header, field in mapping.items()}


def _recognised(row: Row, known: Mapping[str, str]) -> int:
    return len({_field_of(cell_text(cell), known)[0] for cell in row.cells} - {None})


def _field_of(header: str, known: Mapping[str, str]) -> tuple[str | None, str]:
    """Return the field of a header, None if it has none, and the unit in its brackets."""
    if not header or len(header) > 200:
        return None, ""
    # Brackets are looked for in the normal form, where the full-width ones are plain.
    normal = plain(header)
    unit = _BRACKETS.search(normal)
    within = unit["within"].strip() if unit else ""
    field = known.get(compact(header))
    if field is None:
        field = known.get(compact(_BRACKETS.sub("", normal)))
    return field, within


def _plan(row: Row, kind: Kind, wanted: Mapping[str, str]) -> ColumnPlan:
    names = tuple(cell_text(cell) for cell in row.cells)
    columns: dict[str, Column] = {}
    unknown: list[str] = []
    protected: list[tuple[int, str]] = []
    left_out: set[int] = set()
    for at, header in enumerate(names):
        form = compact(header)
        chosen = form in wanted
        field, unit = _field_of(header, wanted if chosen else headers(kind))
        if not form:
            continue
        if field == LEFT_OUT or (field is None and form in ignored_headers()):
            left_out.add(at)
        elif field is None and compact(_BRACKETS.sub("", plain(header))) in protected_headers():
            protected.append((at, header))
        elif field is None or (not chosen and field in wanted.values()):
            unknown.append(header)
        elif field in columns:
            raise TableError(
                "duplicate_columns", first=columns[field].header, second=header, field=field
            )
        else:
            columns[field] = Column(at, header, field, unit)
    return ColumnPlan(
        header_row=row.number,
        headers=names,
        columns=tuple(columns.values()),
        unknown=tuple(unknown),
        protected=tuple(protected),
        left_out=frozenset(left_out),
    )


def cell_at(cells: Sequence[Cell], at: int) -> Cell:
    """Return a cell of a row; rows may be shorter than the header."""
    return cells[at] if at < len(cells) else None
