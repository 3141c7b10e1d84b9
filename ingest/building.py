"""Whole indexes: built beside the one in use, compared with the records, tried out, put to use."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ingest.documents import SCHEMA, doc_id, document_passages
from ingest.projector import BATCH, Projector
from search.backends import budget
from search.backends.base import (
    IndexMismatchError,
    IndexMissingError,
    LexicalQuery,
    Manifest,
    SearchBackend,
    SearchIndex,
)
from search.backends.filters import EVERYTHING, Term
from search.backends.indexes import Indexes
from search.embedding.base import Encoder
from search.embedding.passages import encode_passages
from search.text.vocabulary import load_vocabulary
from taxonomies.catalogue import load_catalogue
from taxonomies.models import Role
from taxonomies.releases import fingerprint

if TYPE_CHECKING:
    # The database library is not needed to open an index for reading.
    from search.records.store import RecordStore

#: Longest wait for one answer of the index while it is built or checked; nobody waits for it.
PATIENCE_S = 60.0
#: Documents that an index is made for where there are none yet.
GROWS_TO = 100_000
#: Records and rows whose vectors are made again to try out an index.
PROBES = 10
#: Least cosine between a vector of the index and the same one made again; the bundled model's depend
#: on what else is in the batch (.997 and more).
SAME_VECTOR = 0.98
#: Among so many best a catalogue row must be found by its own titles.
PROBE_DEPTH = 50


@dataclass(frozen=True)
class IndexCheck:
    """How an index differs from the records; changes not yet applied are left out."""

    missing: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()

    @property
    def is_equal(self) -> bool:
        """Whether there is no difference."""
        return not (self.missing or self.extra or self.stale)


def build_manifest(encoder: Encoder) -> Manifest:
    """Return what an index is built with now."""
    return Manifest(
        schema=SCHEMA,
        tokeniser=load_vocabulary().tokeniser,
        model=encoder.name,
        dim=encoder.dim,
        taxonomies=fingerprint(),
    )


def open_current(indexes: Indexes, *, writable: bool) -> SearchBackend:
    """Open the index in use; make an empty one where there is none and it may be written.

    Raises:
        IndexMissingError: there is none, and it is only to be read.
        IndexMismatchError: it was built otherwise: `rebuild` makes another.
    """
    current = indexes.current()
    if current is None:
        if not writable:
            raise IndexMissingError(
                f"there is no index in {indexes.place}; build it: bole index build"
            )
        current = indexes.create(GROWS_TO)
        indexes.open(current, writable=True).close()
        indexes.promote(current)
    return indexes.open(current, writable=writable)


def build(
    indexes: Indexes,
    store: RecordStore,
    encoder: Encoder,
    *,
    on_progress: Callable[[int], None] | None = None,
) -> str:
    """Build a complete index beside the one in use and try it out; it is not yet in use.

    Args:
        indexes: where; made for the manifest of the encoder.
        store: the records; they may change meanwhile.
        encoder: makes the vectors.
        on_progress: told the number of records read so far.

    Returns:
        The name of the new index.

    Raises:
        IndexMismatchError: it does not equal the records, or does not answer as it should; it was
            removed again.
    """
    with budget.patient(PATIENCE_S):
        return _built(indexes, store, encoder, on_progress)


def _built(
    indexes: Indexes,
    store: RecordStore,
    encoder: Encoder,
    on_progress: Callable[[int], None] | None,
) -> str:
    name = indexes.create(store.count() + len(load_catalogue().roles))
    try:
        backend = indexes.open(name, writable=True)
        try:
            consumer = indexes.consumer(name)
            projector = Projector(store, backend, encoder, consumer=lambda: consumer)
            projector.ensure_roles()
            projector.apply_all(on_progress)
            refuse_unequal(name, store, backend, set(projector.state().held))
            refuse_unfit(name, store, backend, encoder)
        finally:
            backend.close()
    except BaseException:
        # What is half done is of no use to anyone; the vectors made so far are remembered elsewhere.
        with suppress(Exception):
            indexes.remove(name)
        raise
    return name


def rebuild(
    indexes: Indexes,
    store: RecordStore,
    encoder: Encoder,
    *,
    on_progress: Callable[[int], None] | None = None,
) -> str:
    """Build an index (see `build`) and put it to use; return its name.

    What changes after the switch is caught up by whoever follows the records. The index before is
    kept, so that one can go back.
    """
    name = build(indexes, store, encoder, on_progress=on_progress)
    indexes.promote(name)
    return name


def refuse_unequal(
    name: str, store: RecordStore, backend: SearchIndex, held: set[str] | None = None
) -> None:
    """Compare an index with the records before it is put to use.

    Args:
        name: of the index, for the message.
        store: the records.
        backend: the index.
        held: ids of records that could not be made into documents, and are known to be missing.

    Raises:
        IndexMismatchError: they differ.
    """
    difference = check_index(store, backend)
    unexplained = [
        missing for missing in difference.missing if missing.partition(":")[2] not in (held or ())
    ]
    if unexplained or difference.extra or difference.stale:
        raise IndexMismatchError(
            f"the index {name} was to equal the records; {len(unexplained)} are missing, "
            f"{len(difference.extra)} too many, {len(difference.stale)} out of date. The index in "
            "use stays. Build again; if it comes back, report it"
        )


def refuse_unfit(name: str, store: RecordStore, backend: SearchIndex, encoder: Encoder) -> None:
    """Ask an index some questions whose answers are known, before it is put to use.

    Catalogue rows must be found by their own titles; and the vectors of some rows and records must
    be those that this encoder makes of them.

    Raises:
        IndexMismatchError: an answer is wrong; the message says which.
    """
    with budget.patient(PATIENCE_S):
        _probe(name, store, backend, encoder)


def _probe(name: str, store: RecordStore, backend: SearchIndex, encoder: Encoder) -> None:
    roles = _spread(load_catalogue().roles)
    names = [doc_id("role", role.number) for role in roles]
    documents = backend.get(names)
    for role in names:
        tokens = documents[role].tokens.get("title", "").split() if role in documents else []
        query = LexicalQuery({"title": dict.fromkeys(tokens, 1.0)})
        found = backend.lexical(query, Term("kind", ("role",)), PROBE_DEPTH)
        if role not in {hit.doc_id for hit in found}:
            raise IndexMismatchError(
                f"the index {name} was asked for {role} by its own titles and does not find it; "
                "the index in use stays. Build again; if it comes back, report it"
            )
    records = [change.stored for change in store.records_after("", PROBES) if change.stored]
    passages = [document_passages(role) for role in roles]
    passages += [document_passages(stored.record) for stored in records]
    names += [doc_id(stored.kind, stored.id) for stored in records]
    for probed, vector in zip(names, encode_passages(encoder, passages), strict=True):
        if not np.any(vector):
            continue
        # A record may have been changed since, or be held back: then there is none to compare.
        cosine = backend.similarities(vector, [probed]).get(probed)
        if cosine is not None and cosine < SAME_VECTOR:
            raise IndexMismatchError(
                f"the vector of {probed} in the index {name} is not what {encoder.name} makes of "
                f"it now (cosine {cosine:.3f}). Build again; if it comes back, report it"
            )
    if backend.count(EVERYTHING) != len(backend.doc_ids()):
        raise IndexMismatchError(f"the index {name} counts other documents than it lists")


def check_index(store: RecordStore, backend: SearchIndex) -> IndexCheck:
    """Compare an index with the records, document by document.

    Args:
        store: the records.
        backend: the index; what it has not caught up with yet is not counted as a difference.
    """
    with budget.patient(PATIENCE_S):
        return _compared(store, backend)


def _compared(store: RecordStore, backend: SearchIndex) -> IndexCheck:
    backend.refresh()
    found = backend.doc_ids()
    watermark = backend.watermark()
    expected = {
        doc_id(kind, record_id): sequence
        for record_id, (kind, sequence) in store.sequences().items()
    }
    pending: set[str] = set()
    while (changes := store.changes_after(watermark, BATCH)).upto > watermark:
        watermark = changes.upto
        pending.update(doc_id(row.kind, row.record_id) for row in changes.rows)
    expected_ids = {name for name in expected if name not in pending}
    roles = {doc_id("role", role.number) for role in load_catalogue().roles}
    common = sorted(expected_ids & found)
    stale = []
    for start in range(0, len(common), BATCH):
        for name, document in backend.get(common[start : start + BATCH]).items():
            if document.sequence != expected[name]:
                stale.append(name)
    return IndexCheck(
        missing=tuple(sorted((expected_ids | roles) - found)),
        extra=tuple(sorted(found - expected.keys() - roles - pending)),
        stale=tuple(sorted(stale)),
    )


def _spread(roles: Sequence[Role]) -> list[Role]:
    return list(roles[:: max(1, len(roles) // PROBES)])
