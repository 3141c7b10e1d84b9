"""The projector: keeps an index equal to the records.

It applies outbox rows in order and stores the last number applied *in the index*, in the same
commit. Applying is by state (each record as it is now), so that doing it twice does nothing more,
and a crash anywhere costs a repetition at most.

A record that cannot be made into a document (a fault of ours) does not stop the others: it is held
back, reported and tried again; the stored number stays below it until it is in, so that a restart
comes back to it.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ingest.documents import build_document, doc_id, document_passages, role_document
from ingest.preparation import MANY, Prepared, prepared_ahead
from search.backends.base import (
    Document,
    DocumentsRefusedError,
    IndexMismatchError,
    IndexMovedError,
    IndexUnavailableError,
    SearchBackend,
    check_document,
)
from search.backends.filters import Term
from search.embedding.base import Encoder
from search.embedding.passages import encode_passages
from search.monitoring import Observer, unobserved
from search.records.errors import OutboxPrunedError
from taxonomies.catalogue import load_catalogue

if TYPE_CHECKING:
    # The database library is not needed to open an index for reading.
    from search.records.store import Change, RecordStore

#: Outbox rows applied between two commits.
BATCH = 500
#: Documents in one call of the encoder: some seconds at most between two reports of progress.
STEP = 50
#: How often the outbox is looked at when nobody wakes the projector.
POLL_S = 0.3
#: How often a projector that has nothing to do asks whether another index was put to use.
FOLLOW_S = 2.0
#: Longest pause after repeated failures.
LONGEST_PAUSE_S = 30.0
#: How long a record that was held back rests before it is tried again.
HELD_PAUSE_S = 30.0
#: A text on which no encoder that works can fail.
PROBE = "Java"
#: How often the outbox is told how far the index is, so that it keeps what the index lacks.
REPORT_S = 60.0
#: How often the outbox is relieved of what every index has passed.
PRUNE_S = 3600.0
#: Changes so young stay in the outbox: an index restored from a copy of these days catches up.
LEAST_AGE_DAYS = 3.0
#: Documents between commits of a rebuild; the index asks for about that many.
REBUILD_COMMIT = 100_000
#: How soon it is tried again where a server still held something.
PURGE_AGAIN_S = 10.0
#: Share of its time that the index may spend on losing what was erased.
PURGE_SHARE = 0.05

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ProjectorState:
    """How far the index is.

    Attributes:
        position: outbox number up to which rows were applied.
        behind: outbox numbers not yet applied.
        held: record id to the reason why it is not in the index.
        error: the last failure since the last success, or "".
    """

    position: int
    behind: int
    held: dict[str, str]
    error: str


@dataclass
class _Held:
    """A record held back since an outbox number, and why."""

    sequence: int
    reason: str


@dataclass
class _Work:
    """A batch, sorted by what is to be done."""

    documents: list[Document] = field(default_factory=list)
    passages: list[tuple[str, ...]] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    gone: dict[str, int] = field(default_factory=dict)


class Projector:
    """Applies changes of the records to one index.

    Args:
        store: the records.
        backend: the index, open for writing, built with `ingest.building.build_manifest`.
        encoder: makes the vectors.
        batch: outbox rows at a time.
        consumer: gives the name under which the outbox knows the index that `backend` stands for
            now (`Indexes.consumer`); None tells the outbox nothing.
        observe: is told of commits and failures.
    """

    def __init__(
        self,
        store: RecordStore,
        backend: SearchBackend,
        encoder: Encoder,
        *,
        batch: int = BATCH,
        consumer: Callable[[], str] | None = None,
        observe: Observer = unobserved,
    ) -> None:
        self._store = store
        self._backend = backend
        self._encoder = encoder
        self._batch = batch
        self._consumer = consumer
        self._observe = observe
        self._lock = threading.Lock()
        self._position = backend.watermark()
        self._held: dict[str, _Held] = {}
        self._uncommitted: dict[str, Change] = {}
        self._held_until = 0.0
        self._reported = self._pruned = self._followed_at = -math.inf
        self._is_checked = False
        # Something was erased, now or shortly before this began, and may still lie in the files.
        self._leaves_traces = store.has_deletions()
        self._has_removed = False
        self._purge_from = -math.inf
        self._error = ""

    def ensure_roles(self) -> int:
        """Index the catalogue's rows where they are missing; return how many were written.

        They come with the release, which the manifest names, so an index that has them has the
        right ones. The watermark stays.
        """
        roles = load_catalogue().roles
        with self._lock:
            if self._backend.count(Term("kind", ("role",))) == len(roles):
                return 0
            vectors = encode_passages(self._encoder, [document_passages(role) for role in roles])
            self._backend.upsert(
                replace(role_document(role), vector=vector)
                for role, vector in zip(roles, vectors, strict=True)
            )
            self._backend.commit(self._backend.watermark())
            self._backend.refresh()
            return len(roles)

    def catch_up(self, on_progress: Callable[[int, int], None] | None = None) -> int:
        """Apply everything that the index does not have yet; return how many changes that were.

        Args:
            on_progress: told, in outbox numbers, how far this call is and how far it has to go.

        Raises:
            IndexMismatchError: the index is ahead of the records, so it belongs to others.
        """
        with self._lock:
            self._refuse_other_records()
            while True:
                try:
                    return self._catch_up(on_progress)
                except IndexMovedError as moved:
                    self._begin_again()
                    _log.info("%s; going on from change %d", moved, self._position)
                except BaseException:
                    self._begin_again()
                    raise

    def run_forever(
        self,
        stop: threading.Event,
        wake: threading.Event,
        is_in_charge: Callable[[], bool] = lambda: True,
    ) -> None:
        """Keep catching up until told to stop: the body of a server's thread.

        A failure is logged and tried again, with pauses that double; nothing is skipped. Ends also
        where the outbox no longer has what the index lacks, which only a new index helps.

        Args:
            stop: ends the loop, at the latest `POLL_S` (or a pause) after.
            wake: set by whoever has just stored something; spares the wait for the next look.
            is_in_charge: asked before each look; ends the loop when another is.
        """
        failures = 0
        while not stop.is_set() and is_in_charge():
            wake.clear()
            try:
                self.catch_up()
                self.purge()
                self._keep_books()
            except OutboxPrunedError as error:
                _log.warning("the index cannot catch up any more: %s", error)
                return
            except BaseException as error:
                # tantivy reports its panics as an exception that is no `Exception`.
                if not isinstance(error, Exception) and not _is_panic(error):
                    raise
                failures += 1
                pause = min(POLL_S * 2.0**failures, LONGEST_PAUSE_S)
                self._error = f"{type(error).__name__}: {error}"
                self._observe("projector_failures_total")
                _log.exception(
                    "the index could not be brought up to the records from change %d on; "
                    "trying again in %.1f s (failure %d in a row)",
                    self._position,
                    pause,
                    failures,
                )
                stop.wait(pause)
            else:
                failures, self._error = 0, ""
                wake.wait(POLL_S)

    def purge(self, *, now: bool = False) -> None:
        """Let the index's files lose what was erased, when they have to.

        Args:
            now: at once; otherwise so that the index spends a `PURGE_SHARE` of its time on it at most.

        Raises:
            IndexUnavailableError: a server did not do it; it is tried again.
        """
        begun = time.monotonic()
        if not self._leaves_traces or (begun < self._purge_from and not now):
            return
        with self._lock:
            self._leaves_traces = not self._backend.purge()
        # Readers may have kept the log from being emptied when the person was erased.
        self._store.checkpoint()
        ended = time.monotonic()
        pause = PURGE_AGAIN_S if self._leaves_traces else 0.0
        self._purge_from = ended + max((ended - begun) / PURGE_SHARE, pause)

    def state(self) -> ProjectorState:
        """Return how far the index is, for a health check."""
        position = self._position
        held = {record_id: entry.reason for record_id, entry in list(self._held.items())}
        behind = max(self._store.last_sequence() - position, 0)
        return ProjectorState(position, behind, held, self._error)

    def apply_all(self, on_progress: Callable[[int], None] | None = None) -> int:
        """Index every record, whatever the outbox says, then catch up; for a new index.

        Args:
            on_progress: told the number of records read so far.
        """
        with self._lock:
            start = self._store.last_sequence()
            # From here on it will follow, however long the records take.
            self._report(start)
            read, uncommitted = 0, 0
            for changes, prepared in self._batches():
                for step in _steps(changes):
                    self._apply(step, prepared)
                    read += len(step)
                    if on_progress is not None:
                        on_progress(read)
                uncommitted += len(changes)
                if uncommitted >= REBUILD_COMMIT:
                    # Not complete, so the number stays: an index that ends here begins anew.
                    self._commit(0)
                    uncommitted = 0
            self._commit(start)
        return read + self.catch_up()

    def _batches(self) -> Iterator[tuple[Sequence[Change], Mapping[str, Prepared]]]:
        """Yield all records in batches, prepared by other processes where there are many."""
        if self._store.count() >= MANY:
            yield from prepared_ahead(self._records())
        else:
            for changes in self._records():
                yield changes, {}

    def _records(self) -> Iterator[Sequence[Change]]:
        last = ""
        while changes := self._store.records_after(last, self._batch):
            yield changes
            last = changes[-1].record_id

    def _catch_up(self, on_progress: Callable[[int, int], None] | None) -> int:
        applied = self._retry_held()
        start = self._position
        while True:
            changes = self._store.changes_after(self._position, self._batch)
            if changes.upto == self._position:
                self._follow()
                return applied
            for step in _steps(changes.rows):
                applied += self._apply(step)
                if on_progress is not None:
                    on_progress(step[-1].sequence - start, self._store.last_sequence() - start)
            self._commit(changes.upto)

    def _keep_books(self) -> None:
        """Tell the outbox now and then how far the index is, and let it drop what is not needed."""
        now = time.monotonic()
        if self._consumer is None or now - self._reported < REPORT_S:
            return
        self._report(self._backend.watermark())
        self._reported = now
        if now - self._pruned >= PRUNE_S:
            removed = self._store.prune_outbox(least_age_days=LEAST_AGE_DAYS)
            self._pruned = now
            if removed:
                _log.info("%d changes that every index has were removed from the outbox", removed)

    def _report(self, position: int) -> None:
        if self._consumer is not None:
            self._store.report_position(self._consumer(), position)

    def _follow(self) -> None:
        """See whether another index was put to use, since where nothing changes no commit tells.

        Raises:
            IndexMovedError: it was.
        """
        if time.monotonic() - self._followed_at < FOLLOW_S:
            return
        self._followed_at = time.monotonic()
        # There is nothing to write, so that it cannot be asked is no failure of ours.
        with suppress(IndexUnavailableError):
            self._backend.refresh()

    def _begin_again(self) -> None:
        """Go back to what is durable, whatever became of what was not committed."""
        self._position = self._backend.watermark()
        self._held.clear()
        self._uncommitted.clear()

    def _refuse_other_records(self) -> None:
        if self._is_checked:
            return
        reached, last = self._backend.watermark(), self._store.last_sequence()
        if reached > last:
            raise IndexMismatchError(
                f"the index has changes up to {reached}, the records end at {last}: it was built "
                "from other records, or these were restored from an older copy. Build a new index: "
                "bole index build"
            )
        self._is_checked = True

    def _retry_held(self) -> int:
        if not self._held or time.monotonic() < self._held_until:
            return 0
        rows = [
            row
            for entry in list(self._held.values())
            for row in self._store.changes_after(entry.sequence - 1, 1).rows
        ]
        self._held_until = time.monotonic() + HELD_PAUSE_S
        applied = self._apply(rows)
        if applied:
            self._commit(self._position)
        return applied

    def _commit(self, position: int) -> None:
        """Commit with the number below which nothing is missing; then it counts as applied."""
        try:
            self._backend.commit(self._complete_up_to(position))
        except DocumentsRefusedError as error:
            for name, reason in error.reasons.items():
                if (change := self._uncommitted.get(name)) is None:
                    raise  # a catalogue row: nothing works without
                self._hold(change, f"the index refuses it: {reason}")
            self._backend.commit(self._complete_up_to(position))
        self._observe("projector_commits_total")
        self._observe("projector_applied_total", float(len(self._uncommitted)))
        self._uncommitted.clear()
        self._backend.refresh()
        self._position = position
        self._leaves_traces |= self._has_removed
        self._has_removed = False

    def _complete_up_to(self, position: int) -> int:
        return min([position, *(entry.sequence - 1 for entry in self._held.values())])

    def _apply(
        self, changes: Iterable[Change], prepared: Mapping[str, Prepared] | None = None
    ) -> int:
        """Write changes to the index, uncommitted; return how many were written."""
        work = _Work()
        for change in changes:
            self._sort(change, work, (prepared or {}).get(change.record_id))
        vectors = self._encoded(work)
        documents = [
            replace(document, vector=vector)
            for document, vector in zip(work.documents, vectors, strict=True)
            if vector is not None
        ]
        self._backend.upsert(documents)
        if self._backend.delete(work.gone):
            self._has_removed = True
        self._uncommitted |= {
            doc_id(change.kind, change.record_id): replace(change, stored=None)
            for change in work.changes
        }
        return len(documents) + len(work.gone)

    def _sort(self, change: Change, work: _Work, prepared: Prepared | None) -> None:
        """Put a change where it belongs; one that makes no document is held back."""
        if change.problem:
            self._hold(change, change.problem)
        elif change.stored is None:
            work.gone[doc_id(change.kind, change.record_id)] = change.sequence
            self._held.pop(change.record_id, None)
        else:
            try:
                if prepared is None:
                    stored = change.stored
                    prepared = Prepared(build_document(stored), document_passages(stored.record))
                check_document(prepared.document, self._encoder.dim)
            except Exception as error:  # a fault of ours must not stop everybody else's records
                self._hold_for(change, error)
            else:
                work.documents.append(prepared.document)
                work.passages.append(prepared.passages)
                work.changes.append(change)
                self._held.pop(change.record_id, None)

    def _encoded(self, work: _Work) -> Sequence[NDArray[np.float32] | None]:
        """Return the vectors of a batch; None for a text that the encoder fails on."""
        if not work.passages:
            return []
        try:
            return list(encode_passages(self._encoder, work.passages))
        except Exception:
            # Is it the encoder or one of the documents? If it fails on this as well, nothing is held.
            self._encoder.encode_documents([PROBE])
            _log.warning(
                "the encoder failed on a batch of %d; going one by one", len(work.passages)
            )
        vectors: list[NDArray[np.float32] | None] = []
        for change, passages in zip(work.changes, work.passages, strict=True):
            try:
                vectors.append(encode_passages(self._encoder, [passages])[0])
            except Exception as error:  # as in `_sort`
                self._hold_for(change, error)
                vectors.append(None)
        return vectors

    def _hold_for(self, change: Change, error: Exception) -> None:
        # What the error says may quote the record, which belongs in no log.
        self._hold(change, f"{type(error).__name__} while it was made into a document")
        _log.debug("record %s", change.record_id, exc_info=error)

    def _hold(self, change: Change, reason: str) -> None:
        if change.record_id not in self._held:
            self._held_until = time.monotonic() + HELD_PAUSE_S
            _log.error("record %s is not in the index: %s", change.record_id, reason)
        earlier = self._held.get(change.record_id)
        sequence = min(change.sequence, earlier.sequence) if earlier else change.sequence
        self._held[change.record_id] = _Held(sequence, reason)


def _steps(changes: Sequence[Change]) -> Iterator[Sequence[Change]]:
    for start in range(0, len(changes), STEP):
        yield changes[start : start + STEP]


def _is_panic(error: BaseException) -> bool:
    return type(error).__name__ == "PanicException"
