"""Catalogues that an office loads, so that a measure tied to one can be decided: titles, CSV or XLSX.

A catalogue belongs to the id that a measure names, and to a period. It is kept as it was read, once a
version: `catalogues/<id>/<first day>.json`; nothing is overwritten.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

#: What the column of the titles, and of the rows of annex 1, is called; compared without case.
TITLE_HEADERS = (
    "title",
    "occupation",
    "role",
    "岗位",
    "岗位名称",
    "职业",
    "职业名称",
    "紧缺人才类别",
    "名称",
)
NUMBER_HEADERS = ("role_number", "annex1", "附件1序号", "附件1行号")
#: Rows at most; a catalogue of a city has some hundreds.
MOST_ROWS = 20_000

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class CatalogueFileError(ValueError):
    """A catalogue cannot be used: the message gives file, row and the fix."""

    def __init__(self, file: str, row: int, problem: str, fix: str) -> None:
        super().__init__(f"{file}, row {row}: {problem}. Fix: {fix}")
        self.file, self.row, self.problem, self.fix = file, row, problem, fix


class CatalogueRow(BaseModel):
    """One role of a catalogue: its title, and the row of annex 1 that it is, where the office says so."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str = Field(min_length=1)
    role_number: int | None = None


class OfficeCatalogue(BaseModel):
    """A catalogue with the period in which it holds.

    Attributes:
        id: what measures call it.
        start, end: first and last day; no end means until another one begins.
        rows: its roles, in the order of the file.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=_ID.pattern)
    start: date
    end: date | None = None
    rows: tuple[CatalogueRow, ...] = Field(min_length=1)

    def holds_on(self, day: date) -> bool:
        """Say whether a day lies in its period."""
        return self.start <= day and (self.end is None or day <= self.end)


def read_rows(content: bytes, name: str) -> tuple[CatalogueRow, ...]:
    """Read the roles of a CSV (UTF-8) or XLSX file; the first row holds the names of the columns.

    Raises:
        CatalogueFileError: the file is neither, has no column of titles, or a row is wrong.
    """
    lines = _table(content, name)
    header = [str(cell).strip().lower() for cell in next(lines, ())]
    title = _column(header, TITLE_HEADERS)
    if title is None:
        raise CatalogueFileError(
            name,
            1,
            f"no column is called {TITLE_HEADERS[0]!r} or {TITLE_HEADERS[3]!r}; "
            f"found {', '.join(filter(None, header)) or 'none'}",
            f"call the column of the titles one of {'、'.join(TITLE_HEADERS)}",
        )
    number = _column(header, NUMBER_HEADERS)
    # Annex 1 has one title in two fields: a row is the same as another only where its number is too.
    found: dict[tuple[str, int | None], CatalogueRow] = {}
    for place, cells in enumerate(lines, start=2):
        if place > MOST_ROWS:
            raise CatalogueFileError(
                name, place, "the file has too many rows", "split it by period"
            )
        said = _cell(cells, title)
        if not said:
            if any(str(cell).strip() for cell in cells):
                raise CatalogueFileError(
                    name, place, "the title is empty", "fill it in, or drop the row"
                )
            continue
        role = _number(cells, number, name, place)
        found.setdefault((said, role), CatalogueRow(title=said, role_number=role))
    if not found:
        raise CatalogueFileError(name, 2, "no row follows the header", "add the roles")
    return tuple(found.values())


def _table(content: bytes, name: str) -> Iterator[Sequence[object]]:
    if name.lower().endswith(".xlsx"):
        return _sheet(content, name)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        raise CatalogueFileError(
            name, row, "the file is not UTF-8", "save it as CSV UTF-8, or XLSX"
        ) from error
    return iter(csv.reader(io.StringIO(text)))


def _sheet(content: bytes, name: str) -> Iterator[Sequence[object]]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, OSError, ValueError) as error:
        raise CatalogueFileError(
            name, 1, f"the file is no XLSX: {error}", "save it as XLSX or CSV"
        ) from error
    sheet = book.worksheets[0]
    yield from (
        ["" if cell is None else cell for cell in cells]
        for cells in sheet.iter_rows(values_only=True)
    )


def _column(header: Sequence[str], names: Iterable[str]) -> int | None:
    return next((header.index(name) for name in names if name in header), None)


def _cell(cells: Sequence[object], place: int) -> str:
    return str(cells[place]).strip() if place < len(cells) else ""


def _number(cells: Sequence[object], place: int | None, name: str, row: int) -> int | None:
    said = "" if place is None else _cell(cells, place)
    if not said:
        return None
    try:
        return int(float(said))
    except ValueError as error:
        raise CatalogueFileError(
            name, row, f"{said!r} is no row of annex 1", "write its number, or leave it empty"
        ) from error


def load_catalogues(folder: Path) -> tuple[OfficeCatalogue, ...]:
    """Return the catalogues kept below a folder, by id and first day; none where there is no folder."""
    return tuple(
        OfficeCatalogue.model_validate_json(path.read_bytes())
        for path in sorted(folder.glob("*/*.json"))
    )


def keep_catalogue(folder: Path, catalogue: OfficeCatalogue) -> Path:
    """Write a catalogue beside its earlier ones.

    Raises:
        FileExistsError: another one of this id begins on the same day, with other rows.
    """
    path = folder / catalogue.id / f"{catalogue.start.isoformat()}.json"
    text = catalogue.model_dump_json(indent=1)
    if path.exists() and path.read_text("utf-8") != text:
        raise FileExistsError(
            f"{path} is there with other rows; a catalogue is never overwritten: "
            "give the changed one the day from which it holds"
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path
