"""A `SearchBackend` on an Elasticsearch index.

What is written waits in memory until `commit` (or until there is much of it), so that nothing of it
is seen before; `commit` sends it, then the watermark, then shows both. A server that dies in between
holds a part of it; the watermark does not know of it, so it is applied again.

Readers go through an alias and follow it to another index of the same make. A writer stays with the
index it opened, and looks before each commit and at each refresh whether the alias still leads there.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from typing import Any

import numpy as np
from elasticsearch import AsyncElasticsearch
from numpy.typing import NDArray

from search.backends.base import (
    NO_TOKENS,
    TOKEN_FIELDS,
    Document,
    DocumentsRefusedError,
    IndexMissingError,
    IndexMovedError,
    IndexUnavailableError,
    LexicalQuery,
    Manifest,
    ScoredDoc,
    Vector,
    check_document,
)
from search.backends.elastic import query as queries
from search.backends.elastic.bulk import BulkLimits, Write, send
from search.backends.elastic.gateway import Call, Gateway
from search.backends.elastic.mapping import COMMIT, ID, WATERMARK, WINDOW
from search.backends.elastic.source import UNREAD, from_source, to_source
from search.backends.filters import EVERYTHING, And, Filter, check_facets
from search.backends.ties import COSINE_DECIMALS, TIE_MARGIN, best_documents, rounded

#: Documents that may wait in memory; more are sent before the commit, still unseen.
WAITING_AT_MOST = 2_000
#: Documents looked up, or ids read, in one request.
BATCH = 1_000
IDS_A_PAGE = 5_000
#: How long a point in time is kept between two pages, and how long its end may take: it ends by itself.
KEEP_ALIVE = "1m"
CLOSE_TIMEOUT_S = 2.0

Body = dict[str, Any]


#: How long a server may take to merge; nobody waits for it.
PURGE_TIMEOUT_S = 300.0


class ElasticBackend:
    """One index. Open it with `ElasticIndexes.open`.

    Args:
        gateway: the connection; whoever made it closes it.
        name: the concrete index, or the alias that is read through.
        manifest: what the index was built with.
        shards: how many the index has.
        writable: whether to write.
        serving: returns the concrete index that the write alias leads to; None for an index that is
            being built and has no alias yet.
        limits: of bulk requests.
    """

    def __init__(
        self,
        gateway: Gateway,
        name: str,
        manifest: Manifest,
        *,
        shards: int = 1,
        writable: bool = False,
        serving: Callable[[], str | None] | None = None,
        limits: BulkLimits | None = None,
    ) -> None:
        self._gateway = gateway
        self._name = name
        self._manifest = manifest
        self._shards = shards
        self._is_writable = writable
        self._serving = serving
        self._limits = limits or BulkLimits()
        self._lock = threading.RLock()
        self._waiting: dict[str, Write] = {}
        self._refused: dict[str, str] = {}
        self._is_closed = False
        self._watermark = 0
        if writable:
            # What a writer before sent and did not show; the watermark that is read is then the last.
            self._show()
        self._watermark = self._stored_watermark()

    @property
    def name(self) -> str:
        """Which index it stands for; a reader's is the alias that it asks."""
        return self._name

    # Writing

    def upsert(self, documents: Iterable[Document]) -> int:
        """Add or replace documents; return how many were applied. See `SearchBackend.upsert`."""
        self._writing()
        applied = 0
        checked = self._checked(documents)
        while True:
            batch: list[Document] = []
            try:
                for document in islice(checked, BATCH):
                    batch.append(document)
            finally:
                applied += self._take(batch)
            if len(batch) < BATCH:
                return applied

    def delete(self, sequences: Mapping[str, int]) -> int:
        """Remove documents; return how many were there. See `SearchBackend.delete`."""
        self._writing()
        known = {doc_id: at for doc_id, at in sequences.items() if queries.is_token(doc_id)}
        with self._lock:
            held = self._sequences(list(known))
            gone = [Write(doc_id, at, None) for doc_id, at in known.items()]
            there = {
                write.doc_id: write for write in gone if held.get(write.doc_id, -1) <= write.version
            }
            # Those not there are sent as well: the server remembers that they are gone.
            self._waiting.update(there)
            self._send_if_many()
            return sum(doc_id in held for doc_id in there)

    def commit(self, watermark: int) -> None:
        """Send what waits, then the watermark, then show both. See `SearchBackend.commit`."""
        self._writing()
        with self._lock:
            try:
                self._follow()
                self._send()
                refused, self._refused = self._refused, {}
            except BaseException:
                self._waiting.clear()
                self._refused.clear()
                raise
            if refused:
                self._show()
                raise DocumentsRefusedError(refused)
            if self._shards > 1:
                # Shards are shown one after another: none may lag behind the watermark.
                self._show()
            # It counts among the documents that idf is made of, as it does in the embedded index.
            counted = dict.fromkeys(TOKEN_FIELDS, NO_TOKENS)
            document = {WATERMARK: watermark, **counted}
            self._gateway.write(
                "commit", lambda es: es.index(index=self._name, id=COMMIT, document=document)
            )
            self._show()
            self._watermark = watermark

    def purge(self) -> bool:
        """Merge the segments that hold what was removed. See `SearchBackend.purge`.

        Elasticsearch keeps the history of a shard until the lease on it was renewed, every 30 seconds.
        """
        self._writing()
        with self._lock:
            self._gateway.write(
                "purge",
                lambda es: es.indices.forcemerge(
                    index=self._name, only_expunge_deletes=True, flush=True
                ),
                PURGE_TIMEOUT_S,
            )
            answer = self._gateway.read(
                "purge", lambda es: es.indices.stats(index=self._name, metric="docs")
            )
        return int(answer["_all"]["total"]["docs"]["deleted"]) == 0

    def watermark(self) -> int:
        """Return the outbox sequence of the last commit known here; 0 for a new index."""
        return self._watermark

    def refresh(self) -> None:
        """Let later reads see what was committed; a reader also follows its alias.

        Raises:
            IndexMovedError: of a writer: another index was put to use; this object stands for that
                one now, and what waited for a commit is dropped.
        """
        self._reading()
        if self._is_writable:
            with self._lock:
                self._follow()
        else:
            self._watermark = self._stored_watermark()

    # Reading

    def lexical(self, query: LexicalQuery, condition: Filter, k: int) -> list[ScoredDoc]:
        """Return the k best by BM25 among those that pass. See `SearchIndex.lexical`.

        Hits are asked for by score alone, which lets the engine skip what cannot be among them, and
        a few more than k; where the last of them still ties with the k-th, again in full order.
        """
        self._reading()
        if k < 1:
            return []
        limit = min(k + TIE_MARGIN, WINDOW)
        body = queries.lexical_body(query, condition, limit)
        if body is None:
            return []
        ids, raw = self._hits("lexical", body)
        scores = rounded(raw)
        if limit <= len(ids) and k < len(ids) and scores[-1] == scores[k - 1]:
            ids, raw = self._hits("lexical", {**body, "sort": ["_score", {ID: "asc"}]})
            scores = rounded(raw)
        return best_documents(ids, scores, k)

    def nearest(self, vector: Vector, condition: Filter, k: int) -> list[ScoredDoc]:
        """Return the k nearest by cosine among those that pass. See `SearchIndex.nearest`.

        At most 10,000, which is what the engine takes as k.
        """
        self._reading()
        unit = self._unit_query(vector)
        if unit is None or k < 1:
            return []
        limit = min(k + TIE_MARGIN, queries.NEAREST_AT_MOST)
        while True:
            ids, raw = self._hits("nearest", queries.nearest_body(unit, condition, limit))
            scores = _cosines(raw)
            is_whole = len(ids) < limit or limit == queries.NEAREST_AT_MOST
            if is_whole or k >= len(ids) or scores[-1] < scores[k - 1]:
                return best_documents(ids, scores, k)
            limit = min(4 * limit, queries.NEAREST_AT_MOST)

    def similarities(
        self, vector: Vector, doc_ids: Sequence[str], condition: Filter = EVERYTHING
    ) -> dict[str, float]:
        """Return the cosine to each named document that passes and has a vector."""
        self._reading()
        unit = self._unit_query(vector)
        if unit is None:
            return {}
        found: dict[str, float] = {}
        for part in _batches(_askable(doc_ids)):
            ids, raw = self._hits("similarities", queries.cosine_body(unit, part, condition))
            found |= zip(ids, _cosines(raw).tolist(), strict=True)
        return found

    def get(self, doc_ids: Sequence[str]) -> dict[str, Document]:
        """Return what is stored, less the vector, by id; unknown ids are left out."""
        self._reading()
        found: dict[str, Document] = {}
        for part in _batches(_askable(doc_ids)):
            for entry in self._entries(
                self._gateway.read,
                "get",
                part,
                ["docs.found", "docs._source"],
                realtime=False,
                source_excludes=UNREAD,
            ):
                if entry.get("found"):
                    document = from_source(entry["_source"])
                    found[document.doc_id] = document
        return found

    def count(self, condition: Filter) -> int:
        """Return how many documents pass the filter."""
        self._reading()
        query = queries.documents_query(condition)
        # Not by `_count`, which counts the shards that answer and calls that the whole.
        answer = self._gateway.read(
            "count",
            lambda es: es.search(
                index=self._name,
                query=query,
                size=0,
                track_total_hits=True,
                allow_partial_search_results=False,
            ),
        )
        return int(answer["hits"]["total"]["value"])

    def facets(
        self,
        condition: Filter,
        fields: Sequence[str],
        size: int,
        selected: Mapping[str, Filter] | None = None,
    ) -> dict[str, dict[str, int]]:
        """Return the most frequent values of keyword fields. See `SearchIndex.facets`."""
        self._reading()
        check_facets(fields)
        if size < 1 or not fields:
            return {field: {} for field in fields}
        body = queries.facets_body(condition, list(dict.fromkeys(fields)), size, selected or {})
        answer = self._search("facets", body)
        return {
            field: {
                bucket["key"]: bucket["doc_count"]
                for bucket in answer["aggregations"][field]["values"]["buckets"]
            }
            for field in fields
        }

    def doc_ids(self) -> set[str]:
        """Return every id in the index, read page by page at one point in time."""
        self._reading()
        return set(self._pages(And()))

    def close(self) -> None:
        """Drop what is uncommitted; the object is unusable afterwards."""
        with self._lock:
            self._waiting.clear()
            self._is_closed = True

    # What writing consists of

    def _checked(self, documents: Iterable[Document]) -> Iterator[Document]:
        for document in documents:
            check_document(document, self._manifest.dim)
            yield document

    def _take(self, batch: Sequence[Document]) -> int:
        """Let documents wait for the commit; return how many are newer than what there is."""
        if not batch:
            return 0
        with self._lock:
            held = self._sequences([document.doc_id for document in batch])
            taken = 0
            for document in batch:
                if held.get(document.doc_id, -1) > document.sequence:
                    continue
                held[document.doc_id] = document.sequence
                self._waiting[document.doc_id] = Write(
                    document.doc_id, document.sequence, to_source(document)
                )
                taken += 1
            self._send_if_many()
            return taken

    def _sequences(self, doc_ids: Sequence[str]) -> dict[str, int]:
        """Return the sequence of each document there is, those that wait for the commit included."""
        found = {
            doc_id: write.version
            for doc_id in doc_ids
            if (write := self._waiting.get(doc_id)) is not None and write.source is not None
        }
        unknown = [doc_id for doc_id in dict.fromkeys(doc_ids) if doc_id not in self._waiting]
        for part in _batches(unknown):
            entries = self._entries(
                self._gateway.write,
                "versions",
                part,
                ["docs._id", "docs.found", "docs._version"],
                source=False,
            )
            found |= {entry["_id"]: entry["_version"] for entry in entries if entry.get("found")}
        return found

    def _send_if_many(self) -> None:
        if len(self._waiting) > WAITING_AT_MOST:
            self._send()

    def _send(self) -> None:
        writes = list(self._waiting.values())
        if not writes:
            return

        async def work(client: AsyncElasticsearch) -> dict[str, str]:
            return await send(client, self._name, writes, self._limits, self._gateway.observe)

        try:
            self._refused |= self._gateway.run(work)
        except BaseExceptionGroup as group:  # of requests side by side, one is reason enough
            raise group.exceptions[0] from None
        self._waiting.clear()

    def _show(self) -> None:
        self._gateway.write("refresh", lambda es: es.indices.refresh(index=self._name))

    def _follow(self) -> None:
        """See whether the index in use is still the one that this writer left.

        Raises:
            IndexMovedError: another was put to use, or an older copy of it put back, or another
                writer wrote to it; this object stands for what is in use now.
        """
        if self._serving is None:
            return
        before, left_at = self._name, self._watermark
        self._name = self._serving() or before
        try:
            if self._name != before:
                self._show()
            self._watermark = self._stored_watermark()
        except BaseException:
            # The number belongs to the one before: with the new one it would leave changes out.
            self._name = before
            raise
        if (self._name, self._watermark) == (before, left_at):
            return
        self._waiting.clear()
        self._refused.clear()
        raise IndexMovedError(
            f"the index in use is {self._name} at change {self._watermark} now, no longer {before} at "
            f"{left_at}"
        )

    def _stored_watermark(self) -> int:
        (entry,) = self._entries(
            self._gateway.read,
            "watermark",
            [COMMIT],
            ["docs.found", "docs._source"],
            realtime=False,
        )
        return int(entry["_source"][WATERMARK]) if entry.get("found") else 0

    # What reading consists of

    def _entries(
        self,
        ask: Callable[[str, Call[Any]], Any],
        operation: str,
        ids: Sequence[str],
        wanted: Sequence[str],
        **options: Any,
    ) -> list[dict[str, Any]]:
        """Ask for documents by id; return what is said of each, in order.

        Raises:
            IndexMissingError, IndexUnavailableError: of one of them nothing can be said. The answer as
                a whole is a success all the same, and the document must not pass for one not there.
        """
        answer = ask(
            operation,
            lambda es: es.mget(
                index=self._name, ids=ids, filter_path=["docs.error.type", *wanted], **options
            ),
        )
        entries: list[dict[str, Any]] = answer["docs"]
        failures = {entry["error"]["type"] for entry in entries if "error" in entry}
        if "index_not_found_exception" in failures:
            raise IndexMissingError(
                f"documents of {self._name} were asked for; Elasticsearch has no such index. "
                "Build it: bole index build"
            )
        if failures:
            raise IndexUnavailableError(
                f"documents of {self._name} were asked for and a part of it does not answer "
                f"({', '.join(sorted(failures))}); try again in a few seconds"
            )
        return entries

    def _search(self, operation: str, body: Body) -> Any:
        if self._shards > 1 and "query" in body:
            # The idf of all shards together.
            body = {**body, "search_type": "dfs_query_then_fetch"}
        return self._gateway.read(
            operation,
            lambda es: es.search(index=self._name, allow_partial_search_results=False, **body),
        )

    def _hits(self, operation: str, body: Body) -> tuple[list[str], NDArray[np.float64]]:
        hits = self._search(operation, body)["hits"]["hits"]
        ids = [hit["fields"][ID][0] for hit in hits]
        return ids, np.array([hit["_score"] for hit in hits], dtype=np.float64)

    def _pages(self, condition: Filter) -> Iterator[str]:
        opened = self._gateway.read(
            "pages",
            lambda es: es.open_point_in_time(index=self._name, keep_alive=KEEP_ALIVE),
        )
        point = opened["id"]
        after: list[Any] | None = None
        try:
            while True:
                body: Body = {
                    "query": queries.documents_query(condition),
                    "size": IDS_A_PAGE,
                    "pit": {"id": point, "keep_alive": KEEP_ALIVE},
                    "allow_partial_search_results": False,
                    "sort": ["_shard_doc"],
                    "track_total_hits": False,
                    **queries.IDS_ONLY,
                }
                if after is not None:
                    body["search_after"] = after
                answer = self._gateway.read("pages", lambda es, body=body: es.search(**body))  # type: ignore[misc]
                point = answer["pit_id"]
                hits = answer["hits"]["hits"]
                for hit in hits:
                    yield hit["fields"][ID][0]
                if len(hits) < IDS_A_PAGE:
                    return
                after = hits[-1]["sort"]
        finally:
            # What went wrong with a page is what is to be said, and not this.
            with suppress(IndexUnavailableError, IndexMissingError):
                self._gateway.write(
                    "pages", lambda es: es.close_point_in_time(id=point), CLOSE_TIMEOUT_S
                )

    def _reading(self) -> None:
        if self._is_closed:
            raise RuntimeError(f"the index {self._name} was closed")

    def _writing(self) -> None:
        self._reading()
        if not self._is_writable:
            raise RuntimeError(f"the index {self._name} was opened for reading only")

    def _unit_query(self, vector: Vector) -> Vector | None:
        if vector.shape != (self._manifest.dim,) or not np.isfinite(vector).all():
            raise ValueError(
                f"query vector of shape {vector.shape}; wanted {self._manifest.dim} finite numbers"
            )
        if not vector.any():
            return None
        unit: Vector = (vector / np.linalg.norm(vector.astype(np.float64))).astype(np.float32)
        return unit


def _cosines(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the cosines that scores were made of, rounded to what means anything."""
    products = np.where(scores >= 1, scores - 1, 1 - 1 / np.maximum(scores, 1e-12))
    cosines: NDArray[np.float64] = products.round(COSINE_DECIMALS)
    return cosines


def _askable(doc_ids: Sequence[str]) -> list[str]:
    """Return the ids that a document can have, each once: the server takes no others."""
    return [
        doc_id for doc_id in dict.fromkeys(doc_ids) if queries.is_token(doc_id) and doc_id != COMMIT
    ]


def _batches(values: Sequence[str]) -> Iterator[Sequence[str]]:
    return (values[start : start + BATCH] for start in range(0, len(values), BATCH))
