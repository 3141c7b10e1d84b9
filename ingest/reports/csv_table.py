"""One table as CSV that Excel and WPS open as they should: UTF-8 with its mark, figures unformatted.

A text that a spreadsheet would take for a formula is neutralised; a figure with a minus stays a figure.
"""

from __future__ import annotations

import csv
import io

from ingest.exports.formulas import neutralised
from ingest.reports.content import Cell, Kind, Missing, ReportTable
from ingest.reports.words import ReportWords
from taxonomies.models import Text


def csv_table(table: ReportTable, words: ReportWords) -> bytes:
    """Return a table as CSV.

    Args:
        table: what to write.
        words: in the language of the reader; dates are ISO 8601, shares are shares of 1.
    """
    memory = io.StringIO(newline="")
    writer = csv.writer(memory)
    writer.writerow([neutralised(words.text(column.label_key)) for column in table.columns])
    for row in table.rows:
        kinds = [column.kind for column in table.columns]
        writer.writerow([_plain(cell, kind, words) for cell, kind in zip(row, kinds, strict=True)])
    return b"\xef\xbb\xbf" + memory.getvalue().encode()


def _plain(cell: Cell, kind: Kind, words: ReportWords) -> str:
    if isinstance(cell, str | Text | Missing):
        return neutralised(words.cell(cell, kind))
    return cell.isoformat() if not isinstance(cell, int | float) else repr(cell)
