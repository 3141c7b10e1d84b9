"""Actual figures from a CSV file: each row judged by itself, the sound ones kept."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from search.audit.faults import RowFault, shown
from search.audit.named_rows import columns_of, read_rows
from search.audit.targets.indicator_kinds import IndicatorKind, kind_of
from search.audit.targets.progress import Actual
from search.audit.targets.units import UnitMismatchError, converted
from taxonomies.targets import Indicator

_REQUIRED = ("indicator", "value", "unit", "on")
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_NUMBER = re.compile(r"[-+]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?")
_LONGEST_NUMBER = 20
_LONGEST_NOTE = 500


@dataclass(frozen=True, slots=True)
class ActualRows:
    """What a file held: the figures that can be used, and what is wrong with the other rows."""

    actuals: tuple[Actual, ...]
    faults: tuple[RowFault, ...]


def read_actuals(
    content: bytes, indicators: Sequence[Indicator], *, by: str, today: date
) -> ActualRows:
    """Read entered figures from CSV (UTF-8 or GB18030); the first row names the columns.

    Columns: indicator, value, unit, on, and note if wanted, or as `columns.csv` calls them.

    Args:
        content: the file.
        indicators: the indicators in force.
        by: account that enters them.
        today: no figure can hold for a later day.
    """
    targets = {one.id: one for one in indicators}
    return ActualRows(
        *read_rows(
            content,
            columns_of(__package__),
            _REQUIRED,
            lambda row, cells: _actual(row, cells, targets, by, today),
            lambda found: (found.indicator, found.on),
            "on",
        )
    )


def _actual(
    row: int, cells: Mapping[str, str], targets: Mapping[str, Indicator], by: str, today: date
) -> Actual | list[RowFault]:
    faults: list[RowFault] = []

    def wrong(column: str, reason: str, fix: str, expected: str = "") -> None:
        faults.append(RowFault(row, column, shown(cells.get(column, "")), reason, fix, expected))

    for name in _REQUIRED:
        if not cells.get(name):
            wrong(name, "empty", "fill_in")
    indicator = targets.get(cells.get("indicator", ""))
    if cells.get("indicator") and indicator is None:
        wrong("indicator", "unknown_indicator", "copy_id")
    elif indicator is not None and not indicator.is_target:
        wrong("indicator", "not_a_target", "choose_target")
    value = _number(cells.get("value", ""))
    if cells.get("value") and value is None:
        wrong("value", "not_a_number", "write_number")
    on = _date(cells.get("on", ""))
    if cells.get("on") and on is None:
        wrong("on", "not_a_date", "write_date")
    elif on is not None and on > today:
        wrong("on", "in_future", "write_past_date", today.isoformat())
    if len(cells.get("note", "")) > _LONGEST_NOTE:
        wrong("note", "too_long", "shorten", str(_LONGEST_NOTE))
    if indicator is not None and value is not None:
        kind = kind_of(indicator)
        if value < 0 and kind is not IndicatorKind.GROWTH:
            wrong("value", "negative", "write_number")
        if cells.get("unit"):
            try:
                in_unit = converted(value, cells["unit"], indicator.unit)
            except UnitMismatchError:
                wrong("unit", "unit_mismatch", "use_unit", indicator.unit.zh)
            else:
                if kind is IndicatorKind.SHARE and in_unit > 100:
                    wrong("value", "share_over_100", "write_number", "100")
    if faults or indicator is None or value is None or on is None:
        return faults
    return Actual(indicator.id, value, cells["unit"], on, "entered", by, cells.get("note", ""))


def _number(cell: str) -> Decimal | None:
    plain = unicodedata.normalize("NFKC", cell).replace(" ", "")
    if len(plain) > _LONGEST_NUMBER or not plain.isascii() or not _NUMBER.fullmatch(plain):
        return None
    try:
        return Decimal(plain.replace(",", ""))
    except InvalidOperation:
        return None


def _date(cell: str) -> date | None:
    found = _DATE.fullmatch(unicodedata.normalize("NFKC", cell))
    try:
        return date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        return None
