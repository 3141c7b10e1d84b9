"""Creating, reading, replacing and erasing records over HTTP: versions, ETags, idempotency keys."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace as replaced

from api import cursors
from api.access import Access
from api.addresses import record_url
from api.erasing import erase_record
from api.problems import Fault, Phrase, Problem, invalid
from api.refusals import refuse_discrimination
from api.versions import etag_of, expected_version, request_key
from search.accounts.principal import Scope
from search.records.errors import DuplicateKeyError, RecordMissingError, VersionConflictError
from search.records.identifiers import is_id
from search.records.models import AnyRecord
from search.records.store import Page
from search.records.stored import Kind, StoredRecord

#: Keys that stand for an `Idempotency-Key` begin so; they are ours and are not shown.
_ONCE = "once."


@dataclass(frozen=True)
class Created:
    """A record that was created now, or by an earlier try of the same request."""

    stored: StoredRecord
    is_replay: bool


def create(access: Access, record: AnyRecord, idempotency_key: str | None) -> Created:
    """Store a new record.

    The same request with the same idempotency key creates one record: the key becomes the record's
    own where it has none, and the store keeps keys unique.

    Raises:
        Problem: 409 when another record has the key, 422 when the idempotency key cannot be used.
    """
    access.require_add(record.kind)
    refuse_discrimination(record)
    keyed, store = _keyed(record, idempotency_key), access.bole.store
    try:
        stored = store.add(keyed, access.who.owner)
    except DuplicateKeyError as error:
        found = store.find_by_key(access.who.owner, keyed.kind, error.key)
        if found and idempotency_key is not None and found.record == keyed:
            return Created(found, is_replay=True)
        raise _taken(record, idempotency_key, error.record_id) from None
    access.bole.changed()
    return Created(stored, is_replay=False)


def read(access: Access, record_id: str, kind: Kind) -> StoredRecord:
    """Return a record of a kind as the caller is shown it; a person's who is not theirs is noted.

    Raises:
        Problem: 404 when there is none that the caller may see.
    """
    access.require(Scope.READ)
    stored = access.get(record_id, kind)
    if access.is_own(stored) or kind != "candidate":
        return stored
    access.bole.access_log.note(access.who, "read", [stored.id])
    return replaced(stored, record=access.shown(stored))


def list_own(access: Access, kind: Kind, cursor: str | None, limit: int) -> Page:
    """Return a page of the caller's own records of a kind, oldest first.

    Raises:
        Problem: 401 or 403 for who can own none, 422 when the cursor is none of ours.
    """
    access.require(Scope.READ)
    if not access.who.owner:
        raise access.refusal()
    after = cursors.decode_last(cursor, f"own {kind}", is_id)
    return access.bole.store.page(kind, owner=access.who.owner, after=after or "", limit=limit)


def next_page(page: Page, kind: Kind) -> str | None:
    """Return the cursor of the page after one of `list_own`; None on the last."""
    return cursors.encode_last(page.next, f"own {kind}") if page.next else None


def replace(
    access: Access, record_id: str, record: AnyRecord, if_match: str | None
) -> StoredRecord:
    """Replace a record that is still as the caller saw it.

    Raises:
        Problem: 404, 409, 412 when it changed meanwhile, 428 when no version was named.
    """
    found = access.get(record_id, record.kind)
    access.require_own(found)
    refuse_discrimination(record)
    if record.key is None and found.key is not None and found.key.startswith(_ONCE):
        record = record.model_copy(update={"key": found.key})
    try:
        expected = expected_version(if_match, found.version)
        stored = access.bole.store.replace(record_id, record, expected)
    except RecordMissingError:
        raise Problem("not-found") from None
    except VersionConflictError:
        raise Problem("changed-meanwhile") from None
    except DuplicateKeyError as error:
        raise _taken(record, None, error.record_id) from None
    access.bole.changed()
    return stored


def erase(access: Access, record_id: str, kind: Kind, if_match: str | None) -> None:
    """Erase a record that is still as the caller saw it.

    Raises:
        Problem: 404, 412 when it changed meanwhile, 428 when no version was named.
    """
    found = access.get(record_id, kind)
    access.require_own(found)
    try:
        if not erase_record(access, found, expected_version(if_match, found.version)):
            raise Problem("not-found")
    except VersionConflictError:
        raise Problem("changed-meanwhile") from None


def etag(stored: StoredRecord) -> str:
    """Return the ETag of a record: its version in quotes."""
    return etag_of(stored.version)


def shown_key(stored: StoredRecord) -> str | None:
    """Return the sender's own key; one that stands for an idempotency key is not shown."""
    return None if stored.key is None or stored.key.startswith(_ONCE) else stored.key


def is_unchanged(stored: StoredRecord, if_none_match: str | None) -> bool:
    """Say whether the caller has this version already."""
    sent = (if_none_match or "").split(",")
    return any(tag.strip().removeprefix("W/") in {etag(stored), "*"} for tag in sent)


def _keyed(record: AnyRecord, idempotency_key: str | None) -> AnyRecord:
    if record.key is not None and record.key.startswith(_ONCE):
        raise invalid("body", "key", "key_reserved")
    if idempotency_key is None:
        return record
    digest = request_key(idempotency_key)
    if record.key is not None:
        return record
    return record.model_copy(update={"key": _ONCE + digest})


def _taken(record: AnyRecord, idempotency_key: str | None, record_id: str) -> Problem:
    location = {"Location": record_url(record.kind, record_id)}
    if record.key is None and idempotency_key is not None:
        fault = Fault("header", "Idempotency-Key", Phrase("fault.idempotency_key_used"))
    else:
        fault = Fault("body", "key", Phrase("fault.key_taken"))
    return Problem("conflict", [fault], headers=location)
