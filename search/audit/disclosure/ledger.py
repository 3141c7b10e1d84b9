"""What has left before, so that the next release cannot be subtracted from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from search.audit.disclosure.changes import Day, exposed
from search.audit.disclosure.dimensions import Dimension
from search.audit.disclosure.errors import ReleaseRefused
from search.audit.disclosure.protection import Before, ProtectedTable, protect_beside
from search.audit.disclosure.rule import Publication, Rule
from search.audit.disclosure.tables import CellKey, CountTable


@dataclass(frozen=True)
class Release:
    """One table that left, with its true counts: stays inside.

    Attributes:
        subject: who is counted, e.g. `posts` or `seekers-declared`.
        as_of: the day that the counts are of.
        table: the true counts.
        protected: what left.
    """

    subject: str
    as_of: date
    table: CountTable
    protected: ProtectedTable


@dataclass(frozen=True)
class ReleaseLedger:
    """All releases so far. It is a value: `release` returns the next one, the caller stores it.

    Guaranteed, against the reader of `protect` who also kept every earlier release:

    1. Only cells of `dimensions` leave: no group is made for one question, so "A and B less A"
       can be asked only where B is a cell itself.
    2. Tables of one subject and day are protected as one system. A cell has one figure, or none,
       in all of them; what was hidden stays hidden, what has left counts as known.
    3. Between days: a cell's figure is made anew only where its count is at least `k_persons`
       away from the count behind each figure of that cell that has left. Else the nearest of them
       is repeated, marked as held. (Hiding the cell instead would tell that it changed, and by
       how much at most.)
    4. Each new day is solved together with each of the latest `days_compared` days: no cell that
       rose or fell by 1 to `k_persons` - 1 is bounded to that, no hidden count below `k_persons`
       is bounded below it. Cells that would be are withheld.

    Not guaranteed: three days or more solved together; the change of a union of cells, rather
    than of a cell; that persons who come and go in equal number are noticed; a guess that a hidden
    cell counts about what it counted the day when it was shown; across subjects, when one is part
    of another (posts, and posts open for 90 days): make the part a dimension of one table.

    Attributes:
        rule: the thresholds, the same for every release.
        dimensions: the publication lattice: the only classifications that tables may use.
        releases: what left, in the order in which it did.
        days_compared: how many days back a new one is solved together with.
    """

    rule: Rule
    dimensions: tuple[Dimension, ...]
    releases: tuple[Release, ...] = ()
    days_compared: int = 2

    def release(
        self, subject: str, as_of: date, table: CountTable
    ) -> tuple[ReleaseLedger, ProtectedTable]:
        """Return the ledger with a release added, and what may leave.

        The same table again gives the same figures and changes nothing.

        Raises:
            ReleaseRefused: when the table uses groups that are not in the lattice, or counts
                anew a cell of a day that has been released.
        """
        for dimension in table.dimensions:
            if dimension not in self.dimensions:
                raise ReleaseRefused(
                    f"the table groups by {dimension.name!r} in a way that is not in the "
                    f"publication lattice ({', '.join(known.name for known in self.dimensions)}): "
                    "use the classification as it was released before"
                )
        mine = [item for item in self.releases if item.subject == subject]
        same = [item for item in mine if item.as_of == as_of]
        for item in same:
            if item.table == table:
                return self, item.protected
        for item in same:
            _check_same_counts(item, table)
        days: dict[date, list[Release]] = {}
        for item in mine:
            if item.as_of != as_of:
                days.setdefault(item.as_of, []).append(item)
        compared = [_day(items) for items in list(days.values())[-self.days_compared :]]
        before = Before(
            fixed=_day(same).figures,
            withheld=frozenset(
                item.table.key(cell) for item in same for cell in item.protected.suppressed
            ),
            held=_to_hold([item for item in mine if item.as_of != as_of], table, self.rule),
        )
        protected = _protected(same, table, before, compared, self.rule)
        added = Release(subject, as_of, table, protected)
        return replace(self, releases=(*self.releases, added)), protected


def _protected(
    same: Sequence[Release],
    table: CountTable,
    before: Before,
    compared: Sequence[Day],
    rule: Rule,
) -> ProtectedTable:
    tables = [*(item.table for item in same), table]
    while True:
        protected = protect_beside(tables, rule, before)
        day = _day([*same, Release("", date.min, table, protected)])
        found = frozenset(key for earlier in compared for key in exposed(earlier, day, rule))
        # What left today cannot be taken back: only what this table would add can.
        shown = {
            table.key(place) for place, value in protected.values.items() if value is not None
        } - set(before.fixed)
        if not found or not shown:
            return protected
        withhold = shown & found or shown & _beside(table, found) or shown
        before = replace(before, withheld=before.withheld | withhold)


def _beside(table: CountTable, keys: frozenset[CellKey]) -> set[CellKey]:
    """Return the cells that stand in a sum with one of `keys`."""
    found: set[CellKey] = set()
    for link in table.sums():
        line = {table.key(place) for place in (link.parent, *link.parts)}
        if line & keys:
            found |= line
    return found


def _day(releases: Sequence[Release]) -> Day:
    figures: dict[CellKey, Publication] = {}
    held: set[CellKey] = set()
    for item in releases:
        rule = item.protected.rule
        for place, value in item.protected.values.items():
            key = item.table.key(place)
            if value is not None:
                # What a figure gives away depends on the figure alone.
                figure = rule.published(max(value, rule.k_persons))
                if place in item.protected.held:
                    figure = rule.held(figure)
                    held.add(key)
                figures[key] = figure
    return Day([item.table for item in releases], figures, frozenset(held))


def _to_hold(
    others: Sequence[Release], table: CountTable, rule: Rule
) -> dict[CellKey, Publication]:
    counts = {table.key(place): cell.persons for place, cell in table.cells.items()}
    nearest: dict[CellKey, tuple[int, Publication]] = {}
    for item in others:
        for place, value in item.protected.values.items():
            key = item.table.key(place)
            if value is None or place in item.protected.held or key not in counts:
                continue
            behind = item.table.cells[place].persons
            change = abs(counts[key] - behind)
            if change < (nearest[key][0] if key in nearest else rule.k_persons):
                nearest[key] = (change, rule.held(rule.published(behind)))
    return {key: figure for key, (_, figure) in nearest.items()}


def _check_same_counts(item: Release, table: CountTable) -> None:
    known = {item.table.key(place): cell.persons for place, cell in item.table.cells.items()}
    for place, cell in table.cells.items():
        before = known.get(table.key(place), cell.persons)
        if before != cell.persons:
            raise ReleaseRefused(
                f"{item.subject} of {item.as_of} have left with {before} persons in "
                f"{dict(table.key(place)) or 'total'}, now {cell.persons} are counted: a corrected "
                "count of the same day would show whom the correction is about; release it as of "
                "another day"
            )
