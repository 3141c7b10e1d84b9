"""What must hold whatever has happened: the index holds the records, each as it is now."""

from __future__ import annotations

from collections.abc import Mapping

from ingest.building import check_index
from ingest.documents import build_document, doc_id
from search.backends.base import Document, SearchBackend
from search.records.store import RecordStore


def assert_equal(store: RecordStore, backend: SearchBackend) -> None:
    """Compare ids, versions and content of every record with the index; no catalogue rows in it."""
    backend.refresh()
    expected = {
        doc_id(change.kind, change.record_id): build_document(change.stored)
        for change in store.records_after("", 10_000)
        if change.stored is not None
    }
    assert len(expected) == store.count()
    found = backend.doc_ids()
    missing, extra = expected.keys() - found, found - expected.keys()
    assert not missing and not extra, f"missing {sorted(missing)}, too many {sorted(extra)}"
    indexed = backend.get(sorted(found))
    stale = [name for name in expected if _said(expected[name]) != _said(indexed[name])]
    assert not stale, f"out of date: {stale}"
    assert backend.watermark() == store.last_sequence()


def assert_sound(store: RecordStore, backend: SearchBackend) -> None:
    """See that the index has everything up to the number that it says, also in the middle."""
    found = check_index(store, backend)
    missing = [name for name in found.missing if not name.startswith("role:")]
    assert (missing, found.extra, found.stale) == ([], (), ())


def _said(document: Document) -> tuple[int, Mapping[str, str], Mapping[str, object]]:
    tokens = {name: text for name, text in document.tokens.items() if text}
    attributes = {name: values for name, values in document.attributes.items() if values}
    return document.sequence, tokens, attributes
