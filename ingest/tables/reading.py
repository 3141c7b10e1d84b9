"""Reads the cells of one row field by field and remembers what could not be read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from ingest.tables.columns import Column, cell_at
from ingest.tables.model import Cell, Row
from ingest.tables.rows import LONGEST_QUOTE, Remark, RowFault, ValueFaultError

Value = TypeVar("Value")

#: Longest single value, in characters; some ten times what anyone writes.
LONGEST_VALUE = 1_000
#: Fields whose cells hold several values, each judged by itself.
_SEVERAL = frozenset({"work", "education", "wished_roles", "wished_regions", "wished_employment"})


@dataclass
class RowReading:
    """One row while it is read.

    Attributes:
        row: the row.
        columns: by field.
        texts: what each cell that is not empty shows, by field.
        faults: what was found so far.
    """

    row: Row
    columns: Mapping[str, Column]
    texts: Mapping[str, str]
    faults: list[RowFault] = field(default_factory=list)

    def cell(self, name: str) -> Cell:
        """Return what stands in the column of a field; None where there is no such column."""
        column = self.columns.get(name)
        return None if column is None else cell_at(self.row.cells, column.at)

    def text(self, name: str) -> str:
        """Return what the cell of a field shows."""
        return self.texts.get(name, "")

    def unit(self, name: str) -> str:
        """Return what stands in the brackets of a field's header."""
        column = self.columns.get(name)
        return "" if column is None else column.unit

    def read(self, name: str, reader: Callable[[Cell], Value]) -> Value | None:
        """Return what a reader makes of the cell of a field; None, and a fault, where it cannot."""
        if name not in self.texts:
            return None
        if len(self.texts[name]) > LONGEST_VALUE and name not in _SEVERAL:
            most = {"most": LONGEST_VALUE}
            self.add(name, Remark("too_long", most), Remark("shorten", most))
            return None
        try:
            return reader(self.cell(name))
        except ValueFaultError as error:
            self.add(name, error.reason, error.fix)
            return None

    def add(self, name: str, reason: Remark, fix: Remark) -> None:
        """Note a fault of the cell of a field, or of the row where the sheet has no such column."""
        column = self.columns.get(name)
        header = column.header if column else ""
        self.add_at(header, self.text(name), reason, fix)

    def add_at(self, header: str, value: str, reason: Remark, fix: Remark) -> None:
        """Note a fault of a cell by its header."""
        cut = value if len(value) <= LONGEST_QUOTE else value[: LONGEST_QUOTE - 1] + "…"
        self.faults.append(RowFault(self.row.number, header, cut, reason, fix))
