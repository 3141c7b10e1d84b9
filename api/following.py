"""The thread of a server that keeps an index open and equal to the records.

One process leads: it is the projector. The others read along and see its commits; when the leader is
gone, one of them takes its place. Whatever fails (no server, no model, no room) is logged and tried
again; searches meanwhile say so, or go on with the index at hand.
"""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING

from api.assembly import IndexNotReadyError, IndexState, Readiness, state_of
from ingest.building import open_current
from search.backends.base import IndexMissingError, SearchBackend
from search.backends.filters import EVERYTHING

if TYPE_CHECKING:
    from api.assembly import Bole
    from ingest.projector import Projector

#: How often a reader looks for a new commit.
REFRESH_S = 0.3
#: How often a reader tries to take the leader's place, and a leader asks whether it still is.
ROLE_S = 2.0
#: Pauses after failures double up to this.
LONGEST_PAUSE_S = 30.0
#: How long an index that was replaced stays open for the searches that are on their way.
GRACE_S = 5.0

_log = logging.getLogger(__name__)


class Following:
    """Keeps one index open for a server.

    Args:
        bole: what opens it.
    """

    def __init__(self, bole: Bole) -> None:
        self._bole = bole
        self._stop, self._wake = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="projector", daemon=True)
        self._at_hand: SearchBackend | None = None
        self._projector: Projector | None = None
        self._failure: BaseException | None = None
        self._asked = 0.0

    def start(self) -> None:
        """Begin; return at once."""
        self._thread.start()

    def wake(self) -> None:
        """Tell that a record was just stored."""
        self._wake.set()

    def stop(self) -> None:
        """End the thread and close the index."""
        self._stop.set()
        self._wake.set()
        self._thread.join(timeout=30)
        if self._at_hand is not None:
            self._at_hand.close()

    def backend(self) -> SearchBackend:
        """Return the index at hand.

        Raises:
            IndexNotReadyError: there is none yet; the message says why.
        """
        if self._at_hand is not None:
            return self._at_hand
        if self._failure is not None:
            raise IndexNotReadyError(f"the index cannot be opened: {self._failure}")
        raise IndexNotReadyError("the index is being opened; try again in some seconds")

    def projector(self) -> Projector:
        """Return the projector of this process.

        Raises:
            IndexNotReadyError: this process does not lead.
        """
        if self._projector is None:
            raise IndexNotReadyError("this process does not write to the index")
        return self._projector

    def readiness(self, last_change: int) -> Readiness:
        """Return how far the index is.

        Args:
            last_change: number of the last change of the records.
        """
        backend, projector = self._at_hand, self._projector
        if backend is None:
            state = "starting" if self._failure is None else state_of(self._failure)
            return Readiness(state, last_change=last_change)
        try:
            documents = backend.count(EVERYTHING)
        except Exception as error:
            return Readiness(state_of(error), last_change=last_change)
        if projector is None:
            seen = backend.watermark()
            # More may have been stored, and indexed, since the number was read.
            if seen > last_change and seen > (last_change := self._bole.store.last_sequence()):
                # These records were restored from an older copy, say.
                return Readiness("mismatched", documents, seen, last_change)
            behind: IndexState = "catching-up" if seen < last_change else "ready"
            return Readiness(behind, documents, seen, last_change)
        found = projector.state()
        state = "failed" if found.error else "catching-up" if found.behind else "ready"
        return Readiness(state, documents, found.position, last_change, len(found.held))

    def _run(self) -> None:
        failures = 0
        while not self._stop.is_set():
            try:
                if not (self._bole.settings.projects and self._lead()):
                    self._read_along()
            except BaseException as error:
                # tantivy reports its panics as an exception that is no `Exception`.
                if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
                    raise
                is_new = self._failure is None or str(error) != str(self._failure)
                self._failure = error
                failures += 1
                pause = min(REFRESH_S * 2.0**failures, LONGEST_PAUSE_S)
                if is_new:
                    _log.exception("the index cannot be opened; trying again in %.1f s", pause)
                else:
                    _log.warning("the index still cannot be opened: %s", type(error).__name__)
                self._stop.wait(pause)
            else:
                failures = 0

    def _lead(self) -> bool:
        """Be the projector until told to stop or until another is; False where another is already."""
        led = self._bole.lead()
        if led is None:
            return False
        backend, self._projector = led
        name = self._bole.indexes.current()
        self._use(backend)
        self._asked = time.monotonic()
        try:
            self._projector.run_forever(self._stop, self._wake, lambda: self._still_leads(name))
        finally:
            self._projector = None
            if not self._stop.is_set():
                # Whoever opens the folder next needs the writer's lock, which this one holds.
                self._at_hand = None
                self._stop.wait(GRACE_S)
                backend.close()
        return True

    def _still_leads(self, name: str | None) -> bool:
        if time.monotonic() - self._asked < ROLE_S:
            return True
        self._asked = time.monotonic()
        lock = self._bole.projecting
        if lock is not None and not lock.is_held():
            _log.warning("the lock of the projector was lost; another may have it now")
            return False
        # A server's own index says when another was put to use (`IndexMovedError`).
        return lock is not None or self._bole.indexes.current() == name

    def _read_along(self) -> None:
        """See the commits of whoever leads, until there is a place to take or another index."""
        indexes = self._bole.indexes
        name = indexes.current()
        try:
            backend = open_current(indexes, writable=False)
        except IndexMissingError:
            self._stop.wait(REFRESH_S)  # the leader is building it
            return
        self._use(backend)
        asked = time.monotonic()
        while not self._stop.wait(REFRESH_S):
            backend.refresh()
            if time.monotonic() - asked < ROLE_S:
                continue
            asked = time.monotonic()
            lock = self._bole.projecting
            if self._bole.settings.projects and (lock is None or lock.acquire()):
                return
            if indexes.current() != name:
                return

    def _use(self, backend: SearchBackend) -> None:
        """Answer searches from this index from now on; the one before closes when it is not asked."""
        before, self._at_hand = self._at_hand, backend
        self._failure = None
        # A first question must not wait for what can be read now.
        _ = self._bole.frequencies, self._bole.geometry
        if before is None and self._bole.on_ready is not None:
            self._bole.on_ready()
        if before is not None:
            closing = threading.Timer(GRACE_S, before.close)
            closing.daemon = True
            closing.start()
