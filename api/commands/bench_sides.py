"""Either of two engines: its index built, opened, and searched by the same service."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, cast

from api.access import Access
from api.assembly import Bole
from api.commands.bench_documents import original, read_documents
from api.commands.bench_measures import Clock, Memory, batches, memory
from api.commands.bench_questions import WIDTHS
from api.commands.bench_server import Server
from api.search_answers import FACETS
from api.settings import Settings
from ingest.building import build_manifest
from ingest.projector import REBUILD_COMMIT, STEP
from search.accounts.principal import OPEN, OPERATOR
from search.accounts.visibility import visible
from search.backends.base import IndexUnavailableError, SearchBackend, SearchIndex
from search.backends.elastic.gateway import Gateway
from search.backends.elastic.lifecycle import ElasticIndexes
from search.backends.embedded import EmbeddedIndexes
from search.backends.filters import Filter
from search.backends.indexes import Indexes
from search.backends.scoped import ScopedIndex
from search.embedding.base import Encoder
from search.models import Target
from search.monitoring import Observer, unobserved
from search.ranking.results import SearchRequest
from search.ranking.service import SearchService
from search.text.frequencies import Frequencies
from search.text.reading import read

#: Searches a filter width in the process whose memory is looked at; they leave the server warm, too:
#: Java compiles what is called often.
SEARCHES = 100
#: Longest wait for the answer to one question.
PATIENCE_S = 60.0
#: What `Gateway` says of each question that was answered, with its seconds.
ANSWERED = "elasticsearch_request_seconds"


@dataclass(frozen=True)
class Built:
    """An index that was built.

    Attributes:
        name: of the index.
        seconds: from the first document to all of them visible.
        cpu_s: of this process, all cores together; it depends less on what else the machine does.
        memory: of the process that built it; None where the system does not say.
    """

    name: str
    seconds: float
    cpu_s: float
    memory: Memory | None


@dataclass
class Side:
    """One of the two, open for questions.

    Attributes:
        backend: the index.
        search: answers searches over it.
        encoder, frequencies: what queries are made with.
        calls: what `search` asked of the index: operation to the seconds of each call.
        requests: what went over the network: operation to the seconds of each request.
        server: what answers those; None where the index is in our process.
    """

    backend: SearchBackend
    search: SearchService
    encoder: Encoder
    frequencies: Frequencies
    calls: dict[str, list[float]]
    requests: dict[str, list[float]]
    server: Server | None = None

    def server_cpu_s(self) -> float:
        """Return the seconds of all cores that its server has used since its start."""
        return 0.0 if self.server is None else self.server.cpu_s()

    def forget(self) -> None:
        """Begin to note calls and requests anew."""
        self.calls.clear()
        self.requests.clear()


@contextmanager
def opened_indexes(
    settings: Settings, encoder: Encoder, observe: Observer = unobserved
) -> Iterator[Indexes]:
    """Open what holds the indexes of one side.

    As `Bole` does, but with patience: a single question may take long on a server that was just
    started. Whole searches have their own limit all the same, see `search.ranking.service`.
    """
    manifest = build_manifest(encoder)
    if not settings.elasticsearch_url:
        yield EmbeddedIndexes(settings.data_dir / "index", manifest)
        return
    gateway = Gateway(settings.elasticsearch, read_timeout_s=PATIENCE_S, observe=observe)
    indexes = ElasticIndexes(
        gateway,
        manifest,
        prefix=settings.elasticsearch_prefix,
        shards=settings.elasticsearch_shards,
    )
    try:
        yield indexes
    finally:
        indexes.close()


def build(settings: Settings, paths: Sequence[Path], documents: int) -> Built:
    """Build an index of the documents in some files, with the steps and commits of a rebuild."""
    with Bole(settings) as bole, opened_indexes(settings, bole.encoder) as indexes:
        name = indexes.create(documents)
        backend = indexes.open(name, writable=True)
        began = time.process_time()
        with Clock() as clock:
            uncommitted = 0
            for step in batches(chain.from_iterable(read_documents(paths)), STEP):
                backend.upsert(step)
                uncommitted += len(step)
                if uncommitted >= REBUILD_COMMIT:
                    backend.commit(0)
                    uncommitted = 0
            backend.commit(1)
            backend.refresh()
        # Waits for what is still being merged.
        backend.close()
    return Built(name, clock.s, time.process_time() - began, memory())


def answer(settings: Settings, name: str, texts: Sequence[str]) -> Memory | None:
    """Answer searches of every width, and return what memory this process has then."""
    with opened(settings, name) as side:
        for condition in WIDTHS.values():
            for text in texts[:SEARCHES]:
                # A server that was just started may take its time.
                with suppress(IndexUnavailableError):
                    side.search.search(request(text, condition, FACETS[Target.CANDIDATES]))
        return memory()


def request(text: str, condition: Filter, facets: tuple[str, ...]) -> SearchRequest:
    """Return a search for candidates."""
    return SearchRequest(read(text), Target.CANDIDATES, condition, facets=facets)


@contextmanager
def opened(settings: Settings, name: str, server: Server | None = None) -> Iterator[Side]:
    """Open an index for reading, with a search over it that notes what it asks."""
    requests: dict[str, list[float]] = defaultdict(list)

    def observe(event: str, value: float = 1.0, **labels: str) -> None:
        if event == ANSWERED:
            requests[labels["operation"]].append(value)

    def passages(doc_ids: Sequence[str]) -> Mapping[str, Mapping[str, str]]:
        # A copy has no record; its original's stands for it.
        texts = Access(bole, OPERATOR).passages([original(doc_id) for doc_id in doc_ids])
        return {doc_id: texts.get(original(doc_id), {}) for doc_id in doc_ids}

    with Bole(settings) as bole, opened_indexes(settings, bole.encoder, observe) as indexes:
        backend = indexes.open(name, writable=False)
        noted = _Noted(backend)
        search = SearchService(
            ScopedIndex(cast("SearchIndex", noted), visible(OPEN)),
            bole.encoder,
            bole.frequencies,
            bole.geometry,
            passages,
        )
        try:
            yield Side(
                backend,
                search,
                bole.encoder,
                bole.frequencies,
                noted.calls,
                requests,
                server,
            )
        finally:
            backend.close()


def remove(settings: Settings) -> None:
    """Remove all indexes of one side."""
    with Bole(settings) as bole, opened_indexes(settings, bole.encoder) as indexes:
        for name in indexes.names():
            indexes.remove(name)


class _Noted:
    """An index that takes down how long each question to it took."""

    def __init__(self, backend: SearchBackend) -> None:
        self.calls: dict[str, list[float]] = defaultdict(list)
        self._backend = backend

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self._backend, name)

        def noted(*args: Any, **kwargs: Any) -> Any:
            with Clock() as clock:
                answered = method(*args, **kwargs)
            self.calls[name].append(clock.s)
            return answered

        return noted
