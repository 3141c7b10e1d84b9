"""Whether two audits belong to one series, and what changed from one to the other.

A figure that moved because a threshold, the catalogue or the model moved is not a trend. So such audits
are set side by side, with what differs named, and no change is computed.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from search.audit.figures import AuditFigures, RoleRow


@dataclass(frozen=True, slots=True)
class Break:
    """What differs in how two audits were made.

    Attributes:
        what: `thresholds.enough`, `versions.catalogue`, `period.days`, …
        before: in the earlier, as text; "" where it was not given.
        after: in the later.
    """

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Changed:
    """One figure of one line in both audits; `change` is None where the series is broken or one is unknown."""

    before: float | None
    after: float | None
    change: float | None


@dataclass(frozen=True, slots=True)
class RowChange:
    """One line in both audits; a line that one of them lacks counts 0 there.

    Attributes:
        figures: name to its change: `posts`, `declared`, `qualified`, `gap_declared`, `gap_qualified`,
            `ratio_declared`, `ratio_qualified`, `tension`.
    """

    role: int
    region: str
    figures: tuple[tuple[str, Changed], ...]

    def figure(self, name: str) -> Changed:
        """Return one figure."""
        return dict(self.figures)[name]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two audits side by side.

    Attributes:
        breaks: what differs in how they were made; not empty means that the series is broken.
        rows: by role and place.
    """

    breaks: tuple[Break, ...]
    rows: tuple[RowChange, ...]

    @property
    def is_series(self) -> bool:
        """Whether changes may be printed as changes."""
        return not self.breaks


def breaks(before: AuditFigures, after: AuditFigures) -> tuple[Break, ...]:
    """Return what differs in how two audits were made, thresholds first."""
    found = []
    for entry in fields(before.thresholds):
        one, other = (getattr(each.thresholds, entry.name) for each in (before, after))
        if one != other:
            found.append(Break(f"thresholds.{entry.name}", str(one), str(other)))
    for name in sorted({*before.versions, *after.versions}):
        one, other = (each.versions.get(name, "") for each in (before, after))
        if one != other:
            found.append(Break(f"versions.{name}", one, other))
    for name in ("tension_formula", "scope"):
        one, other = (getattr(each, name) for each in (before, after))
        if one != other:
            found.append(Break(name, one, other))
    return tuple(found)


def compare(before: AuditFigures, after: AuditFigures) -> Comparison:
    """Set two audits side by side, line by line."""
    broken = breaks(before, after)
    lines = [{(row.role, row.region): row for row in each.rows} for each in (before, after)]
    rows = []
    for role, region in sorted({*lines[0], *lines[1]}):
        values = [_values(each.get((role, region))) for each in lines]
        rows.append(
            RowChange(
                role,
                region,
                tuple(
                    (name, _changed(values[0][name], values[1][name], is_series=not broken))
                    for name in values[0]
                ),
            )
        )
    return Comparison(broken, tuple(rows))


def _changed(before: float | None, after: float | None, *, is_series: bool) -> Changed:
    if not is_series or before is None or after is None:
        return Changed(before, after, None)
    return Changed(before, after, after - before)


def _values(row: RoleRow | None) -> dict[str, float | None]:
    if row is None:
        nothing: dict[str, float | None] = dict.fromkeys(_COUNTS, 0)
        return nothing | dict.fromkeys(_RATIOS)
    return {
        "posts": row.demand.posts,
        "declared": row.declared.people,
        "qualified": row.qualified.people,
        "gap_declared": row.gap_declared,
        "gap_qualified": row.gap_qualified,
        "ratio_declared": row.ratio_declared.value,
        "ratio_qualified": row.ratio_qualified.value,
        "tension": row.tension.index,
    }


_COUNTS = ("posts", "declared", "qualified", "gap_declared", "gap_qualified")
_RATIOS = ("ratio_declared", "ratio_qualified", "tension")
