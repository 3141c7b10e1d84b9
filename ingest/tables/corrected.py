"""The faulty rows of a sheet as a sheet of their own, with why and what to do beside each."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from datetime import date
from itertools import groupby

import xlsxwriter

from ingest.exports.words import Words, fix_words, reason_words
from ingest.exports.workbook import OPTIONS, CellWriter, write_header
from ingest.tables.columns import ColumnPlan, cell_at
from ingest.tables.model import Table
from ingest.tables.rows import Remark, RowFault

#: Beyond this many, cells are coloured and have no comment: programs grow slow with too many.
MOST_COMMENTS = 2_000
_MARKED = {"bg_color": "#FCE4D6", "border": 1, "valign": "top"}


def write_corrected(
    table: Table, plan: ColumnPlan, faults: Iterable[RowFault], words: Words
) -> bytes:
    """Return an XLSX file of the faulty rows, which can be put right there and imported again.

    It has all columns of the sheet, as they were, and two more: what is wrong and what to do. Cells
    that are at fault are coloured and say it in a comment. An import passes the two columns over.

    Args:
        table: the sheet as it was read.
        plan: how it was read (`columns.plan_columns`).
        faults: in the order of the rows, as `checking.check` gives them.
        words: the language of the two columns and the comments.
    """
    by_row = {number: list(found) for number, found in groupby(faults, key=lambda each: each.row)}
    kept = [at for at in range(_width(table, plan)) if at not in plan.left_out]
    names = [plan.headers[at] if at < len(plan.headers) else "" for at in kept]
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, OPTIONS)
    sheet = book.add_worksheet(words("table.sheet.list"))
    writer = CellWriter(book, sheet)
    marked = book.add_format(_MARKED)
    marked_day = book.add_format({**_MARKED, "num_format": "yyyy-mm-dd"})
    told = [words("table.corrected.reason"), words("table.corrected.fix")]
    write_header(book, sheet, [*names, *told])
    sheet.set_column(0, len(kept), 16)
    sheet.set_column(len(kept), len(kept) + 1, 50)
    comments = number = 0
    for row in table.rows():
        found = by_row.get(row.number)
        if found is None:
            continue
        number += 1
        at_fault = _by_place(plan, found)
        for to, at in enumerate(kept):
            cell = cell_at(row.cells, at)
            look = marked_day if isinstance(cell, date) else marked
            writer.write(number, to, cell, look if at in at_fault else None)
            if at in at_fault and comments < MOST_COMMENTS:
                comments += 1
                sheet.write_comment(number, to, _told(at_fault[at], words), {"author": "Bole"})
        writer.write(number, len(kept), _listed(found, words, reason_words))
        writer.write(number, len(kept) + 1, _listed(found, words, fix_words))
    sheet.autofilter(0, 0, max(number, 1), len(kept) + 1)
    book.close()
    return file.getvalue()


def _width(table: Table, plan: ColumnPlan) -> int:
    return max(len(plan.headers), max((len(row.cells) for row in table.rows()), default=0))


def _by_place(plan: ColumnPlan, faults: list[RowFault]) -> dict[int, list[RowFault]]:
    """Return the faults of each cell by its position; those of the row as a whole are left out."""
    places = {header: at for at, header in plan.protected}
    places.update((column.header, column.at) for column in plan.columns)
    found: dict[int, list[RowFault]] = {}
    for fault in faults:
        if fault.column in places:
            found.setdefault(places[fault.column], []).append(fault)
    return found


def _told(faults: list[RowFault], words: Words) -> str:
    return "\n".join(
        f"{reason_words(words, fault.reason)} {fix_words(words, fault.fix)}" for fault in faults
    )


def _listed(faults: list[RowFault], words: Words, say: Callable[[Words, Remark], str]) -> str:
    lines = []
    for fault in faults:
        remark = fault.reason if say is reason_words else fault.fix
        lines.append(
            f"{fault.column}: {say(words, remark)}" if fault.column else say(words, remark)
        )
    return "\n".join(dict.fromkeys(lines))
