"""Numeric indicators of the sources: what they report and what they aim at, each with its words.

A figure stands as printed, in the unit printed; where the sources contradict each other both stand, flagged.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache

from taxonomies.models import Text
from taxonomies.releases import open_release


class Comparator(StrEnum):
    """How a figure is meant: 以上 and 不少于 are at least, 超过 is more than, 约 and 左右 are about."""

    EQUAL = "eq"
    AT_LEAST = "at_least"
    MORE_THAN = "more_than"
    ABOUT = "about"
    AT_MOST = "at_most"


class YearBasis(StrEnum):
    """How the year of a figure is known.

    `printed` with the figure or at the head of its column, `heading` in a heading or the sentence above,
    `plan_end` only as the end of the plan; `none` where it has none.
    """

    PRINTED = "printed"
    HEADING = "heading"
    PLAN_END = "plan_end"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Indicator:
    """One figure of one year.

    Attributes:
        id: ours.
        document: file of the source.
        plan: the plan within it, as printed; empty where the document is one.
        heading: nearest heading, or the title of the table, as printed.
        place: region code.
        subject: what is counted.
        comparator: how the figure is meant.
        value: as printed, in `unit`.
        value_to: upper end of a range; None where it is none.
        unit: as printed (万人 is a unit: 2.5 万人).
        year: that the figure is for; None where none is stated.
        year_basis: how the year is known.
        is_target: aimed at; otherwise reported.
        is_table: from a table; otherwise from running text.
        quote: the words that hold it, verbatim but for white space.
        flag: what is odd about it, an error or a contradiction; None where nothing is.
    """

    id: str
    document: str
    plan: str
    heading: str
    place: str
    subject: Text
    comparator: Comparator
    value: Decimal
    value_to: Decimal | None
    unit: Text
    year: int | None
    year_basis: YearBasis
    is_target: bool
    is_table: bool
    quote: str
    flag: Text | None


@cache
def load_indicators() -> tuple[Indicator, ...]:
    """Return the indicators in the order of the documents.

    Raises:
        ReleaseError: a file is missing or altered.
        ValueError: a cell cannot be read.
    """
    return tuple(_indicator(row) for row in open_release("targets").rows("targets.csv"))


def _indicator(row: dict[str, str]) -> Indicator:
    return Indicator(
        id=row["id"],
        document=row["document"],
        plan=row["plan"],
        heading=row["heading"],
        place=row["place"],
        subject=Text(row["subject_zh"], row["subject_en"]),
        comparator=Comparator(row["comparator"]),
        value=Decimal(row["value"]),
        value_to=Decimal(row["value_to"]) if row["value_to"] else None,
        unit=Text(row["unit_zh"], row["unit_en"]),
        year=int(row["year"]) if row["year"] else None,
        year_basis=YearBasis(row["year_basis"]),
        is_target=row["kind"] == "target",
        is_table=row["from"] == "table",
        quote=row["quote"],
        flag=Text(row["flag_zh"], row["flag_en"]) if row["flag_zh"] else None,
    )
