"""Write a list as CSV, XLSX or JSON Lines, in chunks, never holding all rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import BinaryIO, Literal

import orjson

from ingest.exports.columns import Cells, Column
from ingest.exports.formulas import neutralised
from ingest.exports.words import Words
from ingest.exports.workbook import workbook_chunks
from ingest.tables.model import Cell

Format = Literal["csv", "xlsx", "jsonl"]

#: What each format is called on the web.
MEDIA_TYPES: Mapping[Format, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jsonl": "application/x-ndjson",
}
_BOM = b"\xef\xbb\xbf"
#: Rows of text gathered into one chunk.
_BATCH = 500


def write(
    rows: Iterable[Cells],
    columns: Sequence[Column],
    format: Format,
    notes: Mapping[str, Cell],
    words: Words,
) -> Iterator[bytes]:
    """Yield a file piece by piece.

    Args:
        rows: the lines, read once.
        columns: what is shown of each, in order.
        format: `csv` (UTF-8 with a mark, text quoted, formulas neutralised), `xlsx` (text is text, days
            are days, a sheet of notes) or `jsonl` (fields by name, nothing neutralised).
        notes: who asked, when, with what criteria and versions: a line each on the sheet of notes.
            The other formats have no place for them.
        words: the language of headers and notes.
    """
    if format == "csv":
        return _csv(rows, columns, words)
    if format == "jsonl":
        return _json_lines(rows, columns)
    return workbook_chunks(rows, columns, notes, words)


def write_to(
    file: BinaryIO,
    rows: Iterable[Cells],
    columns: Sequence[Column],
    format: Format,
    notes: Mapping[str, Cell],
    words: Words,
) -> None:
    """Write a file; see `write`."""
    for chunk in write(rows, columns, format, notes, words):
        file.write(chunk)


def _csv(rows: Iterable[Cells], columns: Sequence[Column], words: Words) -> Iterator[bytes]:
    text = io.StringIO(newline="")
    # All text is quoted, or else a reader that splits at ; would find formulas within.
    writer = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerow([neutralised(words(column.name_key)) for column in columns])
    yield _BOM
    for number, row in enumerate(rows, start=1):
        writer.writerow([_csv_cell(column.value(row)) for column in columns])
        if number % _BATCH == 0:
            yield _taken(text)
    yield _taken(text)


def _csv_cell(cell: Cell) -> str | int | float:
    match cell:
        case None:
            return ""
        case bool():
            return "TRUE" if cell else "FALSE"
        case int() | float():
            return cell
        case datetime():
            return cell.isoformat(" ", "seconds")
        case date():
            return cell.isoformat()
    return neutralised(cell.replace("\0", ""))


def _taken(text: io.StringIO) -> bytes:
    content = text.getvalue().encode("utf-8", "replace")
    text.seek(0)
    text.truncate()
    return content


def _json_lines(rows: Iterable[Cells], columns: Sequence[Column]) -> Iterator[bytes]:
    batch: list[bytes] = []
    for row in rows:
        line = {column.field: _json_cell(column.value(row)) for column in columns}
        batch.append(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
        if len(batch) == _BATCH:
            yield b"".join(batch)
            batch.clear()
    yield b"".join(batch)


def _json_cell(cell: Cell) -> Cell:
    # Half a character could be written nowhere.
    return cell.encode("utf-8", "replace").decode() if isinstance(cell, str) else cell
