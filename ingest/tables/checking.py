"""Check a sheet row by row: each gives a record under a key, or what is wrong and what to do."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from ingest.tables import candidate_rows, vacancy_rows
from ingest.tables.candidate_rows import candidate_parts, contact_of
from ingest.tables.columns import REQUIRED, ColumnPlan, cell_at, plan_columns
from ingest.tables.contact_values import read_key
from ingest.tables.model import MOST_ROWS, Table, TableError
from ingest.tables.posting_faults import note_refusals
from ingest.tables.reading import RowReading
from ingest.tables.record_faults import note_invalid, note_unknown
from ingest.tables.rows import Remark, RowResult, ValueFaultError
from ingest.tables.vacancy_rows import vacancy_parts
from ingest.tables.values import cell_text
from ingest.tables.vocabulary import Kind
from search.records.models import Candidate, Vacancy

#: The key of a template's example; a row that has it is passed over.
EXAMPLE_KEY = "EXAMPLE"


def check(
    table: Table,
    kind: Kind,
    mapping: Mapping[str, str] | None = None,
    *,
    after_row: int = 0,
) -> Iterator[RowResult]:
    """Return the results of a sheet's rows, worked out one by one as they are asked for.

    A row without a key of its own gets one made from what it says (SHA-256), so that the same row
    always has the same key: importing a file twice adds nothing, and a CSV and an XLSX of the same
    values are the same rows. Rows wholly empty and a template's example give no result.

    Args:
        table: the sheet; it can be checked again and again.
        kind: what its rows are.
        mapping: header to field; see `columns.plan_columns`.
        after_row: number of the last row that is done already. Rows up to it give no result; their
            keys still count, so that duplicates are found across the interruption.

    Raises:
        TableError: the header cannot be used, at once; `too_many_rows` as soon as it shows.
    """
    plan = plan_columns(table, kind, mapping)
    return _results(table, kind, plan, after_row)


def _results(table: Table, kind: Kind, plan: ColumnPlan, after_row: int) -> Iterator[RowResult]:
    columns = {column.field: column for column in plan.columns}
    firsts: dict[str, int] = {}
    count = 0
    for row in table.rows():
        if row.number <= plan.header_row:
            continue
        texts = {
            field: text
            for field, column in columns.items()
            if (text := cell_text(cell_at(row.cells, column.at)))
        }
        if not texts and not any(map(cell_text, row.cells)):
            continue
        if texts.get("key", "").upper() == EXAMPLE_KEY:
            continue
        count += 1
        if count > MOST_ROWS:
            raise TableError("too_many_rows", most=MOST_ROWS, found=count)
        reading = RowReading(row, columns, texts)
        key, first = _key(reading, kind, firsts)
        if row.number <= after_row:
            continue
        if first is not None:
            reason = "duplicate_key" if "key" in texts else "duplicate_row"
            reading.add("key", Remark(reason, {"first": first}), Remark("remove_duplicate"))
        yield _result(reading, kind, key, plan)


def _key(reading: RowReading, kind: Kind, firsts: dict[str, int]) -> tuple[str | None, int | None]:
    """Return the key, None for a bad one, and the row that had it first."""
    try:
        key = read_key(reading.cell("key"))
    except ValueFaultError as error:
        reading.add("key", error.reason, error.fix)
        return None, None
    if key is None:
        # A person's name is part of it: two people may have the same profile.
        said = json.dumps([kind, reading.texts], sort_keys=True, ensure_ascii=True)
        key = hashlib.sha256(said.encode()).hexdigest()
    first = firsts.setdefault(key, reading.row.number)
    return key, None if first == reading.row.number else first


def _result(reading: RowReading, kind: Kind, key: str | None, plan: ColumnPlan) -> RowResult:
    number = reading.row.number
    for field in REQUIRED[kind]:
        if not reading.text(field):
            reading.add(field, Remark("missing"), Remark("fill_in"))
    contact = contact_of(reading) if kind == "candidate" else None
    parts = candidate_parts(reading) if kind == "candidate" else vacancy_parts(reading)
    record = _record(reading, kind, key, parts)
    if isinstance(record, Vacancy):
        note_refusals(reading, record, plan)
    if record is None or reading.faults:
        return RowResult(number, faults=_ordered(reading, plan))
    return RowResult(number, record, contact or None)


def _record(
    reading: RowReading, kind: Kind, key: str | None, parts: dict[str, Any]
) -> Candidate | Vacancy | None:
    model = Candidate if kind == "candidate" else Vacancy
    sources = candidate_rows.FIELD_OF if kind == "candidate" else vacancy_rows.FIELD_OF
    try:
        record = model.model_validate({**parts, "key": key})
    except ValidationError as error:
        note_invalid(reading, error, parts, sources)
        return None
    note_unknown(reading, record, sources)
    return record


def _ordered(reading: RowReading, plan: ColumnPlan) -> tuple[Any, ...]:
    place = {header: at for at, header in reversed(list(enumerate(plan.headers)))}
    return tuple(sorted(reading.faults, key=lambda fault: place.get(fault.column, -1)))
