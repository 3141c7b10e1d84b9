"""Creating, reading, replacing and erasing records over HTTP: versions, ETags, idempotency keys."""

from __future__ import annotations

from dataclasses import dataclass

from api.addresses import record_url
from api.assembly import OWNER, Bole
from api.problems import Fault, Phrase, Problem, invalid
from api.refusals import refuse_discrimination
from api.versions import etag_of, expected_version, request_key
from search.records.errors import DuplicateKeyError, RecordMissingError, VersionConflictError
from search.records.models import AnyRecord
from search.records.store import Kind, StoredRecord

#: Keys that stand for an `Idempotency-Key` begin so; they are ours and are not shown.
_ONCE = "once."


@dataclass(frozen=True)
class Created:
    """A record that was created now, or by an earlier try of the same request."""

    stored: StoredRecord
    is_replay: bool


def create(bole: Bole, record: AnyRecord, idempotency_key: str | None) -> Created:
    """Store a new record.

    The same request with the same idempotency key creates one record: the key becomes the record's
    own where it has none, and the store keeps keys unique.

    Raises:
        Problem: 409 when another record has the key, 422 when the idempotency key cannot be used.
    """
    refuse_discrimination(record)
    keyed = _keyed(record, idempotency_key)
    try:
        stored = bole.store.add(keyed, OWNER)
    except DuplicateKeyError as error:
        found = bole.store.find_by_key(OWNER, keyed.kind, error.key)
        if found and idempotency_key is not None and found.record == keyed:
            return Created(found, is_replay=True)
        raise _taken(record, idempotency_key, error.record_id) from None
    bole.changed()
    return Created(stored, is_replay=False)


def read(bole: Bole, record_id: str, kind: Kind) -> StoredRecord:
    """Return a record of a kind.

    Raises:
        Problem: 404 when there is none.
    """
    try:
        stored = bole.store.get(record_id)
    except RecordMissingError:
        raise Problem("not-found") from None
    if stored.kind != kind or stored.owner != OWNER:
        raise Problem("not-found")
    return stored


def replace(bole: Bole, record_id: str, record: AnyRecord, if_match: str | None) -> StoredRecord:
    """Replace a record that is still as the caller saw it.

    Raises:
        Problem: 404, 409, 412 when it changed meanwhile, 428 when no version was named.
    """
    found = read(bole, record_id, record.kind)
    refuse_discrimination(record)
    if record.key is None and found.key is not None and found.key.startswith(_ONCE):
        record = record.model_copy(update={"key": found.key})
    try:
        stored = bole.store.replace(record_id, record, expected_version(if_match, found.version))
    except RecordMissingError:
        raise Problem("not-found") from None
    except VersionConflictError:
        raise Problem("changed-meanwhile") from None
    except DuplicateKeyError as error:
        raise _taken(record, None, error.record_id) from None
    bole.changed()
    return stored


def erase(bole: Bole, record_id: str, kind: Kind, if_match: str | None) -> None:
    """Erase a record that is still as the caller saw it.

    Raises:
        Problem: 404, 412 when it changed meanwhile, 428 when no version was named.
    """
    found = read(bole, record_id, kind)
    try:
        if not bole.store.delete(record_id, expected_version(if_match, found.version)):
            raise Problem("not-found")
    except VersionConflictError:
        raise Problem("changed-meanwhile") from None
    bole.changed()


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
