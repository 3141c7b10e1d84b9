"""What an indicator counts, as its unit and its words tell: a stock, what was added, a year's amount, a share."""

from __future__ import annotations

import csv
import io
from enum import StrEnum
from functools import cache
from importlib.resources import files

from taxonomies.targets import Indicator


class IndicatorKind(StrEnum):
    """What a figure is.

    `level` a stock on a day; `cumulative` added up since the plan began; `yearly` the amount of one
    year; `share` a percentage of something; `growth` a rise against an earlier day or year.
    """

    LEVEL = "level"
    CUMULATIVE = "cumulative"
    YEARLY = "yearly"
    SHARE = "share"
    GROWTH = "growth"


def kind_of(indicator: Indicator) -> IndicatorKind:
    """Return the kind of an indicator: that of the first rule of `kinds.csv` that it meets, else a level."""
    for kind, unit, subject in _rules():
        if unit in indicator.unit.zh and subject in indicator.subject.zh:
            return kind
    return IndicatorKind.LEVEL


def table(name: str) -> list[dict[str, str]]:
    """Return the rows of a CSV file of this package."""
    text = files(__package__).joinpath(name).read_text("utf-8")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


@cache
def _rules() -> tuple[tuple[IndicatorKind, str, str], ...]:
    return tuple(
        (IndicatorKind(row["kind"]), row["unit"], row["subject"]) for row in table("kinds.csv")
    )
