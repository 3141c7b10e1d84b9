"""Filterable attributes as columns, and a filter as a mask over rows.

Each field is a list of pairs (row, value), so that a document may hold none, one or several. On
disk the pairs are sorted by value: a term is one slice of rows, a range one slice between two
binary searches. Rows added since are kept unsorted and scanned, which is cheaper than sorting
while there are few of them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from search.backends.filters import (
    KEYWORD_FIELDS,
    NUMBER_FIELDS,
    And,
    Attributes,
    Filter,
    Ids,
    Not,
    Or,
    Range,
    Term,
)

Mask = NDArray[np.bool_]
#: Document ids to their rows, int64, -1 where there is none.
FindRows = Callable[[Sequence[str]], NDArray[np.int64]]
Keyword = tuple[str, str]


class Columns(Protocol):
    """What a mask is computed from; `row_count` rows, numbered from 0."""

    @property
    def row_count(self) -> int:
        """How many rows there are."""

    def mark_term(self, condition: Term, mask: Mask) -> None:
        """Set the rows that hold one of the values."""

    def mark_range(self, condition: Range, mask: Mask) -> None:
        """Set the rows that hold a number between the bounds."""

    def counts(self, field_name: str, mask: Mask) -> dict[str, int]:
        """Return how many of the masked rows hold each value of a keyword field, where any do."""


class Passing:
    """Which rows pass a filter. The meaning is that of `filters.matches`.

    The masks of the terms and ranges asked for last are kept: one filter after another has the same.

    Args:
        columns: the attributes; they no longer change.
        find_rows: knows the rows by their ids, which are no attribute.
        kept: how many masks are kept, a byte a row each.
    """

    def __init__(self, columns: Columns, find_rows: FindRows, kept: int) -> None:
        self._columns = columns
        self._find_rows = find_rows
        self._marked = lru_cache(maxsize=kept)(partial(_marked, columns))

    def mask(self, condition: Filter) -> Mask:
        """Return which rows pass: bool, (row_count,); read only."""
        match condition:
            case Term() | Range():
                return self._marked(condition)
            case Ids(values):
                mask = self._empty()
                rows = self._find_rows(values)
                mask[rows[rows >= 0]] = True
            case And(parts):
                mask = ~self._empty()
                for part in parts:
                    mask &= self.mask(part)
            case Or(parts):
                mask = self._empty()
                for part in parts:
                    mask |= self.mask(part)
            case Not(part):
                mask = ~self.mask(part)
        return mask

    def _empty(self) -> Mask:
        return np.zeros(self._columns.row_count, dtype=np.bool_)


def _marked(columns: Columns, condition: Term | Range) -> Mask:
    mask = np.zeros(columns.row_count, dtype=np.bool_)
    if isinstance(condition, Term):
        columns.mark_term(condition, mask)
    else:
        columns.mark_range(condition, mask)
    mask.setflags(write=False)
    return mask


@dataclass(frozen=True)
class SortedColumns:
    """Columns of rows that no longer change.

    Attributes:
        row_count: number of rows.
        keywords: (field, value) pairs, sorted; a pair's place is its code.
        keyword_offsets: int64, (len(keywords) + 1,), where each code's rows begin.
        keyword_rows: int32, rows by code, ascending within a code.
        number_offsets: int64, (len(NUMBER_FIELDS) + 1,), where each number field begins.
        number_values: float64, ascending within a field.
        number_rows: int32, the row of each number.
    """

    row_count: int
    keywords: list[Keyword]
    keyword_offsets: NDArray[np.int64]
    keyword_rows: NDArray[np.int32]
    number_offsets: NDArray[np.int64]
    number_values: NDArray[np.float64]
    number_rows: NDArray[np.int32]
    _codes: dict[Keyword, int] = field(init=False, repr=False)
    _fields: dict[str, tuple[int, int]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        codes = {keyword: code for code, keyword in enumerate(self.keywords)}
        fields: dict[str, tuple[int, int]] = {}
        for code, (name, _) in enumerate(self.keywords):
            fields[name] = (fields.get(name, (code, 0))[0], code + 1)
        object.__setattr__(self, "_codes", codes)
        object.__setattr__(self, "_fields", fields)

    @classmethod
    def empty(cls) -> SortedColumns:
        """Return the columns of no rows."""
        return sort_columns(0, [])

    def mark_term(self, condition: Term, mask: Mask) -> None:
        """Set the rows that hold one of the values."""
        for value in condition.values:
            code = self._codes.get((condition.field, value))
            if code is not None:
                start, end = self.keyword_offsets[code : code + 2]
                mask[self.keyword_rows[start:end]] = True

    def mark_range(self, condition: Range, mask: Mask) -> None:
        """Set the rows that hold a number between the bounds."""
        low, high = bounds(condition)
        if math.isnan(low) or math.isnan(high):
            return
        place = NUMBER_FIELDS.index(condition.field)
        start, end = self.number_offsets[place : place + 2]
        values = self.number_values[start:end]
        first = start + np.searchsorted(values, low, side="left")
        last = start + np.searchsorted(values, high, side="right")
        mask[self.number_rows[first:last]] = True

    def counts(self, field_name: str, mask: Mask) -> dict[str, int]:
        """Return how many of the masked rows hold each value of a keyword field, where any do."""
        first, last = self._fields.get(field_name, (0, 0))
        if first == last:
            return {}
        offsets = self.keyword_offsets[first : last + 1]
        held = mask[self.keyword_rows[offsets[0] : offsets[-1]]]
        totals = np.add.reduceat(held, offsets[:-1] - offsets[0], dtype=np.int64)
        return {
            self.keywords[first + code][1]: int(totals[code]) for code in np.flatnonzero(totals)
        }

    def pairs(self) -> Pairs:
        """Return the columns as unsorted pairs, for building the next ones."""
        return Pairs(
            self.keywords,
            np.repeat(np.arange(len(self.keywords)), np.diff(self.keyword_offsets)),
            self.keyword_rows,
            np.repeat(np.arange(len(NUMBER_FIELDS)), np.diff(self.number_offsets)),
            self.number_values,
            self.number_rows,
        )


@dataclass(frozen=True)
class Pairs:
    """Columns in any order: parallel arrays of code and row, and of number field, value and row."""

    keywords: list[Keyword]
    keyword_codes: NDArray[np.integer]
    keyword_rows: NDArray[np.integer]
    number_fields: NDArray[np.integer]
    number_values: NDArray[np.float64]
    number_rows: NDArray[np.integer]


def sort_columns(
    row_count: int, sources: Iterable[tuple[Pairs, NDArray[np.int64]]]
) -> SortedColumns:
    """Merge columns into sorted ones.

    Args:
        row_count: number of rows of the result.
        sources: pairs, and for each the new row of every old row, -1 where it is dropped.
    """
    codes: dict[Keyword, int] = {}
    keyword_parts: list[tuple[NDArray[np.int64], NDArray[np.int64]]] = []
    number_parts: list[tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]]] = []
    for pairs, new_rows in sources:
        new_codes = np.array(
            [codes.setdefault(keyword, len(codes)) for keyword in pairs.keywords], dtype=np.int64
        )
        rows = new_rows[pairs.keyword_rows]
        keyword_parts.append((new_codes[pairs.keyword_codes][rows >= 0], rows[rows >= 0]))
        rows = new_rows[pairs.number_rows]
        number_parts.append(
            (
                pairs.number_fields[rows >= 0].astype(np.int64),
                pairs.number_values[rows >= 0],
                rows[rows >= 0],
            )
        )
    keyword_codes = _join([part[0] for part in keyword_parts], np.int64)
    keyword_rows = _join([part[1] for part in keyword_parts], np.int64)
    # Only values that some row still holds are kept, so that counts have no empty slices.
    used = np.bincount(keyword_codes, minlength=len(codes))
    keywords = sorted(keyword for keyword, code in codes.items() if used[code])
    ranks = np.zeros(max(len(codes), 1), dtype=np.int64)
    ranks[[codes[keyword] for keyword in keywords]] = np.arange(len(keywords))
    keyword_ranks = ranks[keyword_codes]
    order = np.lexsort((keyword_rows, keyword_ranks))

    number_fields = _join([part[0] for part in number_parts], np.int64)
    number_values = _join([part[1] for part in number_parts], np.float64)
    number_rows = _join([part[2] for part in number_parts], np.int64)
    number_order = np.lexsort((number_rows, number_values, number_fields))
    return SortedColumns(
        row_count,
        keywords,
        _offsets(np.bincount(keyword_ranks, minlength=len(keywords))[: len(keywords)]),
        keyword_rows[order].astype(np.int32),
        _offsets(np.bincount(number_fields, minlength=len(NUMBER_FIELDS))),
        number_values[number_order],
        number_rows[number_order].astype(np.int32),
    )


Item = TypeVar("Item", bound=np.generic)


class Growing(Generic[Item]):
    """An array that grows at its end; what was read before stays valid, as rows never move."""

    def __init__(self, dtype: type[Item], width: int | None = None) -> None:
        self.size = 0
        self._shape = () if width is None else (width,)
        self._array: NDArray[Item] = np.empty((64, *self._shape), dtype=dtype)

    def extend(self, values: NDArray[Item]) -> None:
        """Append values along the first axis."""
        needed = self.size + len(values)
        if needed > len(self._array):
            # A new array, not a resize: readers keep the old one.
            larger = np.empty((max(needed, 2 * len(self._array)), *self._shape), self._array.dtype)
            larger[: self.size] = self._array[: self.size]
            self._array = larger
        self._array[self.size : needed] = values
        self.size = needed

    def view(self) -> NDArray[Item]:
        """Return what was appended so far."""
        return self._array[: self.size]


class GrowingColumns:
    """Columns of rows that are still being added."""

    def __init__(self) -> None:
        self.row_count = 0
        self._codes: dict[Keyword, int] = {}
        self._keyword_codes = Growing(np.int32)
        self._keyword_rows = Growing(np.int32)
        self._number_fields = Growing(np.int32)
        self._number_values = Growing(np.float64)
        self._number_rows = Growing(np.int32)

    def append(self, documents: Iterable[Attributes]) -> None:
        """Add one row for each document's attributes."""
        codes: list[int] = []
        code_rows: list[int] = []
        fields: list[int] = []
        values: list[float] = []
        value_rows: list[int] = []
        row = self.row_count
        for attributes in documents:
            for name, held in attributes.items():
                if name in KEYWORD_FIELDS:
                    for value in dict.fromkeys(held):
                        key = (name, str(value))
                        codes.append(self._codes.setdefault(key, len(self._codes)))
                        code_rows.append(row)
                else:
                    place = NUMBER_FIELDS.index(name)
                    for number in held:
                        fields.append(place)
                        values.append(float(number))
                        value_rows.append(row)
            row += 1
        self._keyword_codes.extend(np.array(codes, dtype=np.int32))
        self._keyword_rows.extend(np.array(code_rows, dtype=np.int32))
        self._number_fields.extend(np.array(fields, dtype=np.int32))
        self._number_values.extend(np.array(values, dtype=np.float64))
        self._number_rows.extend(np.array(value_rows, dtype=np.int32))
        self.row_count = row

    def freeze(self) -> TailColumns:
        """Return the rows so far; rows appended later do not show in it."""
        return TailColumns(
            self.row_count,
            self._codes,
            len(self._codes),
            self._keyword_codes.view(),
            self._keyword_rows.view(),
            self._number_fields.view(),
            self._number_values.view(),
            self._number_rows.view(),
        )


@dataclass(frozen=True)
class TailColumns:
    """A view of `GrowingColumns` at one moment; `codes` may have grown past `code_count` since."""

    row_count: int
    codes: Mapping[Keyword, int]
    code_count: int
    keyword_codes: NDArray[np.int32]
    keyword_rows: NDArray[np.int32]
    number_fields: NDArray[np.int32]
    number_values: NDArray[np.float64]
    number_rows: NDArray[np.int32]

    def mark_term(self, condition: Term, mask: Mask) -> None:
        """Set the rows that hold one of the values."""
        wanted = np.zeros(self.code_count, dtype=np.bool_)
        for value in condition.values:
            code = self.codes.get((condition.field, value), self.code_count)
            if code < self.code_count:
                wanted[code] = True
        mask[self.keyword_rows[wanted[self.keyword_codes]]] = True

    def mark_range(self, condition: Range, mask: Mask) -> None:
        """Set the rows that hold a number between the bounds."""
        low, high = bounds(condition)
        place = NUMBER_FIELDS.index(condition.field)
        held = (
            (self.number_fields == place)
            & (self.number_values >= low)
            & (self.number_values <= high)
        )
        mask[self.number_rows[held]] = True

    def counts(self, field_name: str, mask: Mask) -> dict[str, int]:
        """Return how many of the masked rows hold each value of a keyword field, where any do."""
        totals = np.bincount(self.keyword_codes[mask[self.keyword_rows]], minlength=self.code_count)
        names = list(self.codes)
        return {
            names[code][1]: int(totals[code])
            for code in np.flatnonzero(totals)
            if names[code][0] == field_name
        }

    def pairs(self) -> Pairs:
        """Return the columns as unsorted pairs, for building the next sorted ones."""
        return Pairs(
            list(self.codes)[: self.code_count],
            self.keyword_codes,
            self.keyword_rows,
            self.number_fields,
            self.number_values,
            self.number_rows,
        )


def bounds(condition: Range) -> tuple[float, float]:
    """Return the bounds of a range as floats, open ones as infinities."""
    low = -math.inf if condition.at_least is None else plain_float(condition.at_least)
    high = math.inf if condition.at_most is None else plain_float(condition.at_most)
    return low, high


def plain_float(number: float | str) -> float:
    """Return a number as a float without a negative zero, which tantivy orders below zero."""
    return float(number) + 0.0


def _join(parts: list[NDArray[Item]], dtype: type[Item]) -> NDArray[Item]:
    return np.concatenate(parts) if parts else np.empty(0, dtype=dtype)


def _offsets(counts: NDArray[np.integer]) -> NDArray[np.int64]:
    return np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
