"""The cells of an uploaded XLSX file, or why they cannot be had; nothing in a file may exhaust the machine."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import orjson

from ingest.bounded import BoundedError, RefusedError, run_bounded
from ingest.tables.workbook_child import plain
from ingest.tables.workbooks import cell_of

#: Bytes of an upload, and of what it unpacks to, at most.
MOST_BYTES = 8 * 1024 * 1024
MOST_UNPACKED = 64 * 1024 * 1024
#: Rows and columns of a sheet, at most.
MOST_ROWS = 5000
MOST_COLUMNS = 200

#: Limits of the child that reads it.
SECONDS = 20.0
MEGABYTES = 1024
_TARGET = "ingest.declarations.workbook:sheets"

WorkbookProblem = Literal["too_large", "not_xlsx", "locked", "too_many_rows"]
# Where a cell or row stands: a reader makes room for all before the furthest.
_PLACE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{0,12})(\d{1,12})["']""")


class WorkbookError(ValueError):
    """A file that cannot be read; `problem` is the code."""

    def __init__(self, problem: WorkbookProblem) -> None:
        super().__init__(
            f"an XLSX file was expected; it is not usable ({problem}); save it as XLSX"
        )
        self.problem: WorkbookProblem = problem


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its name and its rows from the first, empty cells as ""."""

    name: str
    rows: Sequence[Sequence[object]]


def read_sheets(content: bytes) -> tuple[Sheet, ...]:
    """Return the sheets of an XLSX file in order, read in a child process with limits.

    Raises:
        WorkbookError: it is none, is locked with a password, or is too large.
    """
    if len(content) > MOST_BYTES:
        raise WorkbookError("too_large")
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise WorkbookError("locked")
    try:
        answer = run_bounded(_TARGET, content, seconds=SECONDS, megabytes=MEGABYTES)
    except BoundedError as error:
        raise WorkbookError(_problem(error)) from None
    return tuple(
        Sheet(name, [[cell_of(cell) for cell in row] for row in rows])
        for name, rows in orjson.loads(answer)
    )


def sheets(content: bytes) -> bytes:
    """Run in the child: return the sheets as JSON, pairs of a name and its rows.

    Raises:
        RefusedError: `not_xlsx`, `locked`, `too_large` or `too_many_rows`.
    """
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        _check(content)
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        found = [
            (name, book.get_sheet_by_name(name).to_python(skip_empty_area=False))
            for name in book.sheet_names
        ]
    except WorkbookError as error:
        raise RefusedError(error.problem) from error
    except PasswordError as error:
        raise RefusedError("locked") from error
    except (CalamineError, ValueError, OSError) as error:
        raise RefusedError("not_xlsx") from error
    except BaseException as error:
        # A fault inside the reader's own language arrives as no Exception.
        if type(error).__name__ == "PanicException":
            raise RefusedError("not_xlsx") from error
        raise
    return orjson.dumps(found, plain, orjson.OPT_PASSTHROUGH_DATETIME)


def _problem(error: BoundedError) -> WorkbookProblem:
    known: tuple[WorkbookProblem, ...] = get_args(WorkbookProblem)
    if error.reason == "refused":
        return next((problem for problem in known if problem == error.refusal), "not_xlsx")
    return "too_large" if error.reason in {"timeout", "memory"} else "not_xlsx"


def _check(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MOST_UNPACKED:
                raise WorkbookError("too_large")
            for entry in archive.infolist():
                # Unpacked in full: a size that is stated too small is found out here.
                part = archive.read(entry)
                if entry.filename.lower().startswith("xl/worksheets/"):
                    _check_sheet(part)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError) as error:
        if isinstance(error, WorkbookError):
            raise
        raise WorkbookError("not_xlsx") from error


def _check_sheet(part: bytes) -> None:
    # In another encoding the places could not be seen.
    if b"\0" in part:
        raise WorkbookError("not_xlsx")
    for letters, digits in _PLACE.findall(part):
        if int(digits) > MOST_ROWS or _column(letters) > MOST_COLUMNS:
            raise WorkbookError("too_many_rows")


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
