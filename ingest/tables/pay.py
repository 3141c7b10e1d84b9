"""Pay as people write it, as yuan a month: 15k, 1.5 and the word for ten thousand, 15000-20000, yearly sums."""

from __future__ import annotations

import re
from functools import cache

from ingest.tables.model import Cell
from ingest.tables.rows import ValueFaultError
from ingest.tables.values import cell_text, says_nothing
from ingest.tables.vocabulary import pay_multiples, plain, words

#: A bare figure below this is no monthly pay in yuan: thousands were meant, and the cell must say so.
_DOUBTFUL_BELOW = 500
_MOST = 10_000_000
_MONTHS = 12
#: "13 salaries" and the like, after a dot, a cross or a star.
_SALARIES = re.compile(r"[·*x×.]?\d{2}薪")
_THOUSANDS = re.compile(r"(?<=\d)[,，](?=\d{3}(?!\d))")

Range = tuple[int | None, int | None]


def read_pay(cell: Cell, unit: str = "", *, yearly: bool = False) -> Range:
    """Return the least and the most, in yuan a month; a single figure is both, None where not said.

    Args:
        cell: what stands there.
        unit: from the header, such as the word for thousand; counts where the cell has none.
        yearly: the column holds yearly sums where the cell says nothing else.

    Raises:
        ValueFaultError: `not_pay`, `pay_period` (a day, an hour), `pay_currency`, `pay_too_low`,
            `pay_reversed` or `out_of_range`.
    """
    text = cell_text(cell)
    if says_nothing(text):
        return None, None
    rest = _THOUSANDS.sub("", plain(text)).replace(" ", "")
    hint = plain(unit).replace(" ", "")
    rest = _SALARIES.sub("", rest)
    if _has(rest + hint, "foreign"):
        raise ValueFaultError("pay_currency", "write_pay")
    if _has(rest, "other") or (_has(hint, "other") and not _has(rest, "monthly")):
        raise ValueFaultError("pay_period", "write_pay")
    rest, is_open = _without(rest, "open")
    rest, is_most = _without(rest, "at_most")
    rest, _ = _without(rest, "without_meaning")
    rest, says_year = _without(rest, "yearly")
    rest, says_month = _without(rest, "monthly")
    rest, says_yuan = _without(rest, "yuan")
    months = _MONTHS if says_year or (not says_month and (yearly or _has(hint, "yearly"))) else 1
    low, high, has_multiple = _figures(rest)
    if not has_multiple and not says_yuan:
        by = _multiple_in(hint)
        low, high = low * by, high * by
        explicit = by > 1 or _has(hint, "yuan")
    else:
        explicit = True
    if not explicit and 0 < low < _DOUBTFUL_BELOW * months:
        raise ValueFaultError("pay_too_low", "write_pay_unit")
    if low > high:
        raise ValueFaultError("pay_reversed", "swap_pay")
    if high > _MOST * months:
        raise ValueFaultError("out_of_range", "write_number", least=0, most=_MOST)
    least, most = round(low / months), round(high / months)
    return None if is_most else least, None if is_open and least == most else most


def read_single_pay(cell: Cell, unit: str = "", *, yearly: bool = False) -> int | None:
    """Return the least that a cell says, or its only figure, in yuan a month.

    Raises:
        ValueFaultError: as `read_pay`.
    """
    low, high = read_pay(cell, unit, yearly=yearly)
    return low if low is not None else high


def _figures(text: str) -> tuple[float, float, bool]:
    """Return both ends as written or multiplied, and whether a multiple was written."""
    match = _range_pattern().fullmatch(text)
    if match is None:
        raise ValueFaultError("not_pay", "write_pay")
    multiples = pay_multiples()
    low = float(match["low"]) * multiples.get(match["by_low"] or "", 1)
    if match["high"] is None:
        return low, low, bool(match["by_low"])
    by = multiples.get(match["by_high"] or "", 1)
    high = float(match["high"]) * by
    # 15-20k means thousands on both sides; 8000-1 (ten thousand) does not.
    if not match["by_low"] and (low * by <= high or low < _DOUBTFUL_BELOW):
        low *= by
    elif match["by_low"] and not match["by_high"] and high < low:
        high *= multiples[match["by_low"]]
    return low, high, bool(match["by_low"] or match["by_high"])


@cache
def _range_pattern() -> re.Pattern[str]:
    by = _alternatives(tuple(pay_multiples()))
    to = _alternatives(words("pay", "to"))
    number = r"\d{1,9}(?:\.\d{1,4})?"
    return re.compile(
        rf"(?P<low>{number})(?P<by_low>{by})?(?:(?:{to})+(?P<high>{number})(?P<by_high>{by})?)?"
    )


def _multiple_in(hint: str) -> int:
    found = re.search(_alternatives(tuple(pay_multiples())), hint)
    return pay_multiples()[found[0]] if found else 1


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(_alternatives(tuple(each.replace(" ", "") for each in words("pay", name))))


def _alternatives(listed: tuple[str, ...]) -> str:
    return "|".join(re.escape(each) for each in sorted(listed, key=len, reverse=True))


def _has(text: str, name: str) -> bool:
    return _pattern(name).search(text) is not None


def _without(text: str, name: str) -> tuple[str, bool]:
    rest, times = _pattern(name).subn("", text)
    return rest, times > 0
