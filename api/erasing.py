"""Erasing a person: from the records and everything that was derived from them, leaving a proof.

The record, how the person is reached, requests to and alerts of them go in one transaction with the proof
(`search.accounts.erasures`). Then what may hold a copy loses it: the database's own log, the remembered
vectors, files left by imports. The index follows within a second, and then rewrites its files
(`Projector.purge`).
"""

from __future__ import annotations

import logging
from datetime import datetime
from typing import TYPE_CHECKING

from api.erasures import note_erased
from api.problems import Phrase, Problem
from ingest.documents import document_passages
from search.records.models import Candidate

if TYPE_CHECKING:
    from api.access import Access
    from search.accounts.accounts import Account
    from search.accounts.erasures import Erasure
    from search.records.stored import StoredRecord

_log = logging.getLogger(__name__)


def erase_record(access: Access, stored: StoredRecord, expected_version: int | None = None) -> bool:
    """Erase a record; return whether it was there.

    Args:
        access: who erases it.
        stored: as it is now.
        expected_version: the version that the caller has seen; None erases any.

    Raises:
        VersionConflictError: it is at another version.
    """
    bole = access.bole
    if not isinstance(stored.record, Candidate):
        was_there = bole.store.delete(stored.id, expected_version)
        bole.changed()
        return was_there
    was_there = bole.store.delete(
        stored.id,
        expected_version,
        also=lambda connection: bole.erasures.prove(connection, access.who, stored.id),
    )
    bole.changed()
    if was_there:
        note_erased(bole.settings.data_dir, "record", [stored.id])
        bole.import_jobs.forget(stored.owner)
        try:
            bole.encoder.forget(document_passages(stored.record))
        except OSError as error:
            # The person is gone; numbers under a hash are left, and the file can be deleted.
            _log.error("remembered vectors were not forgotten: %s", error)
        bole.store.checkpoint()
    return was_there


def backups_holding_since(access: Access, created_at: datetime) -> list[datetime | None]:
    """Return when the backups were made that may still hold what was first stored then."""
    from search.records.backups.register import backups_holding

    bole = access.bole
    return [
        entry.made_at for entry in backups_holding(bole.settings.data_dir, created_at, bole.now())
    ]


def erase_account(access: Access, account: Account) -> list[Erasure]:
    """Erase a job seeker's profiles and the account; return the proofs.

    Raises:
        Problem: 403, the account acts for an organisation, whose records are not its own.
        LastAdminError: nobody could keep the accounts then.
    """
    bole = access.bole
    if account.organisation is not None:
        raise Problem("forbidden", detail=Phrase("erase.organisation"))
    proofs = []
    while page := bole.store.page(owner=account.id, limit=100).records:
        for stored in page:
            erase_record(access, stored)
            proof = bole.erasures.find(stored.id)
            proofs += [proof] if proof else []
    bole.saved_searches.delete_all(account.id)
    bole.import_jobs.forget_account(account.id)
    bole.accounts.remove(account.id)
    note_erased(bole.settings.data_dir, "account", [account.id])
    bole.store.checkpoint()
    return proofs
