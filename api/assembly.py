"""The parts of Bole put together once, for the server, the pages and the command alike."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Self, TypeVar, cast

from api.access import Access
from api.matching import MatchRecords, RecordSource
from api.settings import Settings
from ingest.building import build_manifest, open_current, rebuild
from ingest.projector import Projector
from search.accounts.principal import ANONYMOUS, OPEN, OPERATOR, PUBLIC_OWNER, Principal
from search.accounts.visibility import visible
from search.backends.base import (
    IndexCorruptError,
    IndexLockedError,
    IndexMismatchError,
    IndexMissingError,
    IndexUnavailableError,
    SearchBackend,
)
from search.backends.embedded import EmbeddedIndexes
from search.backends.indexes import Indexes
from search.backends.scoped import ScopedIndex
from search.benefits.book import Book, open_book
from search.embedding.registry import open_encoder, open_frequencies
from search.embedding.remembered import RememberingEncoder
from search.matching.service import MatchService
from search.monitoring import Observer, unobserved
from search.ranking.geometry import Geometry, open_geometry
from search.ranking.service import PassageSource, SearchService
from search.text.frequencies import Frequencies

if TYPE_CHECKING:
    from api.audit.keeping import AuditStores
    from api.audit.search_log import SearchLog
    from api.audit.source import AuditSource
    from api.following import Following
    from api.importing import Importing
    from search.accounts.access_log import AccessLog
    from search.accounts.accounts import AccountStore
    from search.accounts.api_keys import ApiKeyStore
    from search.accounts.contacts import ContactStore
    from search.accounts.erasures import ErasureStore
    from search.accounts.sessions import SessionStore
    from search.accounts.sign_in import SignIn
    from search.records.database import Database
    from search.records.import_jobs import ImportJobStore
    from search.records.projector_lock import ProjectorLock
    from search.records.saved_searches import SavedSearchStore
    from search.records.store import RecordStore

IndexState = Literal[
    "ready",
    "catching-up",
    "starting",
    "missing",
    "damaged",
    "mismatched",
    "locked",
    "unavailable",
    "failed",
]

_STATE_OF: Mapping[type[BaseException], IndexState] = {
    IndexMissingError: "missing",
    IndexCorruptError: "damaged",
    IndexMismatchError: "mismatched",
    IndexLockedError: "locked",
    IndexUnavailableError: "unavailable",
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

    A server calls `start`: a thread then opens the index and keeps up with the records (see
    `api.following`); until that is done `search` raises `IndexNotReadyError`. A command does not:
    `backend` then opens the index itself.

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
        self._following: Following | None = None
        #: Told how far the index is in following the records while it is opened; see `Projector`.
        self.on_catching_up: Callable[[int, int], None] | None = None
        #: Called when a server's first index is open.
        self.on_ready: Callable[[], None] | None = None
        #: Told what happens, for monitoring.
        self.observe: Observer = unobserved

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
    def database(self) -> Database:
        """Where the records are."""
        return self._database

    @property
    def store(self) -> RecordStore:
        """The records."""
        # The database library takes a fifth of a second to load; a search for roles needs none.
        from search.records.store import RecordStore

        return self._part("store", lambda: RecordStore(self._database))

    @property
    def book(self) -> Book:
        """The public measures: those shipped, and those that offices loaded."""
        return open_book(self.settings.taxonomies_dir)

    @property
    def saved_searches(self) -> SavedSearchStore:
        """The saved searches and their alerts, beside the records."""
        from search.records.saved_searches import SavedSearchStore

        return self._part("saved_searches", lambda: SavedSearchStore(self._database))

    @property
    def accounts(self) -> AccountStore:
        """Who can sign in."""
        from search.accounts.accounts import AccountStore

        return self._part("accounts", lambda: AccountStore(self._database))

    @property
    def sessions(self) -> SessionStore:
        """Who is signed in."""
        from search.accounts.sessions import SessionStore

        return self._part("sessions", lambda: SessionStore(self._database, self.accounts))

    @property
    def api_keys(self) -> ApiKeyStore:
        """What lets programs in."""
        from search.accounts.api_keys import ApiKeyStore

        return self._part("api_keys", lambda: ApiKeyStore(self._database, self.accounts))

    @property
    def sign_in(self) -> SignIn:
        """What looks at passwords."""
        from search.accounts.sign_in import SignIn

        secret = self.settings.secret_in_use()
        return self._part("sign_in", lambda: SignIn(self._database, self.accounts, secret))

    @property
    def contacts(self) -> ContactStore:
        """How people are reached, and who may know."""
        from search.accounts.contacts import ContactStore

        return self._part("contacts", lambda: ContactStore(self._database))

    @property
    def access_log(self) -> AccessLog:
        """What was read of personal data."""
        from search.accounts.access_log import AccessLog

        return self._part("access_log", lambda: AccessLog(self._database))

    @property
    def erasures(self) -> ErasureStore:
        """Proof of who was erased."""
        from search.accounts.erasures import ErasureStore

        return self._part("erasures", lambda: ErasureStore(self._database))

    @property
    def import_jobs(self) -> ImportJobStore:
        """Files on their way in."""
        from search.records.import_jobs import ImportJobStore

        return self._part("import_jobs", lambda: ImportJobStore(self._database))

    @property
    def importing(self) -> Importing:
        """What works on them; a server's does so by itself."""
        from api.importing import Importing

        return self._part("importing", lambda: Importing(self))

    @property
    def audit_stores(self) -> AuditStores:
        """What the audit keeps beside the records."""
        from api.audit.keeping import AuditStores

        return self._part("audit_stores", lambda: AuditStores.over(self._database))

    @property
    def audits(self) -> AuditSource:
        """What counts unmet demand."""
        from api.audit.source import AuditSource

        return self._part("audits", lambda: AuditSource(self))

    @property
    def search_log(self) -> SearchLog:
        """What notes which roles are searched for."""
        from api.audit.search_log import SearchLog

        return self._part("search_log", lambda: SearchLog(self))

    def now(self) -> datetime:
        """Return the moment."""
        return datetime.now(UTC)

    def principal_of(self, owner: str) -> Principal:
        """Return for whom a saved search is asked: the owner, as if they were there."""
        if owner == PUBLIC_OWNER and not self.accounts.are_there_any():
            return OPEN
        return self.accounts.principal_of(owner) or ANONYMOUS

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
    def indexes(self) -> Indexes:
        """Where the indexes are kept: a folder of the data folder, or Elasticsearch."""
        return self._part("indexes", self._open_indexes)

    @property
    def backend(self) -> SearchBackend:
        """The index.

        Raises:
            IndexNotReadyError: the server's thread has not opened it yet.
        """
        if self._following is not None:
            return self._following.backend()
        return self._part("backend", self._open_backend)

    def open_backend(self) -> SearchBackend | None:
        """Return the index where it is open already; None where opening it would take its time."""
        if self._following is None:
            return cast("SearchBackend | None", self._parts.get("backend"))
        with suppress(Exception):  # it is not ready, and why is told elsewhere
            return self._following.backend()
        return None

    @property
    def search(self) -> SearchService:
        """What answers the searches of the command on this machine; for others see `api.access`."""
        return Access(self, OPERATOR).search

    @property
    def matching(self) -> MatchService:
        """What answers the matches of the command on this machine; for others see `api.access`."""
        return Access(self, OPERATOR).matching

    def search_for(self, who: Principal, passages: PassageSource) -> SearchService:
        """Return what answers somebody's searches.

        Args:
            who: who asks; the index that the service is given ends at what they may see.
            passages: gives the texts that evidence may be quoted from.
        """
        return SearchService(
            ScopedIndex(self.backend, visible(who)),
            self.encoder,
            self.frequencies,
            self.geometry,
            passages,
            observe=self._observed,
        )

    def search_of(self, owner: str) -> SearchService:
        """Return what answers the saved searches of an owner."""
        return Access(self, self.principal_of(owner)).search

    def matching_for(self, who: Principal, read: RecordSource) -> MatchService:
        """Return what answers somebody's matches.

        Args:
            who: who asks; the index that the service is given ends at what they may see.
            read: gives the records that they may see.
        """
        records = MatchRecords(read)
        return MatchService(
            ScopedIndex(self.backend, visible(who)),
            self.encoder,
            self.frequencies,
            self.geometry,
            records.passages,
            records.requirements,
            records.cleared,
            observe=self._observed,
        )

    @property
    def projector(self) -> Projector:
        """What keeps the index equal to the records."""
        if self._following is not None:
            return self._following.projector()
        _ = self.backend
        return cast("Projector", self._parts["projector"])

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
        from api.following import Following

        if self._following is None:
            self._following = Following(self)
            self._following.start()
            self.importing.start()

    def changed(self) -> None:
        """Tell the projector that a record was just stored."""
        if self._following is not None:
            self._following.wake()

    def purge(self) -> None:
        """Let the index follow and its files lose what was erased, at once; for a command."""
        with suppress(IndexLockedError):  # whoever has it does that
            self.projector.catch_up()
            self.projector.purge(now=True)

    def readiness(self) -> Readiness:
        """Return how far the index is; never fails because of index or records."""
        try:
            last_change = self.store.last_sequence()
            if self._following is None:
                return Readiness("starting", last_change=last_change)
            return self._following.readiness(last_change)
        except Exception as error:
            return Readiness(state_of(error))

    def close(self) -> None:
        """Stop the projector and close index and records; nothing is lost by closing at any time."""
        if "search_log" in self._parts:
            self.search_log.stop()
        if self._following is not None:
            self.importing.stop()
            self._following.stop()
        with self._lock:
            parts = dict(self._parts)
            self._parts.clear()
        for name in ("backend", "indexes", "encoder", "projecting", "database", "in use"):
            part = parts.get(name)
            if name == "projecting" and part is not None:
                cast("ProjectorLock", part).release()
            elif part is not None:
                part.close()  # type: ignore[attr-defined]

    def lead(self) -> tuple[SearchBackend, Projector] | None:
        """Open the index for writing and bring it up to the records, building it where none fits.

        Returns:
            The index and what keeps it equal to the records; None where another process does that.
        """
        if self.projecting is not None and not self.projecting.acquire():
            return None
        indexes, encoder = self.indexes, self.encoder
        try:
            if indexes.current() is None and self.store.count():
                raise IndexMissingError("there are records and no index")
            backend = open_current(indexes, writable=True)
            if backend.watermark() < self.store.pruned_upto():
                backend.close()
                raise IndexMismatchError("the index is older than what the outbox still knows")
        except (IndexMismatchError, IndexMissingError, IndexCorruptError) as error:
            _log.warning("the index is built anew: %s", error)
            rebuild(indexes, self.store, encoder)
            backend = open_current(indexes, writable=True)
        except IndexLockedError:
            return None
        projector = Projector(
            self.store,
            backend,
            encoder,
            consumer=lambda: indexes.consumer(backend.name),
            observe=self._observed,
        )
        try:
            projector.ensure_roles()
            projector.catch_up(self.on_catching_up)
        except BaseException:
            backend.close()
            raise
        return backend, projector

    def _observed(self, event: str, value: float = 1.0, **labels: str) -> None:
        """Tell whoever listens now; the parts may have been opened before anybody did."""
        self.observe(event, value, **labels)

    @property
    def projecting(self) -> ProjectorLock | None:
        """The lock of whoever writes to an index that several could write to; else None."""
        if not self.indexes.is_shared:
            return None
        return self._part(
            "projecting", lambda: self._database.projector_lock(self.indexes.follower)
        )

    @property
    def _database(self) -> Database:
        from search.records.database import open_database
        from search.records.in_use import use

        # While they are open, nobody can put others in their place.
        self._part("in use", lambda: use(self.settings.data_dir))
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

    def _open_indexes(self) -> Indexes:
        settings = self.settings
        manifest = build_manifest(self.encoder)
        if not settings.elasticsearch_url:
            return EmbeddedIndexes(settings.data_dir / "index", manifest)
        from search.backends.elastic.gateway import Gateway
        from search.backends.elastic.lifecycle import ElasticIndexes

        gateway = Gateway(settings.elasticsearch, observe=self._observed)
        return ElasticIndexes(
            gateway,
            manifest,
            prefix=settings.elasticsearch_prefix,
            shards=settings.elasticsearch_shards,
        )

    def _open_backend(self) -> SearchBackend:
        if not self._writes:
            return open_current(self.indexes, writable=False)
        led = self.lead()
        if led is None:
            raise IndexLockedError(
                f"the index ({self.indexes.place}) is kept up to date by another process; there can "
                "be one writer at a time, readers are not affected"
            )
        backend, self._parts["projector"] = led
        return backend


def state_of(failure: BaseException) -> IndexState:
    """Return the state that a failure means."""
    return next((state for kind, state in _STATE_OF.items() if isinstance(failure, kind)), "failed")
