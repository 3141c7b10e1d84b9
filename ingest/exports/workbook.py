"""A list as XLSX: text is text, days are days, the header stays in view, notes say where it is from."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import BinaryIO, cast

import xlsxwriter
from xlsxwriter.format import Format as CellFormat
from xlsxwriter.worksheet import Worksheet

from ingest.exports.columns import Cells, Column
from ingest.exports.words import Words
from ingest.tables.model import Cell

#: Most characters of a cell: the limit of the file format.
LONGEST_CELL = 32_767
_CHUNK = 256 * 1024
#: Kept in memory up to this size, in a temporary file beyond.
_SPOOLED = 16 * 1024 * 1024
#: What XML cannot hold, not even escaped: half characters and two that are none.
_UNWRITABLE = re.compile("[\0\ud800-\udfff\ufffe\uffff]")
#: No day before this can be written; nor can one after 9999.
_EARLIEST = date(1900, 3, 1)

OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


def workbook_chunks(
    rows: Iterable[Cells], columns: Sequence[Column], notes: Mapping[str, Cell], words: Words
) -> Iterator[bytes]:
    """Yield an XLSX file of a list and its notes; see `writing.write`."""
    with tempfile.SpooledTemporaryFile(_SPOOLED) as file:
        _write(cast(BinaryIO, file), rows, columns, notes, words)
        file.seek(0)
        while chunk := file.read(_CHUNK):
            yield chunk


class CellWriter:
    """Writes cells of a sheet by their type; never a formula, never a link.

    Args:
        book: the workbook.
        sheet: one of its sheets.

    Attributes:
        cut: texts that were longer than a cell may be.
    """

    def __init__(self, book: xlsxwriter.Workbook, sheet: Worksheet) -> None:
        self._sheet = sheet
        self._plain = book.add_format({"valign": "top"})
        self._wrapped = book.add_format({"valign": "top", "text_wrap": True})
        self._day = book.add_format({"valign": "top", "num_format": "yyyy-mm-dd"})
        self._moment = book.add_format({"valign": "top", "num_format": "yyyy-mm-dd hh:mm"})
        self.cut = 0

    def write(self, row: int, at: int, cell: Cell, look: CellFormat | None = None) -> None:
        """Write one cell, rows and columns from 0; `look` stands for the usual format."""
        match cell:
            case None:
                if look is not None:
                    self._sheet.write_blank(row, at, None, look)
            case bool():
                self._sheet.write_boolean(row, at, cell, look or self._plain)
            case int() | float() if abs(cell) < 1e15:
                self._sheet.write_number(row, at, cell, look or self._plain)
            case datetime() if cell.date() >= _EARLIEST:
                self._sheet.write_datetime(row, at, cell.replace(tzinfo=None), look or self._moment)
            case date() if not isinstance(cell, datetime) and cell >= _EARLIEST:
                self._sheet.write_datetime(row, at, cell, look or self._day)
            case _:
                self._text(row, at, str(cell), look)

    def _text(self, row: int, at: int, text: str, look: CellFormat | None) -> None:
        text = _UNWRITABLE.sub("\ufffd", text)
        if len(text) > LONGEST_CELL:
            text = text[: LONGEST_CELL - 1] + "…"
            self.cut += 1
        usual = self._wrapped if "\n" in text or len(text) > 60 else self._plain
        self._sheet.write_string(row, at, text, look or usual)


def _write(
    file: BinaryIO,
    rows: Iterable[Cells],
    columns: Sequence[Column],
    notes: Mapping[str, Cell],
    words: Words,
) -> None:
    book = xlsxwriter.Workbook(file, OPTIONS)
    try:
        sheet = book.add_worksheet(words("table.sheet.list"))
        writer = CellWriter(book, sheet)
        write_header(book, sheet, [words(column.name_key) for column in columns])
        for at, column in enumerate(columns):
            sheet.set_column(at, at, column.width)
        count = 0
        for count, row in enumerate(rows, start=1):
            for at, column in enumerate(columns):
                writer.write(count, at, column.value(row))
        if columns:
            sheet.autofilter(0, 0, max(count, 1), len(columns) - 1)
        _write_notes(book, {**notes, words("table.notes.rows"): count}, writer.cut, words)
    finally:
        book.close()


def write_header(book: xlsxwriter.Workbook, sheet: Worksheet, names: Sequence[str]) -> None:
    """Write the header row, which stays in view."""
    look = book.add_format({"bold": True, "bg_color": "#DCE6F1", "border": 1, "valign": "top"})
    for at, name in enumerate(names):
        sheet.write_string(0, at, name, look)
    sheet.freeze_panes(1, 0)


def _write_notes(
    book: xlsxwriter.Workbook, notes: Mapping[str, Cell], cut: int, words: Words
) -> None:
    sheet = book.add_worksheet(words("table.sheet.notes"))
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 80)
    writer = CellWriter(book, sheet)
    lines = dict(notes)
    if cut:
        lines[words("table.notes.cut")] = cut
    for row, (name, value) in enumerate(lines.items()):
        writer.write(row, 0, name)
        writer.write(row, 1, value)
