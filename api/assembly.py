"""The parts of Bole put together once, for the server, the pages and the command alike."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Self, TypeVar, cast

from api.settings import Settings
from ingest.projector import Projector, open_current, rebuild
from search.backends.base import (
    IndexCorruptError,
    IndexLockedError,
    IndexMismatchError,
    IndexMissingError,
    SearchBackend,
)
from search.backends.filters import EVERYTHING
from search.embedding.registry import open_encoder, open_frequencies
from search.embedding.remembered import RememberingEncoder
from search.ranking.geometry import Geometry, open_geometry
from search.ranking.passages import record_passages
from search.ranking.service import SearchService
from search.text.frequencies import Frequencies

if TYPE_CHECKING:
    from search.records.database import Database
    from search.records.store import RecordStore

#: Whose the records are until there are accounts.
OWNER = "public"

IndexState = Literal[
    "ready", "catching-up", "starting", "missing", "damaged", "mismatched", "locked", "failed"
]

_STATE_OF: Mapping[type[BaseException], IndexState] = {
    IndexMissingError: "missing",
    IndexCorruptError: "damaged",
    IndexMismatchError: "mismatched",
    IndexLockedError: "locked",
}

_log = logging.getLogger(__name__)

T = TypeVar("T")


class IndexNotReadyError(RuntimeError):
    """The index is being opened or built; the same request will be answered a little later."""


@dataclass(frozen=True)
class Readiness:
    """How far the index is.

    Attributes:
        state: `ready` when it equals the records; see `IndexState`.
        documents: how many it holds.
        watermark: last change that is in it.
        last_change: last change of the records.
        held: records that could not be indexed.
    """

    state: IndexState
    documents: int = 0
    watermark: int = 0
    last_change: int = 0
    held: int = 0

    @property
    def lag(self) -> int:
        """Changes not yet in the index."""
        return max(self.last_change - self.watermark, 0)


class Bole:
    """Everything that answers a question, opened when it is first needed.

    A server calls `start`: a thread then opens the index, builds it where there is none that fits,
    and keeps it equal to the records; until that is done `search` raises `IndexNotReadyError`.
    A command does not: `search` then opens the index itself.

    Args:
        settings: where things are.
        writes: whether the index may be written; one process at a time can.
    """

    def __init__(self, settings: Settings, *, writes: bool = True) -> None:
        self.settings = settings
        self._writes = writes
        self._lock = threading.Lock()
        self._locks: dict[str, threading.RLock] = {}
        self._parts: dict[str, object] = {}
        self._stop, self._wake = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None
        self._failure: BaseException | None = None
        #: Told how far the index is in following the records while it is opened; see `Projector`.
        self.on_catching_up: Callable[[int, int], None] | None = None

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close everything."""
        self.close()

    @property
    def store(self) -> RecordStore:
        """The records."""
        # The database library takes a fifth of a second to load; a search for roles needs none.
        from search.records.store import RecordStore

        return self._part("store", lambda: RecordStore(self._database))

    @property
    def encoder(self) -> RememberingEncoder:
        """What makes vectors, and remembers them in the data folder."""
        models = self.settings.data_dir / "models"
        return self._part(
            "encoder",
            lambda: RememberingEncoder(open_encoder(self.settings.embedding), models),
        )

    @property
    def frequencies(self) -> Frequencies:
        """Token weights."""
        return self._part(
            "frequencies", lambda: open_frequencies(self.settings.data_dir / "models")
        )

    @property
    def geometry(self) -> Geometry:
        """How the encoder's vectors lie."""
        models = self.settings.data_dir / "models"
        return self._part("geometry", lambda: open_geometry(models, self.encoder))

    @property
    def backend(self) -> SearchBackend:
        """The index.

        Raises:
            IndexNotReadyError: the server's thread has not opened it yet.
        """
        if self._thread is not None and "backend" not in self._parts:
            if self._failure is not None:
                raise IndexNotReadyError(f"the index cannot be opened: {self._failure}")
            raise IndexNotReadyError("the index is being opened; try again in some seconds")
        return self._part("backend", self._open_backend)

    @property
    def search(self) -> SearchService:
        """What answers searches."""
        backend = self.backend
        return self._part(
            "search",
            lambda: SearchService(
                backend, self.encoder, self.frequencies, self.geometry, self.passages
            ),
        )

    @property
    def projector(self) -> Projector:
        """What keeps the index equal to the records."""
        backend = self.backend
        return self._part("projector", lambda: Projector(self.store, backend, self.encoder))

    def passages(self, doc_ids: Sequence[str]) -> dict[str, Mapping[str, str]]:
        """Return the texts of records, by document id, from which evidence is quoted."""
        records = self.store.get_many(doc_id.partition(":")[2] for doc_id in doc_ids)
        return {
            f"{stored.kind}:{stored.id}": record_passages(stored.record)
            for stored in records.values()
        }

    def prefetch(self) -> None:
        """Begin to read the model in a thread; whoever needs it waits for that.

        A command has the words to read meanwhile, and should answer within a second.
        """

        def read() -> None:
            # Whoever needs the model meets the same failure, and reports it.
            with suppress(Exception):
                _ = self.encoder

        threading.Thread(target=read, name="model", daemon=True).start()

    def start(self) -> None:
        """Open the index and follow the records in a thread of its own; return at once."""
        if self._thread is None:
            # Records are served from the start, whatever the index needs.
            self.store  # noqa: B018
            self._thread = threading.Thread(target=self._follow, name="projector", daemon=True)
            self._thread.start()

    def changed(self) -> None:
        """Tell the projector that a record was just stored."""
        self._wake.set()

    def readiness(self) -> Readiness:
        """Return how far the index is; never fails because of the index."""
        last_change = self.store.last_sequence()
        if self._failure is not None and "projector" not in self._parts:
            return Readiness(_state_of(self._failure), last_change=last_change)
        if "projector" not in self._parts:
            return Readiness("starting", last_change=last_change)
        state = self.projector.state()
        at_hand: IndexState = (
            "failed" if state.error else "catching-up" if state.behind else "ready"
        )
        documents = self.backend.count(EVERYTHING)
        return Readiness(at_hand, documents, state.position, last_change, len(state.held))

    def close(self) -> None:
        """Stop the projector and close index and records; nothing is lost by closing at any time."""
        self._stop.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(timeout=30)
        with self._lock:
            backend, database = self._parts.get("backend"), self._parts.get("database")
            encoder = self._parts.get("encoder")
            self._parts.clear()
        if backend is not None:
            backend.close()  # type: ignore[attr-defined]
        if encoder is not None:
            cast("RememberingEncoder", encoder).close()
        if database is not None:
            cast("Database", database).close()

    @property
    def _database(self) -> Database:
        from search.records.database import open_database

        return self._part("database", lambda: open_database(self.settings.records_url))

    def _part(self, name: str, build: Callable[[], T]) -> T:
        part = self._parts.get(name)
        if part is None:
            with self._lock:
                lock = self._locks.setdefault(name, threading.RLock())
            # One lock a part: the model is read while another thread reads the words.
            with lock:
                part = self._parts.get(name)
                if part is None:
                    part = self._parts[name] = build()
        return part  # type: ignore[return-value]

    def _open_backend(self) -> SearchBackend:
        root, encoder = self.settings.data_dir / "index", self.encoder
        if not self._writes:
            return open_current(root, encoder, writable=False)
        try:
            backend = open_current(root, encoder, writable=True)
        except (IndexMismatchError, IndexCorruptError) as error:
            _log.warning("the index is built anew: %s", error)
            rebuild(root, self.store, encoder)
            backend = open_current(root, encoder, writable=True)
        projector = Projector(self.store, backend, encoder)
        projector.ensure_roles()
        projector.catch_up(self.on_catching_up)
        self._parts["projector"] = projector
        return backend

    def _follow(self) -> None:
        try:
            self._part("backend", self._open_backend)
            # A first question must not wait for what can be read now.
            self.frequencies  # noqa: B018
            projector = self.projector
        except BaseException as error:
            self._failure = error
            _log.exception("the index cannot be opened")
            return
        projector.run_forever(self._stop, self._wake)


def _state_of(failure: BaseException) -> IndexState:
    return next((state for kind, state in _STATE_OF.items() if isinstance(failure, kind)), "failed")
