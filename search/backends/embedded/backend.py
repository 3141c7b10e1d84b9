"""The default backend: tantivy for tokens, our rows for vectors, ids and counts; in one folder.

    manifest.json                what the index was built with
    tokens/                      the tantivy index; its commit is the index's commit
    vectors/generation-0000000n/ rows at one commit, never changed
    vectors/tail-0000000n.log    changes since

Any number of processes may read while one writes. A reader sees a commit when it calls `refresh`,
and then the same commit in both parts. See docs and tests for what a crash leaves (nothing unacked,
everything acked).
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tantivy
from tantivy import Occur, Query

from search.backends.base import (
    Document,
    IndexCorruptError,
    IndexLockedError,
    IndexMissingError,
    LexicalQuery,
    Manifest,
    ScoredDoc,
    Vector,
    check_document,
)
from search.backends.embedded.files import REMEDY, sync
from search.backends.embedded.generation import (
    Generation,
    read_generation,
    remove_generations,
)
from search.backends.embedded.lexical import best_ordinals
from search.backends.embedded.manifest import (
    MANIFEST,
    CommitRecord,
    check_manifest,
    write_manifest,
)
from search.backends.embedded.schema import (
    COMMIT,
    ID,
    MARKER,
    SOURCE,
    build_schema,
    commit_document,
    from_source,
    to_tantivy,
)
from search.backends.embedded.scoring import quantise, unit
from search.backends.embedded.soundness import row_problems, token_problems
from search.backends.embedded.tail import Change, Entry, append_change, log_path, read_changes
from search.backends.embedded.vectors import (
    RowStore,
    RowsView,
    VectorSettings,
)
from search.backends.filters import EVERYTHING, And, Filter, check_facets
from search.backends.ties import best_documents

#: Memory of tantivy's writer. One thread: a second would make two segments of every small commit,
#: and building the documents in Python keeps the other core busy.
WRITER_BYTES = 128_000_000
WRITER_THREADS = 1
#: Documents looked up at a time by `upsert`.
BATCH = 2_000
#: Times a reader looks for a newer commit when the files of the one it knew are gone.
FOLLOW_ATTEMPTS = 20

DEFAULT_SETTINGS = VectorSettings()


@dataclass(frozen=True)
class _Snapshot:
    """Both parts at one commit; a search uses one snapshot from beginning to end."""

    searcher: tantivy.Searcher
    rows: RowsView


class EmbeddedBackend:
    """A `SearchBackend` in a folder. Open it with `EmbeddedBackend.open`."""

    def __init__(
        self,
        folder: Path,
        manifest: Manifest,
        index: tantivy.Index,
        writer: tantivy.IndexWriter | None,
        settings: VectorSettings,
    ) -> None:
        self._folder = folder
        self._manifest = manifest
        self._schema = index.schema
        self._index: tantivy.Index | None = index
        self._writer = writer
        self._settings = settings
        self._lock = threading.RLock()
        self._store = RowStore(Generation.empty(manifest.dim), settings)
        self._record = CommitRecord()
        self._follow()
        self._committed = self._store.freeze()
        self._next_ordinal = self._record.next_ordinal
        self._logged_rows = len(self._store.tail)
        self._deleted: list[str] = []
        if writer is not None:
            # Left by a writer that did not come to its commit.
            remove_generations(folder / "vectors", {self._record.generation})
        self._snapshot: _Snapshot | None = _Snapshot(index.searcher(), self._committed)

    @property
    def name(self) -> str:
        """Which index it is: its folder's name."""
        return self._folder.name

    @classmethod
    def open(
        cls,
        folder: Path,
        manifest: Manifest,
        *,
        writable: bool,
        settings: VectorSettings = DEFAULT_SETTINGS,
    ) -> EmbeddedBackend:
        """Open an index, or create it where there is none and it may be written.

        Args:
            folder: of the index.
            manifest: what it must have been built with, or is to be built with.
            writable: whether to write; there can be one writer at a time, in all processes.
            settings: limits of the vector part.

        Raises:
            IndexMissingError: there is none, and it is only to be read.
            IndexMismatchError: it was built otherwise; the message names what differs.
            IndexCorruptError: a file is damaged or missing; the message names it.
            IndexLockedError: another writer has it open.
        """
        tokens = folder / "tokens"
        try:
            schema_digest = check_manifest(folder, manifest)
        except FileNotFoundError:
            if _has_commits(tokens):
                raise IndexCorruptError(f"{folder / MANIFEST} is missing; {REMEDY}") from None
            if not writable:
                raise IndexMissingError(
                    f"there is no index in {folder}; build it: bole index build"
                ) from None
            return cls._create(folder, manifest, settings)
        meta = tokens / "meta.json"
        try:
            intact = _schema_digest(tokens) == schema_digest
        except (OSError, ValueError, KeyError):
            intact = False
        if not intact:
            raise IndexCorruptError(f"{meta} is damaged or missing; {REMEDY}")
        try:
            index = tantivy.Index.open(str(tokens))
            index.config_reader("manual")  # only `refresh` moves what is read
        except BaseException as error:
            raise _token_error(tokens, error) from error
        writer = _lock_writer(index, folder) if writable else None
        return cls(folder, manifest, index, writer, settings)

    @classmethod
    def _create(cls, folder: Path, manifest: Manifest, settings: VectorSettings) -> EmbeddedBackend:
        tokens = folder / "tokens"
        tokens.mkdir(parents=True, exist_ok=True)
        (folder / "vectors").mkdir(exist_ok=True)
        index = tantivy.Index(build_schema(), path=str(tokens))
        index.config_reader("manual")
        writer = _lock_writer(index, folder)
        # The manifest comes last: a folder without one is a creation that did not get here.
        write_manifest(folder, manifest, _schema_digest(tokens))
        sync(folder)
        return cls(folder, manifest, index, writer, settings)

    # Writing

    def upsert(self, documents: Iterable[Document]) -> int:
        """Add or replace documents; return how many were applied. See `SearchBackend.upsert`.

        A bulk load is one commit at its end, or few: each that passes the limit for the tail writes
        all rows anew. Memory stays bounded (see `VectorSettings.staged_rows`).
        """
        writer = self._writing()
        applied = 0
        batch: dict[str, Document] = {}
        try:
            for document in documents:
                check_document(document, self._manifest.dim)
                if len(batch) >= BATCH or document.doc_id in batch:
                    full, batch = batch, {}
                    applied += self._apply(writer, full)
                batch[document.doc_id] = document
        finally:
            applied += self._apply(writer, batch)
        return applied

    def delete(self, sequences: Mapping[str, int]) -> int:
        """Remove documents; return how many were there. See `SearchBackend.delete`."""
        writer = self._writing()
        with self._lock:
            stored = self._store.sequences(list(sequences))
            deleted = self._store.delete(
                [
                    doc_id
                    for (doc_id, at), held in zip(sequences.items(), stored, strict=True)
                    if held is not None and held <= at
                ]
            )
            for doc_id in deleted:
                writer.delete_documents_by_term(ID, doc_id)
            self._deleted.extend(deleted)
        return len(deleted)

    def commit(self, watermark: int) -> None:
        """Make all writes durable with the watermark, atomically. See `SearchBackend.commit`."""
        writer = self._writing()
        with self._lock:
            self._commit(writer, watermark, fold=self._store.needs_fold)

    def purge(self) -> bool:
        """Write both parts anew from what lives. See `SearchBackend.purge`."""
        writer = self._writing()
        with self._lock:
            self.refresh()
            searcher = self._current().searcher
            base = self._store.fold(self._folder / "vectors", self._next_generation())
            self._store = RowStore(base, self._settings)
            self._logged_rows, self._deleted = 0, []
            writer.delete_all_documents()
            for start in range(0, len(base), BATCH):
                # What is read is the commit before, which stays as it is until the next.
                ids = [name.decode() for name in base.ids[start : start + BATCH].tolist()]
                held = self._documents(searcher, ids)
                ordinals = base.ordinals[start : start + BATCH].tolist()
                for name, ordinal in zip(ids, ordinals, strict=True):
                    writer.add_document(to_tantivy(held[name], ordinal))
            del searcher
            self._commit(writer, self._record.watermark, fold=False)
            remove_generations(self._folder / "vectors", {self._record.generation})
            self.refresh()
            writer.garbage_collect_files()
        return True

    def _commit(self, writer: tantivy.IndexWriter, watermark: int, *, fold: bool) -> None:
        vectors = self._folder / "vectors"
        with self._lock:
            store = self._store
            if fold:
                store = RowStore(store.fold(vectors, self._next_generation()), self._settings)
            # A generation that no commit has named yet begins with an empty log.
            is_same = store.base.number == self._record.generation
            log_bytes = self._record.log_bytes if is_same else 0
            if store is self._store and (self._deleted or len(store.tail) > self._logged_rows):
                change = Change(self._deleted, *store.tail.living_since(self._logged_rows))
                log_bytes = append_change(log_path(vectors, store.base.number), log_bytes, change)
            record = CommitRecord(
                watermark,
                self._record.number + 1,
                store.base.number,
                store.base.digest,
                log_bytes,
                store.count,
                self._next_ordinal,
            )
            writer.delete_documents_by_term(MARKER, COMMIT)
            writer.add_document(commit_document(record.to_bytes()))
            writer.commit()  # the commit point: before it nothing, after it everything
            if not is_same:
                # The one before stays for readers that are about to open it.
                remove_generations(vectors, {store.base.number, self._record.generation})
            self._store = store
            self._record = record
            self._logged_rows = len(store.tail)
            self._deleted = []
            self._committed = store.freeze()

    def _apply(self, writer: tantivy.IndexWriter, batch: dict[str, Document]) -> int:
        if not batch:
            return 0
        with self._lock:
            entries: list[Entry] = []
            vectors = np.zeros((len(batch), self._manifest.dim), dtype=np.float32)
            stored = self._store.sequences(list(batch))
            for document, sequence in zip(batch.values(), stored, strict=True):
                if sequence is not None:
                    if sequence > document.sequence:
                        continue
                    # Only what is there is deleted: each deletion costs a search in every segment.
                    writer.delete_documents_by_term(ID, document.doc_id)
                writer.add_document(to_tantivy(document, self._next_ordinal))
                if document.vector is not None:
                    vectors[len(entries)] = document.vector
                entries.append(
                    Entry(
                        document.doc_id,
                        document.sequence,
                        self._next_ordinal,
                        document.attributes,
                    )
                )
                self._next_ordinal += 1
            self._store.add(entries, quantise(vectors[: len(entries)]))
            if len(self._store.tail) > self._settings.staged_rows:
                self._write_out()
        return len(entries)

    def _write_out(self) -> None:
        """Move what waits for a commit from memory to a generation that no commit names yet."""
        parent = self._folder / "vectors"
        base = self._store.fold(parent, self._next_generation(), with_lists=False)
        self._store = RowStore(base, self._settings)
        self._logged_rows = 0
        self._deleted = []  # the generation is without them
        remove_generations(parent, {base.number, self._record.generation})

    def _next_generation(self) -> int:
        return max(self._store.base.number, self._record.generation) + 1

    # Following commits

    def watermark(self) -> int:
        """Return the outbox sequence of the last commit known here; 0 for a new index."""
        return self._record.watermark

    def refresh(self) -> None:
        """Let later reads see what was committed, by this process or another."""
        with self._lock:
            index = self._opened()
            if self._writer is not None:
                index.reload()
            elif self._follow():
                self._committed = self._store.freeze()
            self._snapshot = _Snapshot(index.searcher(), self._committed)

    def _follow(self) -> bool:
        """Bring the rows to the last commit of the token index; say whether there was a new one."""
        index = self._opened()
        tokens = self._folder / "tokens"
        vectors = self._folder / "vectors"
        missing: tuple[CommitRecord, str] | None = None
        for _ in range(FOLLOW_ATTEMPTS):
            try:
                index.reload()
                record = _read_record(index.searcher(), tokens)
            except IndexCorruptError:
                raise
            except BaseException as error:
                raise _token_error(tokens, error) from error
            if record == self._record:
                return False
            store, start = self._store, self._record.log_bytes
            try:
                if (record.generation, record.digest) != (store.base.number, store.base.digest):
                    store = RowStore(
                        read_generation(vectors, record.generation, record.digest), self._settings
                    )
                    start = 0
                log = log_path(vectors, record.generation)
                changes = list(read_changes(log, start, record.log_bytes, self._manifest.dim))
            except FileNotFoundError as error:
                if missing is not None and missing[0] == record:
                    raise IndexCorruptError(f"{missing[1]} is missing; {REMEDY}") from error
                missing = (record, str(error.filename))
                continue  # a writer has moved on between the two reads
            for change in changes:
                store.apply(change)
            if store.count != record.documents:
                raise IndexCorruptError(
                    f"{vectors} has {store.count} documents, the last commit wrote "
                    f"{record.documents}; {REMEDY}"
                )
            self._store, self._record = store, record
            return True
        raise IndexCorruptError(
            f"{vectors} was rewritten {FOLLOW_ATTEMPTS} times while it was opened; try again"
        )

    # Reading

    def lexical(self, query: LexicalQuery, condition: Filter, k: int) -> list[ScoredDoc]:
        """Return the k best by BM25 among those that pass. See `SearchIndex.lexical`."""
        snapshot = self._current()
        if k < 1:
            return []
        ordinals, scores = best_ordinals(
            self._schema, snapshot.searcher, snapshot.rows, query, condition, k
        )
        return best_documents(snapshot.rows.ids_of_ordinals(ordinals), scores, k)

    def nearest(self, vector: Vector, condition: Filter, k: int) -> list[ScoredDoc]:
        """Return the k nearest by cosine among those that pass. See `SearchIndex.nearest`."""
        rows = self._current().rows
        query = self._unit_query(vector)
        if query is None or k < 1:
            return []
        return rows.nearest(query, condition, k)

    def similarities(
        self, vector: Vector, doc_ids: Sequence[str], condition: Filter = EVERYTHING
    ) -> dict[str, float]:
        """Return the cosine to each named document that passes and has a vector."""
        rows = self._current().rows
        query = self._unit_query(vector)
        return {} if query is None else rows.similarities(query, doc_ids, condition)

    def get(self, doc_ids: Sequence[str]) -> dict[str, Document]:
        """Return sequence and attributes by id; unknown ids are left out."""
        snapshot = self._current()
        known = snapshot.rows.known(doc_ids)
        return self._documents(snapshot.searcher, known) if known else {}

    def count(self, condition: Filter) -> int:
        """Return how many documents pass the filter."""
        return self._current().rows.count_passing(condition)

    def facets(
        self,
        condition: Filter,
        fields: Sequence[str],
        size: int,
        selected: Mapping[str, Filter] | None = None,
    ) -> dict[str, dict[str, int]]:
        """Return the most frequent values of keyword fields. See `SearchIndex.facets`.

        Counted over the columns, not by tantivy's aggregation, which gives up at 65,000 values
        and leaves open which of several equally frequent values it returns.
        """
        rows = self._current().rows
        check_facets(fields)
        chosen = selected or {}
        totals: dict[str, dict[str, int]] = {}
        for field in chosen.keys() & set(fields):
            others = [part for name, part in chosen.items() if name != field]
            totals |= rows.counts(And((condition, *others)), [field])
        rest = [field for field in fields if field not in chosen]
        if rest:
            totals |= rows.counts(And((condition, *chosen.values())), rest)
        return {
            field: dict(
                sorted(totals[field].items(), key=lambda item: (-item[1], item[0]))[: max(size, 0)]
            )
            for field in fields
        }

    def doc_ids(self) -> set[str]:
        """Return every id in the index."""
        return self._current().rows.ids()

    def verify(self) -> list[str]:
        """Read every file of the last commit and compare both parts; return what is wrong.

        Costs a pass over the whole folder. An empty list means that every byte is as written and
        that both parts hold the same documents.
        """
        with self._lock:
            self.refresh()
            snapshot = self._current()
            record = self._record
        problems = list(row_problems(self._folder / "vectors", record, self._manifest.dim))
        tokens = self._folder / "tokens"
        try:
            check_manifest(self._folder, self._manifest)
            problems += token_problems(tokens)
        except (OSError, ValueError, KeyError, IndexCorruptError) as error:
            problems.append(f"{error}; {REMEDY}")
        if problems:
            return problems  # the comparison below would read the damaged files
        everything = Query.boolean_query(
            [
                (Occur.Must, Query.all_query()),
                (Occur.MustNot, Query.term_query(self._schema, MARKER, COMMIT, "basic")),
            ]
        )
        counts = snapshot.searcher.terms_with_prefix(ID, "", everything)
        in_tokens = {doc_id: count for doc_id, count in counts if count}
        in_rows = snapshot.rows.ids()
        for doc_id in sorted(in_tokens.keys() ^ in_rows)[:10]:
            part = "rows" if doc_id in in_tokens else "tokens"
            problems.append(f"{doc_id} is missing from the {part}; {REMEDY}")
        problems += [
            f"{doc_id} is {count} times in the tokens; {REMEDY}"
            for doc_id, count in in_tokens.items()
            if count > 1
        ]
        return problems

    def close(self) -> None:
        """Wait for background merges and release files and lock; what is uncommitted is dropped."""
        with self._lock:
            writer, self._writer = self._writer, None
            self._snapshot = None
            self._index = None
            if writer is not None:
                writer.wait_merging_threads()

    def _documents(self, searcher: tantivy.Searcher, known: list[str]) -> dict[str, Document]:
        query = Query.term_set_query(self._schema, ID, known)
        hits = searcher.search(query, len(known), count=False).hits
        documents = (
            from_source(bytes(searcher.doc(address).get_first(SOURCE) or b""))
            for _, address in hits
        )
        return {document.doc_id: document for document in documents}

    def _opened(self) -> tantivy.Index:
        if self._index is None:
            raise RuntimeError(f"the index in {self._folder} was closed")
        return self._index

    def _current(self) -> _Snapshot:
        snapshot = self._snapshot
        if snapshot is None:
            raise RuntimeError(f"the index in {self._folder} was closed")
        return snapshot

    def _writing(self) -> tantivy.IndexWriter:
        self._opened()
        if self._writer is None:
            raise RuntimeError(f"the index in {self._folder} was opened for reading only")
        return self._writer

    def _unit_query(self, vector: Vector) -> Vector | None:
        if vector.shape != (self._manifest.dim,) or not np.isfinite(vector).all():
            raise ValueError(
                f"query vector of shape {vector.shape}; wanted {self._manifest.dim} finite numbers"
            )
        return unit(vector) if vector.any() else None


def _lock_writer(index: tantivy.Index, folder: Path) -> tantivy.IndexWriter:
    try:
        return index.writer(WRITER_BYTES, WRITER_THREADS)
    except ValueError as error:
        if "LockBusy" not in str(error):
            raise
        raise IndexLockedError(
            f"{folder} is being written by another process (or another object of this one); "
            "there can be one writer at a time, readers are not affected"
        ) from error


def _read_record(searcher: tantivy.Searcher, tokens: Path) -> CommitRecord:
    if searcher.num_docs == 0:
        return CommitRecord()
    query = Query.term_query(build_schema(), MARKER, COMMIT, "basic")
    hits = searcher.search(query, 2, count=False).hits
    if len(hits) != 1:
        raise IndexCorruptError(f"{tokens} holds {len(hits)} commit records instead of 1; {REMEDY}")
    return CommitRecord.from_bytes(bytes(searcher.doc(hits[0][1]).get_first(SOURCE) or b""))


def _has_commits(tokens: Path) -> bool:
    """Say whether the folder of a token index holds anything that was committed."""
    return any(tokens.glob("*.store")) if tokens.exists() else False


def _schema_digest(tokens: Path) -> str:
    """Return the SHA-256 of the schema in tantivy's `meta.json`."""
    schema = json.loads((tokens / "meta.json").read_bytes())["schema"]
    return hashlib.sha256(json.dumps(schema, sort_keys=True).encode()).hexdigest()


def _token_error(tokens: Path, error: BaseException) -> BaseException:
    """Return what to raise for an error out of tantivy, which on damage may also panic."""
    is_panic = type(error).__name__ == "PanicException"
    if isinstance(error, Exception) or is_panic:
        return IndexCorruptError(f"{tokens} cannot be read: {error}; {REMEDY}")
    return error
