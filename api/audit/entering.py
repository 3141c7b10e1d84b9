"""Actual figures of indicators that an office enters, from a file or one by one."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from api.audit.allowed import require_officer, signature
from search.accounts.principal import Scope
from search.audit.faults import RowFault
from search.audit.targets.actual_rows import ActualRows, read_actuals
from taxonomies.targets import load_indicators

if TYPE_CHECKING:
    from api.access import Access


def enter_file(access: Access, content: bytes) -> ActualRows:
    """Keep the sound rows of a CSV file of actual figures; the others come back with what is wrong.

    Raises:
        Problem: 401 or 403.
    """
    require_officer(access, Scope.WRITE)
    found = read_actuals(content, load_indicators(), by=signature(access), today=access.today())
    access.bole.audit_stores.actuals.put(found.actuals)
    return found


def enter(access: Access, indicator: str, value: str, unit: str, on: str, note: str) -> ActualRows:
    """Keep one figure, judged like the row of a file (its row is 2).

    Raises:
        Problem: 401 or 403.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(("indicator", "value", "unit", "on", "note"))
    writer.writerow((indicator, value, unit, on, note))
    found = enter_file(access, text.getvalue().encode())
    if not found.actuals and not found.faults:  # an empty row is none
        return ActualRows((), (RowFault(2, "indicator", "", "empty", "fill_in"),))
    return found
