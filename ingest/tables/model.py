"""A sheet as it was read: rows of cells with the row numbers that a spreadsheet program shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

#: What a cell may hold; None where it is empty. A `datetime` has no time zone, as in spreadsheets.
Cell = str | int | float | bool | date | datetime | None

#: Most rows below the header, and most columns.
MOST_ROWS = 50_000
MOST_COLUMNS = 100


class TableError(Exception):
    """A file or its header cannot be imported as a whole.

    Attributes:
        code: the reason; `table.refused.<code>` of the locale files says it with what to do.
        params: what the reason speaks of.
    """

    def __init__(self, code: str, **params: str | int) -> None:
        said = ", ".join(f"{name}={value}" for name, value in params.items())
        super().__init__(f"{code} ({said})" if said else code)
        self.code = code
        self.params: dict[str, str | int] = params


@dataclass(frozen=True, slots=True)
class Row:
    """One row that is not empty.

    Attributes:
        number: as a spreadsheet program shows it, from 1.
        cells: from column A; trailing empty cells may be missing.
    """

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet of a file.

    Attributes:
        sheet: its name; "" for CSV.
        format: what the file is.
        last_row: number of the last row, for progress.
        read: begins to read the rows anew; rows wholly empty are left out.
    """

    sheet: str
    format: str
    last_row: int
    read: Callable[[], Iterator[Row]]

    def rows(self) -> Iterator[Row]:
        """Yield the rows from the top, the header among them."""
        return self.read()
