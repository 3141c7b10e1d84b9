"""The stores of the audit, together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from search.audit.stores.actuals import ActualStore
from search.audit.stores.declarations import DeclarationStore
from search.audit.stores.editions import EditionStore
from search.audit.stores.outcomes import OutcomeStore
from search.audit.stores.published import PublishedStore
from search.audit.stores.releases import ReleaseStore
from search.audit.stores.search_events import SearchEventStore
from search.audit.stores.snapshots import SnapshotStore

if TYPE_CHECKING:
    from search.records.database import Database


@dataclass(frozen=True)
class AuditStores:
    """What the audit keeps beside the records."""

    outcomes: OutcomeStore
    searches: SearchEventStore
    snapshots: SnapshotStore
    actuals: ActualStore
    published: PublishedStore
    declarations: DeclarationStore
    editions: EditionStore
    releases: ReleaseStore

    @classmethod
    def over(cls, database: Database) -> Self:
        """Return the stores over a database."""
        return cls(
            OutcomeStore(database),
            SearchEventStore(database),
            SnapshotStore(database),
            ActualStore(database),
            PublishedStore(database),
            DeclarationStore(database),
            EditionStore(database),
            ReleaseStore(database),
        )

    def mark(self) -> str:
        """Return what is another text after anything changed that figures are made of besides records."""
        held = (self.outcomes, self.declarations, self.actuals, self.published)
        return " ".join(store.mark() for store in held)
