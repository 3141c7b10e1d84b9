"""Lists to take away: what the screen shows, as CSV, XLSX or JSON Lines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from api.access import Access
from api.wording import wording
from ingest.exports.columns import CANDIDATE_COLUMNS, VACANCY_COLUMNS, Cells, Column
from ingest.exports.records import candidate_cells, vacancy_cells
from ingest.exports.writing import MEDIA_TYPES, write
from ingest.tables.model import Cell
from search.accounts.principal import Scope
from search.records.models import Candidate
from search.records.stored import Kind, StoredRecord
from taxonomies.models import Lang

Format = Literal["csv", "xlsx", "jsonl"]
FORMATS: tuple[Format, ...] = ("csv", "xlsx", "jsonl")


def own_records(access: Access, kind: Kind, format: Format, lang: Lang) -> Iterator[bytes]:
    """Yield a file of the caller's own records of a kind; that it was taken is noted.

    Raises:
        Problem: 401 or 403 for who can own none.
    """
    access.require(Scope.EXPORT)
    if not access.who.owner:
        raise access.refusal()
    if access.who.is_signed_in and kind == "candidate":
        access.bole.access_log.note(access.who, "export", [""], f"{kind} {format}")
    columns: tuple[Column, ...] = CANDIDATE_COLUMNS if kind == "candidate" else VACANCY_COLUMNS
    rows = (_cells(access, stored, lang) for stored in _own(access, kind))
    return write(rows, columns, format, notes_of(access, lang), wording(lang))


def media_type(format: Format) -> str:
    """Return what a file is sent as."""
    return MEDIA_TYPES[format]


def _own(access: Access, kind: Kind) -> Iterator[StoredRecord]:
    after = ""
    while True:
        page = access.bole.store.page(kind, owner=access.who.owner, after=after, limit=500)
        yield from page.records
        if page.next is None:
            return
        after = page.next


def _cells(access: Access, stored: StoredRecord, lang: Lang) -> Cells:
    record = stored.record
    if isinstance(record, Candidate):
        return candidate_cells(record, access.bole.contacts.details(stored.id), wording(lang))
    return vacancy_cells(record, wording(lang))


def notes_of(access: Access, lang: Lang) -> dict[str, Cell]:
    """Return what a file says of itself: who took it, and when."""
    words = wording(lang)
    return {
        words("export.note.who"): access.who.name or words("export.note.open"),
        words("export.note.when"): access.bole.now().replace(tzinfo=None, microsecond=0),
    }
