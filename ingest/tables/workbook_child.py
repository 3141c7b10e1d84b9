"""Runs in a limited child: an XLSX file in, its first sheet with content out, one JSON line a row.

Imports nothing that is not needed, since each import is paid for with every file.
"""

from __future__ import annotations

import io
from datetime import date, datetime, time, timedelta
from typing import Any

import orjson
import python_calamine

from ingest.bounded import RefusedError
from ingest.tables.model import MOST_COLUMNS, MOST_ROWS

#: Rows above the header that do not count, such as a title.
HEADROOM = 10


def read(payload: bytes) -> bytes:
    """Return a head line (`sheet`, `first`, `last`) and a line for every row from the first used one.

    Cells are values: a formula is what it came to when the file was saved. Days and times are objects
    with one key, `d` or `t`.

    Raises:
        RefusedError: `encrypted`, `broken_workbook`, `empty`, `too_many_rows` or `too_many_columns`.
    """
    try:
        with python_calamine.load_workbook(io.BytesIO(payload)) as workbook:
            return _sheet(workbook)
    except python_calamine.PasswordError:
        raise RefusedError("encrypted") from None
    except (python_calamine.CalamineError, OSError, ValueError, OverflowError):
        raise RefusedError("broken_workbook") from None
    except BaseException as error:
        # A panic of the reader comes as one of pyo3's own, outside of Exception.
        if type(error).__name__ == "PanicException":
            raise RefusedError("broken_workbook") from None
        raise


def _sheet(workbook: python_calamine.CalamineWorkbook) -> bytes:
    for about in workbook.sheets_metadata:
        if about.visible != python_calamine.SheetVisibleEnum.Visible:
            continue
        if about.typ != python_calamine.SheetTypeEnum.WorkSheet:
            continue
        sheet = workbook.get_sheet_by_name(about.name)
        if sheet.start is not None and sheet.end is not None:
            return _lines(about.name, sheet, sheet.start[0], *sheet.end)
    raise RefusedError("empty")


def _lines(
    name: str, sheet: python_calamine.CalamineSheet, first: int, last: int, end: int
) -> bytes:
    if last - first > MOST_ROWS + HEADROOM:
        raise RefusedError("too_many_rows", most=MOST_ROWS, found=last - first)
    if end >= MOST_COLUMNS:
        raise RefusedError("too_many_columns", most=MOST_COLUMNS, found=end + 1)
    options = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_APPEND_NEWLINE
    head = {"sheet": name, "last": last + 1}
    lines = [orjson.dumps(head, option=orjson.OPT_APPEND_NEWLINE)]
    for at, row in enumerate(sheet.iter_rows()):
        cells: list[Any] = [None if cell == "" else cell for cell in row]
        while cells and cells[-1] is None:
            cells.pop()
        if cells:
            lines.append(orjson.dumps([at + 1, *cells], plain, options))
    if len(lines) == 1:
        raise RefusedError("empty")
    return b"".join(lines)


def plain(value: object) -> object:
    """Return a day or a time of a sheet as JSON has it: an object with one key, or text."""
    match value:
        case datetime():
            return {"t": value.isoformat()}
        case date():
            return {"d": value.isoformat()}
        case time():
            return value.isoformat("minutes")
        case timedelta():
            return str(value)
    raise TypeError(type(value).__name__)
