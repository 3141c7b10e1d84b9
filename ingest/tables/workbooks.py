"""An XLSX file, read in a child process with limits; the rows are unpacked one by one when asked for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import orjson

from ingest.bounded import BoundedError, run_bounded
from ingest.tables.model import Cell, Row, Table, TableError

#: Limits of the child. 50,000 rows of 12 columns take 3 s and 300 MB (tests/ingest/tables/test_large.py).
SECONDS = 30.0
MEGABYTES = 1536
_TARGET = "ingest.tables.workbook_child:read"


def read_workbook(data: bytes, *, seconds: float = SECONDS, megabytes: int = MEGABYTES) -> Table:
    """Return the first visible sheet that has content.

    Args:
        data: a file that `archives.check_archive` found harmless by its directory.
        seconds: the longest that reading may take.
        megabytes: the most memory that it may take.

    Raises:
        TableError: the workbook is encrypted, broken, empty, too large, or reading it took too much.
    """
    try:
        answer = run_bounded(_TARGET, data, seconds=seconds, megabytes=megabytes)
    except BoundedError as error:
        if error.reason == "refused":
            raise TableError(error.refusal, **error.params) from None
        code = {"timeout": "took_too_long", "memory": "took_too_much_memory"}
        raise TableError(code.get(error.reason, "broken_workbook")) from None
    return table_of(answer)


def table_of(answer: bytes) -> Table:
    """Return the table of an answer of `workbook_child.read`; rows are unpacked when asked for."""
    head, _, body = answer.partition(b"\n")
    about = orjson.loads(head)

    def read() -> Iterator[Row]:
        start = 0
        while start < len(body):
            end = body.index(b"\n", start)
            number, *cells = orjson.loads(memoryview(body)[start:end])
            yield Row(number, tuple(cell_of(cell) for cell in cells))
            start = end + 1

    return Table(sheet=about["sheet"], format="xlsx", last_row=about["last"], read=read)


def cell_of(value: object) -> Cell:
    """Return a cell as `workbook_child.plain` wrote it."""
    match value:
        case {"d": str(day)}:
            return date.fromisoformat(day)
        case {"t": str(moment)}:
            return datetime.fromisoformat(moment)
        case None | str() | int() | float() | bool():
            return value
    raise TypeError(f"a cell should be text, a number or a day, it is {type(value).__name__}")
