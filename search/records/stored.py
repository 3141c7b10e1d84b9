"""A record as it is stored: what reading and ranking need of it, without the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from search.records.models import AnyRecord

Kind = Literal["candidate", "vacancy"]


@dataclass(frozen=True)
class StoredRecord:
    """A record with what the store knows about it.

    Attributes:
        id: unique, sorts by time of creation.
        owner: whose it is.
        version: 1 when added, one more with each change; what an ETag is made of.
        record: what was said.
        sequence: outbox number of its last change.
    """

    id: str
    owner: str
    version: int
    record: AnyRecord
    sequence: int
    created_at: datetime
    updated_at: datetime

    @property
    def kind(self) -> Kind:
        """`candidate` or `vacancy`."""
        return self.record.kind

    @property
    def key(self) -> str | None:
        """The sender's own key, unique within owner and kind."""
        return self.record.key

    @property
    def status(self) -> str:
        """The state that the record itself states."""
        return self.record.status
