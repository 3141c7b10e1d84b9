"""Bole as one caller may use it: the one door between what was asked and the records and the index.

Services are given an `Access`, never the whole: what it searches, matches, reads and counts has passed
`search.accounts.visibility.visible`, and what it shows of people who are not the caller's own is masked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from api.problems import Problem
from search.accounts.principal import Principal, Role, Scope
from search.accounts.visibility import is_own, may_add, may_see
from search.matching.masking import masked
from search.ranking.passages import record_passages
from search.records.errors import RecordMissingError
from search.records.models import AnyRecord, Candidate

if TYPE_CHECKING:
    from api.assembly import Bole
    from api.settings import Settings
    from search.benefits.book import Book
    from search.matching.service import MatchService
    from search.ranking.service import SearchService
    from search.records.stored import Kind, StoredRecord


@dataclass(frozen=True)
class Access:
    """What one caller may do.

    Attributes:
        bole: the whole; for what is nobody's own: accounts, measures, versions.
        who: the caller.
    """

    bole: Bole
    who: Principal

    @property
    def search(self) -> SearchService:
        """What answers the caller's searches."""
        return self.bole.search_for(self.who, self.passages)

    @property
    def matching(self) -> MatchService:
        """What answers the caller's matches."""
        return self.bole.matching_for(self.who, self.get_many)

    @property
    def settings(self) -> Settings:
        """What the installation has set."""
        return self.bole.settings

    @property
    def book(self) -> Book:
        """The public measures."""
        return self.bole.book

    def today(self) -> date:
        """Return the date whose rules apply when a request names none."""
        return self.bole.settings.today()

    def get(self, record_id: str, kind: Kind) -> StoredRecord:
        """Return a record as it is stored; what the caller may not see does not exist.

        Raises:
            Problem: 404 when there is none.
        """
        try:
            stored = self.bole.store.get(record_id)
        except RecordMissingError:
            raise Problem("not-found") from None
        if stored.kind != kind or not may_see(self.who, stored):
            raise Problem("not-found")
        return stored

    def get_many(self, record_ids: Iterable[str]) -> dict[str, StoredRecord]:
        """Return those of the records that are there and that the caller may see."""
        return {
            record_id: stored
            for record_id, stored in self.bole.store.get_many(record_ids).items()
            if may_see(self.who, stored)
        }

    def is_own(self, stored: StoredRecord) -> bool:
        """Say whether a record is the caller's own, to be shown whole."""
        return is_own(self.who, stored)

    def shown(self, stored: StoredRecord) -> AnyRecord:
        """Return what the caller is shown of a record: all of an own one, else de-identified."""
        return self.shown_all({stored.id: stored})[stored.id]

    def shown_all(self, records: Mapping[str, StoredRecord]) -> dict[str, AnyRecord]:
        """Return what the caller is shown of records, by id, asking once for what was agreed to."""
        foreign = [
            one.id for one in records.values() if one.kind == "candidate" and not self.is_own(one)
        ]
        agreed = self._agreed(foreign)
        hidden = frozenset(foreign)
        return {
            record_id: masked(stored.record, agreed.get(record_id, ()))
            if record_id in hidden and isinstance(stored.record, Candidate)
            else stored.record
            for record_id, stored in records.items()
        }

    def agreed_fields(self, candidate_id: str) -> frozenset[str]:
        """Return what a person agreed to pass on to the caller's organisation."""
        return self._agreed([candidate_id]).get(candidate_id, frozenset())

    def _agreed(self, candidate_ids: Sequence[str]) -> dict[str, frozenset[str]]:
        if self.who.role is not Role.EMPLOYER or not candidate_ids:
            return {}
        return self.bole.contacts.agreed_fields(self.who.organisation_id, candidate_ids)

    def passages(self, doc_ids: Sequence[str]) -> dict[str, Mapping[str, str]]:
        """Return the texts of records, by document id, from which evidence is quoted."""
        records = self.get_many(doc_id.partition(":")[2] for doc_id in doc_ids)
        return {
            f"{record.kind}:{record_id}": record_passages(record)
            for record_id, record in self.shown_all(records).items()
        }

    def require_add(self, kind: Kind) -> None:
        """Make sure that the caller may add records of a kind.

        Raises:
            Problem: 401 or 403.
        """
        self.require(Scope.WRITE)
        if not may_add(self.who, kind):
            raise self.refusal()

    def require_own(self, stored: StoredRecord) -> None:
        """Make sure that the caller may change a record that they see.

        Raises:
            Problem: 401 or 403.
        """
        self.require(Scope.WRITE)
        if not is_own(self.who, stored):
            raise self.refusal()

    def require(self, scope: Scope) -> None:
        """Make sure that the key that was sent allows what is asked; without a key all is allowed.

        Raises:
            Problem: 403.
        """
        if scope not in self.who.scopes:
            raise Problem("forbidden")

    def refusal(self) -> Problem:
        """Return what to answer to who may not: sign in first, or no."""
        is_known = self.who.is_signed_in or self.who.is_open
        return Problem("forbidden") if is_known else Problem("sign-in-needed")
