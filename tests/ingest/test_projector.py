"""The projector: the index equals the records, whatever happens in between."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from sqlalchemy import update

from ingest import projector as module
from ingest.building import build_manifest, check_index, open_current, rebuild
from ingest.documents import document_passages
from ingest.projector import Projector
from search.backends.base import (
    IndexMismatchError,
    IndexMissingError,
    LexicalQuery,
    SearchBackend,
)
from search.backends.embedded import EmbeddedBackend
from search.backends.filters import EVERYTHING, Term
from search.embedding.base import Encoder
from search.embedding.passages import encode_passages
from search.records.database import open_database
from search.records.models import AnyRecord, Candidate, Vacancy
from search.records.store import RecordStore
from search.records.tables import RECORD
from tests.embedded_indexes import indexes_in


def found(backend: SearchBackend, word: str) -> set[str]:
    query = LexicalQuery({"title": {word: 1.0}, "text": {word: 1.0}})
    return {hit.doc_id for hit in backend.lexical(query, EVERYTHING, 100)}


def test_what_is_stored_is_found(
    store: RecordStore, backend: EmbeddedBackend, encoder: Encoder
) -> None:
    projector = Projector(store, backend, encoder)
    assert projector.catch_up() == 0
    profile = Candidate(headline="zebra keeper")
    one = store.add(profile, "me")
    two = store.add(Vacancy(title="zebra groom"), "you")
    assert projector.catch_up() == 2
    assert backend.watermark() == 2
    assert found(backend, "zebra") == {f"candidate:{one.id}", f"vacancy:{two.id}"}
    (query,) = encode_passages(encoder, [document_passages(profile)])
    assert backend.nearest(query, EVERYTHING, 1)[0].doc_id == f"candidate:{one.id}"
    assert backend.get([f"vacancy:{two.id}"])[f"vacancy:{two.id}"].sequence == two.sequence
    assert backend.count(Term("owner", ("me",))) == 1
    store.replace(one.id, Candidate(headline="lion keeper", status="paused"), 1)
    store.delete(two.id)
    assert projector.catch_up() == 2
    assert found(backend, "zebra") == set()
    assert found(backend, "lion") == {f"candidate:{one.id}"}
    assert backend.count(Term("status", ("paused",))) == 1
    assert projector.catch_up() == 0
    assert projector.state() == module.ProjectorState(4, 0, {}, "")


def test_roles_are_indexed_once_and_move_no_watermark(
    store: RecordStore, backend: EmbeddedBackend, encoder: Encoder
) -> None:
    store.add(Candidate(headline="a"), "me")
    projector = Projector(store, backend, encoder)
    assert projector.ensure_roles() == 92
    assert backend.watermark() == 0
    assert projector.ensure_roles() == 0
    assert "role:1" in found(backend, "java")
    projector.catch_up()
    assert backend.count(Term("kind", ("role",))) == 92
    assert check_index(store, backend).is_equal


def test_what_was_not_committed_is_applied_again(
    store: RecordStore, tmp_path: Path, encoder: Encoder
) -> None:
    """Opened again, the index goes on from what it says itself, and twice is once."""
    root = tmp_path / "index"
    store.put_many([Candidate(headline=f"zebra {n}") for n in range(7)], "me")
    backend = open_current(indexes_in(root, encoder), writable=True)
    projector = Projector(store, backend, encoder, batch=3)
    changes = store.changes_after(0, 3)
    projector._apply(changes.rows)  # and no commit
    backend.close()
    backend = open_current(indexes_in(root, encoder), writable=True)
    assert backend.watermark() == 0
    assert Projector(store, backend, encoder, batch=3).catch_up() == 7
    backend.commit(2)  # as if the last commits had been lost
    assert Projector(store, backend, encoder, batch=3).catch_up() == 5
    assert backend.watermark() == 7
    assert len(found(backend, "zebra")) == 7
    backend.close()


class FaultyEncoder:
    """Fails on request, as a model that runs out of memory does."""

    name = "hash-1"
    dim = 16

    def __init__(self, encoder: Encoder) -> None:
        self.encoder = encoder
        self.fails_on: str | None = None
        self.calls = 0

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self.encoder.encode_queries(texts)

    def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.calls += 1
        if self.fails_on is not None and any(self.fails_on in text for text in texts):
            raise MemoryError("secret words")
        return self.encoder.encode_documents(texts)


def test_a_record_that_fails_is_held_and_stops_no_others(
    store: RecordStore,
    tmp_path: Path,
    encoder: Encoder,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(module, "HELD_PAUSE_S", 0.0)
    faulty = FaultyEncoder(encoder)
    faulty.fails_on = "poison"
    store.add(Candidate(headline="zebra 1"), "me")
    bad = store.add(Candidate(headline="zebra poison"), "me")
    store.add(Candidate(headline="zebra 3"), "me")
    backend = open_current(indexes_in(tmp_path / "index", encoder), writable=True)
    projector = Projector(store, backend, faulty)
    projector.catch_up()
    store.add(Candidate(headline="zebra 4"), "me")
    projector.catch_up()
    assert len(found(backend, "zebra")) == 3
    assert backend.watermark() == bad.sequence - 1
    assert list(projector.state().held) == [bad.id]
    assert projector.state().behind == 0
    projector.ensure_roles()
    assert check_index(store, backend).is_equal  # what is held back counts as not yet applied
    assert bad.id in caplog.text
    assert "secret" not in caplog.text
    assert "poison" not in caplog.text

    backend.close()  # a restart comes back to it
    backend = open_current(indexes_in(tmp_path / "index", encoder), writable=True)
    projector = Projector(store, backend, faulty)
    projector.catch_up()
    assert list(projector.state().held) == [bad.id]
    faulty.fails_on = None
    projector.catch_up()
    assert projector.state().held == {}
    assert backend.watermark() == 4
    assert len(found(backend, "zebra")) == 4
    backend.close()


@pytest.mark.parametrize("end", ["delete", "replace"])
def test_a_held_record_is_let_go_when_it_changes(
    store: RecordStore, backend: EmbeddedBackend, encoder: Encoder, end: str
) -> None:
    faulty = FaultyEncoder(encoder)
    faulty.fails_on = "poison"
    projector = Projector(store, backend, faulty)
    store.add(Candidate(headline="fine"), "me")
    bad = store.add(Candidate(headline="poison"), "me")
    projector.catch_up()
    assert projector.state().held
    if end == "delete":
        store.delete(bad.id)
    else:
        store.replace(bad.id, Candidate(headline="remedy"), 1)
    projector.catch_up()
    assert projector.state().held == {}
    assert backend.watermark() == 3
    assert check_index(store, backend).missing == tuple(sorted(f"role:{n}" for n in range(1, 93)))


def test_an_unreadable_record_is_held(tmp_path: Path, encoder: Encoder) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'bole.db'}")
    store = RecordStore(database)
    bad, fine = store.put_many([Candidate(headline="a"), Candidate(headline="zebra")], "me")
    with database.writing() as connection:
        connection.execute(update(RECORD).where(RECORD.c.id == bad.id).values(body={"kind": "x"}))
    folder = rebuild(indexes_in(tmp_path / "index", encoder), store, encoder)
    backend = open_current(indexes_in(tmp_path / "index", encoder), writable=True)
    assert indexes_in(tmp_path / "index", encoder).current() == folder
    assert found(backend, "zebra") == {f"candidate:{fine.id}"}
    projector = Projector(store, backend, encoder)
    projector.catch_up()
    assert list(projector.state().held) == [bad.id]
    backend.close()
    database.close()


def test_when_everything_fails_nothing_is_skipped(
    store: RecordStore, backend: EmbeddedBackend, encoder: Encoder
) -> None:
    faulty = FaultyEncoder(encoder)
    faulty.fails_on = ""
    store.put_many([Candidate(headline="a"), Candidate(headline="b")], "me")
    projector = Projector(store, backend, faulty)
    with pytest.raises(MemoryError):
        projector.catch_up()
    assert backend.watermark() == 0
    assert projector.state() == module.ProjectorState(0, 2, {}, "")
    faulty.fails_on = None
    assert projector.catch_up() == 2


def test_an_index_of_other_records_is_refused(
    store: RecordStore, backend: EmbeddedBackend, encoder: Encoder
) -> None:
    backend.commit(10)
    with pytest.raises(IndexMismatchError, match="up to 10, the records end at 0"):
        Projector(store, backend, encoder).catch_up()


def test_stored_means_visible_within_a_second(
    store: RecordStore, backend: EmbeddedBackend, encoder: Encoder
) -> None:
    """Generous: the median of 7 within 1 s, without waking; asleep it looks every 0.3 s."""
    stop, wake = threading.Event(), threading.Event()
    projector = Projector(store, backend, encoder)
    thread = threading.Thread(target=projector.run_forever, args=(stop, wake))
    thread.start()
    waits = []
    try:
        for number in range(7):
            word = f"zebra{number}"
            store.add(Candidate(headline=word), "me")
            start = time.monotonic()
            while not found(backend, word):
                assert time.monotonic() - start < 10
                time.sleep(0.01)
            waits.append(time.monotonic() - start)
        start = time.monotonic()
    finally:
        stop.set()
        wake.set()
        thread.join(timeout=10)
    assert not thread.is_alive()
    assert time.monotonic() - start < 2
    assert sorted(waits)[3] < 1.0


def test_the_loop_survives_failures_and_says_so(
    store: RecordStore,
    backend: EmbeddedBackend,
    encoder: Encoder,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(module, "POLL_S", 0.01)
    faulty = FaultyEncoder(encoder)
    faulty.fails_on = ""
    stop, wake = threading.Event(), threading.Event()
    projector = Projector(store, backend, faulty)
    store.put_many([Candidate(headline="zebra"), Candidate(headline="zebra")], "me")
    thread = threading.Thread(target=projector.run_forever, args=(stop, wake))
    with caplog.at_level(logging.ERROR):
        thread.start()
        try:
            deadline = time.monotonic() + 10
            while projector.state().error == "" and time.monotonic() < deadline:
                time.sleep(0.01)
            assert "MemoryError" in projector.state().error
            assert found(backend, "zebra") == set()
            faulty.fails_on = None
            while len(found(backend, "zebra")) < 2 and time.monotonic() < deadline:
                time.sleep(0.01)
            while projector.state().error and time.monotonic() < deadline:
                time.sleep(0.01)
        finally:
            stop.set()
            wake.set()
            thread.join(timeout=10)
    assert len(found(backend, "zebra")) == 2
    assert projector.state().error == ""
    assert "failure 1 in a row" in caplog.text


def test_writers_and_the_loop_end_up_equal(
    store: RecordStore, backend: EmbeddedBackend, encoder: Encoder
) -> None:
    stop, wake = threading.Event(), threading.Event()
    projector = Projector(store, backend, encoder, batch=7)
    projector.ensure_roles()
    loop = threading.Thread(target=projector.run_forever, args=(stop, wake))
    loop.start()

    def write(number: int) -> None:
        for step in range(25):
            record = Candidate(key=f"k{step % 5}", headline=f"zebra {number} {step}")
            put = store.put_by_key(record, f"owner-{number}")
            wake.set()
            if step % 7 == 6:
                store.delete(put.id)

    writers = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    stop.set()
    wake.set()
    loop.join(timeout=20)
    projector.catch_up()
    assert check_index(store, backend).is_equal
    assert found(backend, "zebra") == {f"candidate:{record_id}" for record_id in store.sequences()}


def test_a_check_finds_every_sort_of_difference(
    store: RecordStore, backend: EmbeddedBackend, encoder: Encoder
) -> None:
    put = store.put_many([Candidate(headline=f"h{n}") for n in range(4)], "me")
    projector = Projector(store, backend, encoder)
    projector.ensure_roles()
    projector.catch_up()
    assert check_index(store, backend).is_equal
    store.replace(put[0].id, Candidate(headline="new"), 1)
    store.delete(put[1].id)
    store.add(Candidate(headline="another"), "me")
    assert check_index(store, backend).is_equal  # not yet applied is no difference
    backend.delete({f"candidate:{put[2].id}": 99, "role:7": 99})
    backend.commit(store.last_sequence())  # claims what it has not
    difference = check_index(store, backend)
    assert not difference.is_equal
    assert len(difference.missing) == 3
    assert difference.extra == (f"candidate:{put[1].id}",)
    assert difference.stale == (f"candidate:{put[0].id}",)


def test_an_index_is_made_once_and_only_by_a_writer(tmp_path: Path, encoder: Encoder) -> None:
    root = tmp_path / "index"
    with pytest.raises(IndexMissingError, match="bole index build"):
        open_current(indexes_in(root, encoder), writable=False)
    open_current(indexes_in(root, encoder), writable=True).close()
    first = indexes_in(root, encoder).current()
    reader = open_current(indexes_in(root, encoder), writable=False)
    assert indexes_in(root, encoder).current() == first
    reader.close()

    class OtherEncoder(FaultyEncoder):
        name = "other-1"

    with pytest.raises(IndexMismatchError, match="other-1"):
        open_current(indexes_in(root, OtherEncoder(encoder)), writable=True)


def test_rebuilding_switches_and_keeps_the_one_before(
    store: RecordStore, tmp_path: Path, encoder: Encoder
) -> None:
    root = tmp_path / "index"
    store.put_many([Candidate(headline=f"zebra {n}") for n in range(5)], "me")
    old = open_current(indexes_in(root, encoder), writable=True)
    before = indexes_in(root, encoder).current()
    seen: list[int] = []
    folder = rebuild(indexes_in(root, encoder), store, encoder, on_progress=seen.append)
    assert seen == [5]
    assert indexes_in(root, encoder).current() == folder != before
    assert indexes_in(root, encoder).previous() == before
    old.close()
    backend = open_current(indexes_in(root, encoder), writable=True)
    assert backend.watermark() == 5
    assert len(found(backend, "zebra")) == 5
    assert check_index(store, backend).is_equal
    store.add(Candidate(headline="zebra late"), "me")
    assert Projector(store, backend, encoder).catch_up() == 1
    backend.close()


def test_changes_during_a_rebuild_are_in(
    store: RecordStore, tmp_path: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BATCH", 2)
    monkeypatch.setattr(module, "REBUILD_COMMIT", 2)
    put = store.put_many([Candidate(headline=f"zebra {n}") for n in range(6)], "me")

    def meddle(read: int) -> None:
        if read == 2:
            store.delete(put[0].id)  # read already
            store.delete(put[5].id)  # not read yet
            store.replace(put[1].id, Candidate(headline="lion"), 1)
            store.add(Candidate(headline="lion"), "me")

    defaults = {**(Projector.__init__.__kwdefaults__ or {}), "batch": 2}
    monkeypatch.setattr(Projector.__init__, "__kwdefaults__", defaults)
    rebuild(indexes_in(tmp_path / "index", encoder), store, encoder, on_progress=meddle)
    backend = open_current(indexes_in(tmp_path / "index", encoder), writable=False)
    assert check_index(store, backend).is_equal
    assert backend.watermark() == store.last_sequence()
    assert len(found(backend, "zebra")) == 3
    assert len(found(backend, "lion")) == 2
    backend.close()


def test_a_new_index_that_differs_is_not_put_to_use(
    store: RecordStore, tmp_path: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.add(Candidate(headline="a"), "me")
    open_current(indexes_in(tmp_path / "index", encoder), writable=True).close()
    before = indexes_in(tmp_path / "index", encoder).current()
    monkeypatch.setattr(Projector, "ensure_roles", lambda _: 0)
    with pytest.raises(IndexMismatchError, match="92 are missing"):
        rebuild(indexes_in(tmp_path / "index", encoder), store, encoder)
    assert indexes_in(tmp_path / "index", encoder).current() == before


WORDS = ["zebra", "lion", "Java开发", "量子", "hangzhou"]
RECORDS = st.one_of(
    st.builds(Candidate, headline=st.sampled_from(WORDS), region=st.sampled_from([None, "330106"])),
    st.builds(Vacancy, title=st.sampled_from(WORDS), role=st.sampled_from([None, 1, 9])),
)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.integers(0, 4), RECORDS),
        st.tuples(st.just("delete"), st.integers(0, 4), st.none()),
        st.tuples(st.just("catch up"), st.just(0), st.none()),
        st.tuples(st.just("reopen"), st.just(0), st.none()),
    ),
    max_size=25,
)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
@given(steps=STEPS, batch=st.integers(1, 9))
def test_any_batch_size_gives_what_a_rebuild_gives(
    tmp_path_factory: pytest.TempPathFactory,
    encoder: Encoder,
    steps: Sequence[tuple[str, int, AnyRecord | None]],
    batch: int,
) -> None:
    folder = tmp_path_factory.mktemp("equal")
    database = open_database(f"sqlite:///{folder / 'bole.db'}")
    store = RecordStore(database)
    grown = open_current(indexes_in(folder / "index", encoder), writable=True)
    projector = Projector(store, grown, encoder, batch=batch)
    projector.ensure_roles()
    for action, number, record in steps:
        if record is not None:
            store.put_by_key(record.model_copy(update={"key": f"k{number}"}), "me")
        elif action == "delete":
            kept = store.page(limit=100).records
            if kept:
                store.delete(kept[number % len(kept)].id)
        elif action == "catch up":
            projector.catch_up()
        else:
            grown.close()
            grown = open_current(indexes_in(folder / "index", encoder), writable=True)
            projector = Projector(store, grown, encoder, batch=batch)
    projector.catch_up()
    rebuild(indexes_in(folder / "index", encoder), store, encoder)
    fresh = open_current(indexes_in(folder / "index", encoder), writable=False)
    assert contents(grown, encoder) == contents(fresh, encoder)
    assert check_index(store, grown).is_equal
    assert grown.watermark() == fresh.watermark() == store.last_sequence()
    grown.close()
    fresh.close()
    database.close()


def contents(backend: SearchBackend, encoder: Encoder) -> object:
    """Return all that an index answers, save for scores that count deleted documents."""
    ids = sorted(backend.doc_ids())
    query = encoder.encode_queries(["zebra 量子 Java开发"])[0]
    near = backend.nearest(query, EVERYTHING, 200)
    return (
        backend.get(ids),
        {word: found(backend, word) for word in ("zebra", "lion", "java", "量子", "开发")},
        [(hit.doc_id, round(hit.score, 4)) for hit in near],
        backend.facets(EVERYTHING, ["kind", "role", "region", "skill"], 500),
    )


def test_the_manifest_names_all_that_documents_come_from(encoder: Encoder) -> None:
    manifest = build_manifest(encoder)
    assert (manifest.model, manifest.dim) == ("hash-1", 16)
    assert manifest.tokeniser
    assert len(manifest.taxonomies) == 64
