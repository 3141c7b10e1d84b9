"""Documents made in other processes are those made here, in the order of the batches."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ingest import building, projector
from ingest.documents import build_document, document_passages
from ingest.preparation import prepare, prepared_ahead
from ingest.samples import generate_candidates
from search.records.database import open_database
from search.records.store import RecordStore
from tests.embedded_indexes import indexes_in


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    database = open_database(f"sqlite:///{tmp_path_factory.mktemp('records') / 'records.sqlite'}")
    store = RecordStore(database)
    store.put_many(list(generate_candidates(60, seed=11)), "public")
    yield store
    database.close()


def batches(store, size):
    last = ""
    while changes := store.records_after(last, size):
        yield changes
        last = changes[-1].record_id


def test_other_processes_prepare_the_same_in_the_same_order(store):
    expected = list(batches(store, 7))
    found = list(prepared_ahead(batches(store, 7), workers=2))
    assert [changes for changes, _ in found] == expected
    for changes, prepared in found:
        for change in changes:
            assert prepared[change.record_id].document == build_document(change.stored)
            assert prepared[change.record_id].passages == document_passages(change.stored.record)


def test_what_cannot_be_prepared_is_left_out(store):
    good, bad = (change.stored for change in store.records_after("", 2))
    broken = replace(bad, record=None)
    assert list(prepare([good, broken])) == [good.id]


def test_no_batches_give_nothing():
    assert list(prepared_ahead([], workers=1)) == []


def test_a_rebuild_by_processes_equals_one_without(store, tmp_path, encoder, monkeypatch):
    alone = building.rebuild(indexes_in(tmp_path / "alone", encoder), store, encoder)
    monkeypatch.setattr(projector, "MANY", 10)
    together = building.rebuild(indexes_in(tmp_path / "together", encoder), store, encoder)
    assert alone == together
    opened = [
        building.open_current(indexes_in(tmp_path / name, encoder), writable=False)
        for name in ("alone", "together")
    ]
    try:
        ids = sorted(opened[0].doc_ids())
        assert sorted(opened[1].doc_ids()) == ids
        assert opened[0].get(ids) == opened[1].get(ids)
    finally:
        for backend in opened:
            backend.close()
