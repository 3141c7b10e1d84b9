"""Editions of an office's catalogue: the next one is made of the last one and of what was accepted, with lineage.

Every row says what became of it: unchanged, reworded from row N, new; and every row of the last edition
that is gone says why and when. Nothing changes without a reason and a day.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from search.audit.edition_decisions import Add, Decision, Drop, Reword
from taxonomies.catalogue import Catalogue
from taxonomies.office_catalogues import CatalogueRow, OfficeCatalogue

Lineage = Literal["unchanged", "reworded", "new"]
#: What a cell may not begin with; the apostrophe is what such cells are written behind.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "'")


class EditionError(ValueError):
    """An edition cannot be made: the message says what was asked, what was found and what to do."""


@dataclass(frozen=True, slots=True)
class EditionRow:
    """One row of an edition.

    Attributes:
        number: position, from 1; row N of this edition.
        title, duty, field: as the edition prints them; duty and field may be empty.
        role_number: row of annex 1 that it is; None where it is none.
        lineage: what became of it since the last edition.
        previous: row of the last edition; None for a new one.
        reason: why it is new or reworded; empty where unchanged.
        on: day of that decision; None where unchanged.
    """

    number: int
    title: str
    duty: str
    field: str
    role_number: int | None
    lineage: Lineage
    previous: int | None
    reason: str
    on: date | None


@dataclass(frozen=True, slots=True)
class DroppedRow:
    """A row of the last edition that is not in this one, as it stood, with reason and day."""

    previous: int
    title: str
    role_number: int | None
    reason: str
    on: date


@dataclass(frozen=True, slots=True)
class Edition:
    """A catalogue from a day on.

    Attributes:
        id: of the catalogue; the same in every edition.
        start: first day; the edition before ends on the day before.
        after: first day of the edition before; None for the first.
        rows: in printed order, numbered from 1 without a gap.
        dropped: rows of the edition before that are gone.
    """

    id: str
    start: date
    after: date | None
    rows: tuple[EditionRow, ...]
    dropped: tuple[DroppedRow, ...] = ()

    def office_catalogue(self) -> OfficeCatalogue:
        """Return it as Bole keeps the catalogues of offices.

        Raises:
            pydantic.ValidationError: the id is none, or there are no rows.
        """
        rows = tuple(
            CatalogueRow(title=row.title, role_number=row.role_number) for row in self.rows
        )
        return OfficeCatalogue(id=self.id, start=self.start, rows=rows)


def first_edition(id: str, start: date, catalogue: Catalogue, reason: str) -> Edition:
    """Return annex 1 as the edition from which an office goes on; every row is new to it.

    Args:
        id: of the office's catalogue.
        start: first day.
        catalogue: the printed one.
        reason: why the office takes it up, for example the decision that names it.
    """
    rows = tuple(
        EditionRow(
            number=role.number,
            title=role.title.zh,
            duty=role.duty.zh,
            field=role.field.name.zh,
            role_number=role.number,
            lineage="new",
            previous=None,
            reason=reason,
            on=start,
        )
        for role in catalogue.roles
    )
    return Edition(id, start, None, rows)


def next_edition(last: Edition, start: date, decisions: Iterable[Decision]) -> Edition:
    """Return the edition after the last one; rows keep their order, and numbers close up.

    Args:
        last: the edition in force.
        start: first day of the new one.
        decisions: what was accepted, at most one for a row.

    Raises:
        EditionError: a decision names no row, a row has two, a reason or title is empty, two rows
            come out alike, nothing is left, or the new edition begins no later than the last.
    """
    if start <= last.start:
        raise EditionError(
            f"an edition from {start} was asked for; the last one of {last.id!r} begins on "
            f"{last.start}: give a later day"
        )
    added, about = _sorted_out(last, decisions)
    rows: list[EditionRow] = []
    dropped: list[DroppedRow] = []
    for row in last.rows:
        decision = about.get(row.number)
        if isinstance(decision, Drop):
            dropped.append(
                DroppedRow(row.number, row.title, row.role_number, decision.reason, decision.on)
            )
        elif isinstance(decision, Reword):
            rows.append(_reworded(row, decision))
        else:
            kept = replace(row, lineage="unchanged", previous=row.number, reason="", on=None)
            rows.append(kept)
    for new in added:
        rows.insert(_place(rows, new.field), _new_row(new))
    _check_rows(rows)
    numbered = tuple(replace(row, number=number) for number, row in enumerate(rows, start=1))
    return Edition(last.id, start, last.start, numbered, tuple(dropped))


def _sorted_out(
    last: Edition, decisions: Iterable[Decision]
) -> tuple[list[Add], dict[int, Reword | Drop]]:
    added: list[Add] = []
    about: dict[int, Reword | Drop] = {}
    for decision in decisions:
        if not decision.reason.strip():
            raise EditionError(f"{decision} has no reason; give one, it is printed in the lineage")
        if isinstance(decision, Add):
            if not decision.title.strip():
                raise EditionError(f"{decision} has no title; give one")
            added.append(decision)
            continue
        if not 1 <= decision.row <= len(last.rows):
            raise EditionError(
                f"{decision} names row {decision.row}; rows of the last edition are 1 to "
                f"{len(last.rows)}"
            )
        if decision.row in about:
            raise EditionError(
                f"row {decision.row} has two decisions, {about[decision.row]} and {decision}; "
                "keep one"
            )
        about[decision.row] = decision
    return added, about


def _reworded(row: EditionRow, decision: Reword) -> EditionRow:
    title = row.title if decision.title is None else decision.title.strip()
    duty = row.duty if decision.duty is None else decision.duty.strip()
    if not title:
        raise EditionError(f"{decision} leaves row {row.number} without a title; give one")
    if (title, duty) == (row.title, row.duty):
        raise EditionError(
            f"{decision} changes nothing of row {row.number}; leave it out or give the new words"
        )
    return replace(
        row,
        title=title,
        duty=duty,
        lineage="reworded",
        previous=row.number,
        reason=decision.reason.strip(),
        on=decision.on,
    )


def _new_row(new: Add) -> EditionRow:
    return EditionRow(
        number=0,
        title=new.title.strip(),
        duty=new.duty.strip(),
        field=new.field.strip(),
        role_number=None,
        lineage="new",
        previous=None,
        reason=new.reason.strip(),
        on=new.on,
    )


def _place(rows: Sequence[EditionRow], field: str) -> int:
    places = [place for place, row in enumerate(rows) if field and row.field == field.strip()]
    return places[-1] + 1 if places else len(rows)


def _check_rows(rows: Sequence[EditionRow]) -> None:
    if not rows:
        raise EditionError("every row was to be dropped; keep one, or end the catalogue instead")
    seen: dict[tuple[str, str], EditionRow] = {}
    for row in rows:
        if row.title.startswith(FORMULA_SIGNS):
            raise EditionError(
                f"the title {row.title!r} begins with a sign that spreadsheets take for a formula; "
                "begin it with a letter"
            )
        # One title may stand in two fields, as it does in annex 1.
        other = seen.setdefault((row.field, row.title), row)
        if other is not row:
            raise EditionError(
                f"{row.title!r} would stand twice in field {row.field!r}; reword the row that is "
                "there instead of adding one"
            )
