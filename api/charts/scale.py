"""An axis: from figures to places, with round marks."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

_MARKS_AT_MOST = 5
#: Below it a difference is rounding, not a figure.
_LEAST_SPAN = 1e-9


@dataclass(frozen=True)
class Scale:
    """A linear axis.

    Attributes:
        low: the figure at `start`.
        high: the figure at `end`.
        start: a place, in units.
        end: a place, in units.
        marks: round figures within.
    """

    low: float
    high: float
    start: float
    end: float
    marks: tuple[float, ...]

    def __call__(self, figure: float) -> float:
        """Return the place of a figure."""
        share = (figure - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)


def scale(figures: Iterable[float], start: float, end: float, *, whole: bool = False) -> Scale:
    """Return an axis that holds 0 and all figures, between round marks.

    Args:
        figures: finite; may be none.
        start: place of the least.
        end: place of the greatest.
        whole: whether the figures are counts, so that there is no mark between two.
    """
    found = [0.0, *figures]
    low, high = min(found), max(found)
    if high - low < _LEAST_SPAN:
        low, high = 0.0, 1.0
    step = _round_step((high - low) / _MARKS_AT_MOST)
    if whole:
        step = max(1.0, step)
    first, last = math.floor(low / step), math.ceil(high / step)
    marks = tuple(number * step for number in range(first, last + 1))
    return Scale(marks[0], marks[-1], start, end, marks)


def _round_step(least: float) -> float:
    """Return the least of 1, 2, 2.5 and 5 times a power of ten that is at least so much."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= least * 0.9999)
