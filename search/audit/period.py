"""The days that outcomes and searches are counted in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `start` to `end`, both included.

    Raises:
        ValueError: the end lies before the start.
    """

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(
                f"a period from {self.start} to {self.end} was asked for; "
                "the end should be the start or a later day"
            )

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end
