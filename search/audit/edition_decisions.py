"""What an office has accepted for the next edition of its catalogue, each with a reason and a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Add:
    """An accepted new row; stands at the end of its field, or at the end of all where the field is new."""

    title: str
    reason: str
    on: date
    duty: str = ""
    field: str = ""


@dataclass(frozen=True, slots=True)
class Reword:
    """An accepted new wording of a row; None leaves a part as it is."""

    row: int
    reason: str
    on: date
    title: str | None = None
    duty: str | None = None


@dataclass(frozen=True, slots=True)
class Drop:
    """A row that was accepted to go."""

    row: int
    reason: str
    on: date


Decision = Add | Reword | Drop
