"""Editions as two CSV files: the catalogue itself, and the rows that are gone.

The catalogue has the columns that `taxonomies.office_catalogues.read_rows` asks for (`title`,
`role_number`) and the lineage beside them, so one file serves both readers. A cell that a spreadsheet would take for a
formula is written behind an apostrophe.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from search.audit.editions import (
    FORMULA_SIGNS,
    DroppedRow,
    Edition,
    EditionError,
    EditionRow,
    Lineage,
)
from taxonomies.office_catalogues import read_rows

CATALOGUE_COLUMNS = (
    "number",
    "title",
    "role_number",
    "field",
    "duty",
    "lineage",
    "previous",
    "reason",
    "on",
)
DROPPED_COLUMNS = ("previous", "title", "role_number", "reason", "on")
_LINEAGES: dict[str, Lineage] = {"unchanged": "unchanged", "reworded": "reworded", "new": "new"}


def catalogue_csv(edition: Edition) -> bytes:
    """Return the rows of an edition as CSV, UTF-8 with a byte order mark so that spreadsheets read it.

    Raises:
        EditionError: the reader of offices' catalogues would not find every row again.
    """
    content = _written(
        CATALOGUE_COLUMNS,
        (
            (
                row.number,
                row.title,
                row.role_number,
                row.field,
                row.duty,
                row.lineage,
                row.previous,
                row.reason,
                row.on,
            )
            for row in edition.rows
        ),
    )
    found = read_rows(content, f"{edition.id}.csv")
    if len(found) != len(edition.rows):
        raise EditionError(
            f"{len(edition.rows)} rows were written and {len(found)} read again: titles of rows that "
            "are none of annex 1 must differ; reword one"
        )
    return content


def dropped_csv(edition: Edition) -> bytes:
    """Return the rows that are gone as CSV, with reason and day; only the header where there are none."""
    return _written(
        DROPPED_COLUMNS,
        ((row.previous, row.title, row.role_number, row.reason, row.on) for row in edition.dropped),
    )


def read_edition(
    id: str, start: date, after: date | None, catalogue: bytes, dropped: bytes
) -> Edition:
    """Read an edition from its two files.

    Args:
        id: of the catalogue.
        start: first day.
        after: first day of the edition before; None for the first.
        catalogue: as `catalogue_csv` writes it.
        dropped: as `dropped_csv` writes it.

    Raises:
        EditionError: a file is not of this form; says the row and what to do.
        CatalogueFileError: the reader of offices' catalogues does not take it.
    """
    read_rows(catalogue, f"{id}.csv")
    rows = tuple(
        _row(place, cells) for place, cells in _read(catalogue, CATALOGUE_COLUMNS, "catalogue")
    )
    if [row.number for row in rows] != list(range(1, len(rows) + 1)):
        raise EditionError("catalogue: rows should be numbered 1, 2, 3 and so on; number them anew")
    gone = tuple(
        _dropped(place, cells) for place, cells in _read(dropped, DROPPED_COLUMNS, "dropped")
    )
    return Edition(id, start, after, rows, gone)


def _written(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_cell(value) for value in row])
    return text.getvalue().encode("utf-8-sig")


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text


def _read(
    content: bytes, columns: Sequence[str], file: str
) -> Iterable[tuple[int, Mapping[str, str]]]:
    try:
        reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        rows = list(reader)
    except (UnicodeDecodeError, csv.Error) as error:
        raise EditionError(f"{file}: no CSV in UTF-8 ({error}); save it as such") from error
    if list(reader.fieldnames or []) != list(columns):
        raise EditionError(
            f"{file}: the columns should be {', '.join(columns)}; they are "
            f"{', '.join(reader.fieldnames or [])}"
        )
    for place, row in enumerate(rows, start=2):
        if None in row or None in row.values():
            raise EditionError(
                f"{file}, row {place}: {len(columns)} cells are needed; quote commas"
            )
        yield place, {key: value.removeprefix("'") for key, value in row.items()}


def _row(place: int, cells: Mapping[str, str]) -> EditionRow:
    lineage = _LINEAGES.get(cells["lineage"])
    if lineage is None:
        raise EditionError(
            f"catalogue, row {place}: lineage should be {', '.join(_LINEAGES)}; it is "
            f"{cells['lineage']!r}"
        )
    on = _day(place, cells["on"]) if cells["on"] else None
    previous = _number(place, cells["previous"])
    is_whole = (previous is None) == (lineage == "new") and (on is None) == (lineage == "unchanged")
    if not is_whole or bool(cells["reason"]) == (lineage == "unchanged"):
        raise EditionError(
            f"catalogue, row {place}: a row that is {lineage} should have "
            f"{'no' if lineage == 'new' else 'a'} previous row, and "
            f"{'neither reason nor day' if lineage == 'unchanged' else 'a reason and a day'}"
        )
    return EditionRow(
        number=_number(place, cells["number"]) or 0,
        title=cells["title"],
        duty=cells["duty"],
        field=cells["field"],
        role_number=_number(place, cells["role_number"]),
        lineage=lineage,
        previous=previous,
        reason=cells["reason"],
        on=on,
    )


def _dropped(place: int, cells: Mapping[str, str]) -> DroppedRow:
    previous = _number(place, cells["previous"])
    if previous is None or not cells["reason"]:
        raise EditionError(f"dropped, row {place}: previous and reason are needed; fill them in")
    return DroppedRow(
        previous,
        cells["title"],
        _number(place, cells["role_number"]),
        cells["reason"],
        _day(place, cells["on"]),
    )


def _number(place: int, cell: str) -> int | None:
    if not cell:
        return None
    if not (cell.isascii() and cell.isdigit() and len(cell) <= 6):
        raise EditionError(f"row {place}: {cell!r} should be the number of a row")
    return int(cell)


def _day(place: int, cell: str) -> date:
    try:
        return date.fromisoformat(cell)
    except ValueError as error:
        raise EditionError(f"row {place}: {cell!r} should be a day such as 2027-01-01") from error
