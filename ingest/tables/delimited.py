"""CSV as programs in China write it: UTF-8 with or without a mark, GB18030, UTF-16; comma, semicolon or tab."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator

from ingest.exports.formulas import restored
from ingest.tables.model import MOST_COLUMNS, MOST_ROWS, Cell, Row, Table, TableError
from ingest.tables.workbook_child import HEADROOM

#: Longest cell, in characters; more than any field holds, less than the reader's own 131,072.
LONGEST_CELL = 100_000
_DELIMITERS = ",;\t"
#: Lines that the delimiter is judged by.
_JUDGED = 20


def read_delimited(data: bytes) -> Table:
    """Return the table of a CSV file.

    All cells are text. An apostrophe that an export put before a formula is taken off again.

    Raises:
        TableError: `not_text`, `unknown_encoding`, `broken_quotes`, `cell_too_long`, `too_many_rows`,
            `too_many_columns` or `empty`.
    """
    text = _decoded(data)
    delimiter = sniff_delimiter(text)
    last = 0
    for row in _rows(text, delimiter):
        last = row.number
        if last > MOST_ROWS + HEADROOM:
            raise TableError("too_many_rows", most=MOST_ROWS, found=last)
        if len(row.cells) > MOST_COLUMNS:
            raise TableError("too_many_columns", most=MOST_COLUMNS, found=len(row.cells))
    if not last:
        raise TableError("empty")
    return Table(sheet="", format="csv", last_row=last, read=lambda: _rows(text, delimiter))


def sniff_delimiter(text: str) -> str:
    """Return the delimiter that splits the first lines most often and most evenly; a comma by default."""
    counts: dict[str, list[int]] = {each: [] for each in _DELIMITERS}
    quoted, seen = False, dict.fromkeys(_DELIMITERS, 0)
    for character in text[: 64 * 1024]:
        if character == '"':
            quoted = not quoted
        elif quoted:
            continue
        elif character in seen:
            seen[character] += 1
        elif character == "\n":
            if any(seen.values()):
                for each, number in seen.items():
                    counts[each].append(number)
            seen = dict.fromkeys(_DELIMITERS, 0)
            if len(counts[","]) >= _JUDGED:
                break
    for each, number in seen.items():
        counts[each].append(number)

    def evenness(delimiter: str) -> tuple[int, int]:
        numbers = [number for number in counts[delimiter] if number]
        commonest = max(numbers, key=numbers.count, default=0)
        return numbers.count(commonest), commonest

    return max(_DELIMITERS, key=evenness)


def _decoded(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    elif b"\0" in data:
        raise TableError("not_text")
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            raise TableError("not_text")
        return text
    raise TableError("unknown_encoding")


def _rows(text: str, delimiter: str) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    while True:
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            code = "cell_too_long" if "limit" in str(error) else "broken_quotes"
            raise TableError(code, row=number + 1, most=LONGEST_CELL) from None
        number += 1
        if any(len(cell) > LONGEST_CELL for cell in record):
            raise TableError("cell_too_long", row=number, most=LONGEST_CELL)
        cells: list[Cell] = [restored(cell) if cell else None for cell in record]
        while cells and (cells[-1] is None or not str(cells[-1]).strip()):
            cells.pop()
        if cells:
            yield Row(number, tuple(cells))
