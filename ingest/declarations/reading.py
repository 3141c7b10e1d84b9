"""Read a filled-in declaration table: each row judged by itself, the sound ones as declarations.

A column of contact details is neither read nor kept, and its cells never stand in a message.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from ingest.declarations.cells import (
    CellError,
    read_education,
    read_headcount,
    read_line,
    read_month,
    read_regions,
    read_role,
    read_skills,
    read_years,
    text_of,
)
from ingest.declarations.columns import CONTACT, folded, keys_by_header, load_columns, word
from ingest.declarations.models import LONGEST_REASON, Declaration, has_contact
from ingest.declarations.workbook import MOST_ROWS, Sheet, WorkbookError, read_sheets
from search.audit.faults import RowFault, shown
from search.matching.refusals import refusals_of
from search.records.models import Vacancy, WantedSkill
from taxonomies.catalogue import load_catalogue

#: How far down the row of column names may stand.
_HEADER_WITHIN = 5
#: Names of columns that make a row the header.
_FEWEST_NAMES = 3
_READERS: Mapping[str, tuple[str, Callable[[object], object]]] = {
    "employer": ("employer", read_line),
    "role": ("role", read_role),
    "title": ("title", read_line),
    "headcount": ("headcount", read_headcount),
    "regions": ("regions", read_regions),
    "education": ("education_at_least", read_education),
    "years": ("years_at_least", read_years),
    "skills": ("skills", read_skills),
    "reason": ("reason", text_of),
    "from_month": ("from_month", read_month),
    "until_month": ("until_month", read_month),
}


@dataclass(frozen=True, slots=True)
class DeclarationRow:
    """A sound row: its number in the sheet and what it declares."""

    row: int
    declaration: Declaration


@dataclass(frozen=True, slots=True)
class DeclarationTable:
    """What a file holds.

    Attributes:
        rows: the declarations that can be used.
        faults: what is wrong with the others; a row with a fault is not among `rows`.
        ignored: names of columns that are not known, as written.
        has_contacts: there was a column of contact details, which was not read.
    """

    rows: tuple[DeclarationRow, ...]
    faults: tuple[RowFault, ...]
    ignored: tuple[str, ...] = ()
    has_contacts: bool = False


def read_declarations(content: bytes, *, employer: str | None = None) -> DeclarationTable:
    """Read an XLSX file of declarations; nothing is raised for what a file holds.

    Args:
        content: the file.
        employer: whose declarations they must be, where the sender speaks for one employer only: an empty cell
            then means that one, another name is a fault. None where an office sends for several.
    """
    try:
        sheet = _entries(read_sheets(content))
    except WorkbookError as error:
        return _unusable(error.problem)
    place, header = _header(sheet)
    if not header:
        return _unusable("no_header")
    required = {column.key for column in load_columns() if column.is_required}
    if employer is not None:
        required.discard("employer")
    missing = sorted(required - set(header))
    if missing:
        faults = [RowFault(place + 1, key, "", "no_column", "use_template", key) for key in missing]
        return DeclarationTable((), tuple(faults))
    rows: list[DeclarationRow] = []
    faults = []
    seen: dict[Declaration, int] = {}
    for number, cells in enumerate(sheet.rows[place + 1 :], start=place + 2):
        named = {key: cell for key, cell in zip(header, cells, strict=False) if key in _READERS}
        if not any(text_of(cell) for cell in named.values()):
            continue
        if number > MOST_ROWS:
            faults.append(RowFault(number, "", "", "too_many_rows", "split_file", str(MOST_ROWS)))
            break
        found = _declaration(number, named, employer)
        if isinstance(found, Declaration):
            first = seen.setdefault(found, number)
            if first == number:
                rows.append(DeclarationRow(number, found))
            else:
                faults.append(RowFault(number, "", "", "duplicate", "drop_row", str(first)))
        else:
            faults += found
    known = keys_by_header()
    names = [text_of(cell) for cell in sheet.rows[place]]
    ignored = tuple(shown(name) for name in names if name and folded(name) not in known)
    return DeclarationTable(tuple(rows), tuple(faults), ignored, CONTACT in header)


def _unusable(reason: str) -> DeclarationTable:
    return DeclarationTable((), (RowFault(1, "", "", reason, "use_template"),))


def _entries(sheets: Sequence[Sheet]) -> Sheet:
    names = {folded(word("sheet.entries", "zh")), folded(word("sheet.entries", "en"))}
    named = [sheet for sheet in sheets if folded(sheet.name) in names]
    return (named or list(sheets) or [Sheet("", ())])[0]


def _header(sheet: Sheet) -> tuple[int, list[str]]:
    """Return where the row of column names stands and the key of each column, "" for an unknown one."""
    known = keys_by_header()
    for place, cells in enumerate(sheet.rows[:_HEADER_WITHIN]):
        keys = [known.get(folded(text_of(cell)), "") for cell in cells]
        if len(set(filter(None, keys))) >= _FEWEST_NAMES:
            # Of two columns of one name the first counts.
            return place, [key if keys.index(key) == at else "" for at, key in enumerate(keys)]
    return 0, []


def _declaration(
    row: int, cells: Mapping[str, object], employer: str | None
) -> Declaration | list[RowFault]:
    faults: list[RowFault] = []
    values: dict[str, object] = {}

    def wrong(column: str, reason: str, fix: str, expected: str = "") -> None:
        value = shown(text_of(cells.get(column, "")))
        faults.append(RowFault(row, column, value, reason, fix, expected))

    for column, (field, read) in _READERS.items():
        if not text_of(cells.get(column, "")):
            continue
        try:
            values[field] = read(cells[column])
        except CellError as error:
            wrong(column, error.reason, error.fix, error.expected)
    if employer is not None:
        named = values.setdefault("employer", employer)
        if folded(str(named)) != folded(employer):
            wrong("employer", "other_employer", "own_employer", employer)
        values["employer"] = employer
    for column in ("employer", "headcount", "from_month"):
        if not text_of(cells.get(column, "")) and column not in values:
            wrong(column, "empty", "fill_in")
    has_role, has_title = (bool(text_of(cells.get(key, ""))) for key in ("role", "title"))
    if has_role == has_title:
        wrong("role", "role_and_title" if has_role else "no_role", "choose_one")
    if len(str(values.get("reason", ""))) > LONGEST_REASON:
        wrong("reason", "too_long", "shorten", str(LONGEST_REASON))
    begins, ends = values.get("from_month"), values.get("until_month")
    if isinstance(begins, str) and isinstance(ends, str) and ends < begins:
        wrong("until_month", "until_before_from", "write_later_month", begins)
    for column in ("employer", "title", "skills", "reason"):
        if has_contact(text_of(cells.get(column, ""))):
            faults.append(RowFault(row, column, "", "has_contact", "drop_contact"))
    if faults:
        return faults
    try:
        declaration = Declaration.model_validate(values)
    except ValidationError as error:
        return [_invalid(row, entry["loc"], str(entry["msg"])) for entry in error.errors()]
    return list(refusals(row, declaration)) or declaration


def _invalid(row: int, place: tuple[int | str, ...], message: str) -> RowFault:
    field = str(place[0]) if place else ""
    column = next((key for key, (name, _) in _READERS.items() if name == field), "")
    return RowFault(row, column, "", "invalid", "correct", shown(message))


def refusals(row: int, declaration: Declaration) -> Iterator[RowFault]:
    """Yield what a declaration may not ask for; the same rules as for a posting."""
    role = None if declaration.role is None else load_catalogue().role(declaration.role)
    posting = Vacancy(
        title=declaration.title or (role.title.zh if role else "-"),
        text=declaration.reason,
        skills=tuple(WantedSkill(name=name) for name in declaration.skills),
    )
    columns = {"title": "title", "text": "reason"}
    for field, refusal in refusals_of(posting):
        column = columns.get(field, "skills")
        yield RowFault(
            row, column, shown(refusal.quote), "asks_protected", "drop_condition", refusal.ground
        )
