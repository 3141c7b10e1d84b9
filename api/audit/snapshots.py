"""Freezing audits, listing, checking and comparing them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.audit.allowed import require_officer, signature
from api.problems import Phrase, Problem
from search.accounts.principal import Scope
from search.audit.figures import AuditFigures, UnreadableFiguresError
from search.audit.series import Comparison, compare
from search.audit.snapshot import Difference, thaw, verify
from search.audit.stores.snapshots import KeptSnapshot, SnapshotMissingError

if TYPE_CHECKING:
    from api.access import Access
    from api.audit.question import AuditQuestion


@dataclass(frozen=True)
class Verification:
    """What a check of a snapshot found.

    Attributes:
        kept: the snapshot.
        problem: why it cannot be read, or "": its hashes fit what it says.
        is_same_input: the records say today what they said then, so everything was recomputed.
        differences: where the recomputation differs; while the records have moved on since, that is
            what moved.
    """

    kept: KeptSnapshot
    problem: str
    is_same_input: bool
    differences: tuple[Difference, ...]


def make(access: Access, asked: AuditQuestion) -> KeptSnapshot:
    """Freeze the audit of a day.

    Raises:
        Problem: 401 or 403.
    """
    require_officer(access, Scope.WRITE)
    audit = access.bole.audits.audit(asked.as_of, asked.period, is_latest=True)
    return access.bole.audit_stores.snapshots.add(audit.figures, signature(access))


def kept_audit(access: Access, asked: AuditQuestion) -> tuple[KeptSnapshot, AuditFigures]:
    """Return the figures of a day and the snapshot that holds them; it is made where there is none.

    Raises:
        Problem: 401 or 403.
    """
    require_officer(access)
    figures = access.bole.audits.audit(asked.as_of, asked.period, is_latest=True).figures
    store = access.bole.audit_stores.snapshots
    for kept in store.all():
        if (kept.as_of, kept.period) == (asked.as_of, asked.period):
            try:
                frozen = store.figures(kept.id)
            except UnreadableFiguresError:
                continue
            if frozen.to_json() == AuditFigures.from_json(figures.to_json()).to_json():
                return kept, frozen
            break
    kept = store.add(figures, signature(access))
    return kept, store.figures(kept.id)


def snapshots(access: Access) -> tuple[KeptSnapshot, ...]:
    """Return the snapshots, newest first.

    Raises:
        Problem: 401 or 403.
    """
    require_officer(access)
    return access.bole.audit_stores.snapshots.all()


def document(access: Access, snapshot_id: str) -> tuple[KeptSnapshot, str]:
    """Return a snapshot and its document as it was frozen.

    Raises:
        Problem: 401, 403, 404.
    """
    require_officer(access)
    try:
        return access.bole.audit_stores.snapshots.get(snapshot_id)
    except SnapshotMissingError:
        raise Problem("not-found") from None


def figures_of(access: Access, snapshot_id: str) -> tuple[KeptSnapshot, AuditFigures]:
    """Return a snapshot and its figures.

    Raises:
        Problem: 401, 403, 404; 409 for one that was changed since, or that another version made.
    """
    kept, text = document(access, snapshot_id)
    try:
        return kept, thaw(text)
    except UnreadableFiguresError:
        raise Problem("conflict", detail=Phrase("audit.snapshot.unreadable")) from None


def verified(access: Access, snapshot_id: str) -> Verification:
    """Check a snapshot: whether it is as it was frozen, and what a recomputation finds today.

    Raises:
        Problem: 401, 403, 404.
    """
    kept, text = document(access, snapshot_id)
    inputs = access.bole.audits.inputs(kept.as_of, kept.period)
    try:
        differences = verify(text, inputs)
    except UnreadableFiguresError as error:
        return Verification(kept, str(error), False, ())
    is_same = not any(one.where.startswith("inputs.") for one in differences)
    return Verification(kept, "", is_same, differences)


def compared(
    access: Access, before_id: str, after_id: str
) -> tuple[KeptSnapshot, KeptSnapshot, Comparison]:
    """Set two snapshots side by side.

    Raises:
        Problem: 401, 403, 404, 409.
    """
    before, earlier = figures_of(access, before_id)
    after, later = figures_of(access, after_id)
    return before, after, compare(earlier, later)
