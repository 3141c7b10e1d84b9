"""What an office enters: actual figures of indicators, and indices that others published."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from api.audit.allowed import require_officer, signature
from api.problems import Problem
from search.accounts.principal import Scope
from search.audit.faults import RowFault
from search.audit.published.rows import PublishedRows, read_published
from search.audit.targets.actual_rows import ActualRows, read_actuals
from taxonomies.catalogue import load_catalogue
from taxonomies.targets import load_indicators

if TYPE_CHECKING:
    from api.access import Access
    from search.audit.published.index import PublishedIndex


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


def enter_published(access: Access, content: bytes) -> PublishedRows:
    """Keep the sound rows of a CSV file of published values; the others come back with what is wrong.

    Raises:
        Problem: 401 or 403.
    """
    require_officer(access, Scope.WRITE)
    found = read_published(content, load_catalogue())
    access.bole.audit_stores.published.put(found.values, signature(access))
    return found


def published(access: Access) -> tuple[PublishedIndex, ...]:
    """Return the values that were entered, by index, edition and title.

    Raises:
        Problem: 401 or 403.
    """
    require_officer(access)
    return access.bole.audit_stores.published.all()


def remove_published(access: Access, name: str, publisher: str, edition: str) -> None:
    """Remove an edition of an index.

    Raises:
        Problem: 401, 403; 404 where there is none.
    """
    require_officer(access, Scope.WRITE)
    if not access.bole.audit_stores.published.remove(name, publisher, edition):
        raise Problem("not-found")
