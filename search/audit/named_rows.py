"""Tables that offices fill in and send as CSV: each row judged by itself, the sound ones kept."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import TypeVar

from search.audit.faults import RowFault
from taxonomies.models import Text

#: Rows read at most.
MOST_ROWS = 5000

Found = TypeVar("Found")
#: Row number and cells by column; returns what the row says, or what is wrong with it.
Judge = Callable[[int, Mapping[str, str]], Found | list[RowFault]]


def read_rows(
    content: bytes,
    columns: Mapping[str, str],
    required: Sequence[str],
    judge: Judge[Found],
    identity: Callable[[Found], Hashable],
    said_in: str,
) -> tuple[tuple[Found, ...], tuple[RowFault, ...]]:
    """Read CSV (UTF-8 or GB18030) whose first row names the columns.

    Nothing is raised for what a file holds: a file that cannot be read at all is one fault of row 1.

    Args:
        content: the file.
        columns: header, folded, to its column; see `columns_of`.
        required: columns that must be there.
        judge: says what a row holds.
        identity: what no two rows may have alike.
        said_in: the column that a second one is told of.
    """
    text = _text(content)
    if text is None:
        return (), (RowFault(1, "", "", "not_text", "save_as_csv"),)
    sound: list[Found] = []
    faults: list[RowFault] = []
    seen: dict[Hashable, int] = {}
    lines = csv.reader(io.StringIO(text, newline=""))
    try:
        header = [columns.get(folded(cell), "") for cell in next(lines, [])]
        missing = [name for name in required if name not in header]
        if missing:
            return (), tuple(
                RowFault(1, name, "", "no_column", "add_column", name) for name in missing
            )
        for row, cells in enumerate(lines, start=2):
            if not any(cell.strip() for cell in cells):
                continue
            if row > MOST_ROWS:
                faults.append(RowFault(row, "", "", "too_many_rows", "split_file", str(MOST_ROWS)))
                break
            named = dict(zip(header, (cell.strip() for cell in cells), strict=False))
            found = judge(row, named)
            if isinstance(found, list):
                faults += found
                continue
            first = seen.setdefault(identity(found), row)
            if first == row:
                sound.append(found)
            else:
                told = named.get(said_in, "")
                faults.append(RowFault(row, said_in, told, "duplicate", "keep_one", str(first)))
    except csv.Error:
        faults.append(RowFault(lines.line_num, "", "", "not_csv", "save_as_csv"))
    return tuple(sound), tuple(faults)


@cache
def columns_of(package: str) -> Mapping[str, str]:
    """Return the columns of a package's `columns.csv`, by folded header."""
    return {folded(header): key for key, header in _headers(package)}


@cache
def labels_of(package: str) -> Mapping[str, Text]:
    """Return what the columns of a package are called: the first header of each in either script."""
    labels: dict[str, dict[bool, str]] = {}
    for key, header in _headers(package):
        labels.setdefault(key, {}).setdefault(header.isascii(), header)
    return {key: Text(held[False], held[True]) for key, held in labels.items()}


def _headers(package: str) -> list[tuple[str, str]]:
    text = files(package).joinpath("columns.csv").read_text("utf-8")
    rows = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    return [(row["key"], row["header"]) for row in rows]


def folded(header: str) -> str:
    """Return a header as it is compared: width and case do not matter."""
    return unicodedata.normalize("NFKC", header).strip().casefold()


def _text(content: bytes) -> str | None:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None
