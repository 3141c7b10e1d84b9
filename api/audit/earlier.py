"""Which snapshots a figure's change is taken from: about a quarter and about a year before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from search.audit.figures import AuditFigures, UnreadableFiguresError
from search.audit.series import breaks

if TYPE_CHECKING:
    from search.audit.stores.snapshots import KeptSnapshot, SnapshotStore

QUARTER_DAYS, YEAR_DAYS = 91, 365
#: Days by which a snapshot may be off.
TOLERANCE_DAYS = 21


@dataclass(frozen=True)
class Earlier:
    """Audits to compare with.

    Attributes:
        quarter, year: the figures; None where no snapshot was made about then.
        quarter_id, year_id: of the snapshots, or "".
    """

    quarter: AuditFigures | None = None
    year: AuditFigures | None = None
    quarter_id: str = ""
    year_id: str = ""

    def is_broken(self, of: AuditFigures, name: str) -> bool:
        """Say whether the one named `quarter` or `year` is there and no change can be told."""
        before: AuditFigures | None = getattr(self, name)
        return before is not None and bool(breaks(before, of))


def earlier_than(snapshots: SnapshotStore, day: date) -> Earlier:
    """Return the audits about a quarter and a year before a day."""
    kept = snapshots.all()
    quarter, quarter_id = _figures(snapshots, _nearest(kept, day, QUARTER_DAYS))
    year, year_id = _figures(snapshots, _nearest(kept, day, YEAR_DAYS))
    return Earlier(quarter, year, quarter_id, year_id)


def _nearest(kept: tuple[KeptSnapshot, ...], day: date, days: int) -> KeptSnapshot | None:
    """Return the snapshot nearest to so many days before; of one day the one made last."""
    near = [one for one in kept if abs((day - one.as_of).days - days) <= TOLERANCE_DAYS]
    return min(near, key=lambda one: abs((day - one.as_of).days - days), default=None)


def _figures(
    snapshots: SnapshotStore, found: KeptSnapshot | None
) -> tuple[AuditFigures | None, str]:
    if found is None:
        return None, ""
    try:
        return snapshots.figures(found.id), found.id
    except UnreadableFiguresError:
        return None, ""  # of another version, or changed: its own page says so
