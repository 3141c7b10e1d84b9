"""Documents ready for an index in files: several indexes are built from the very same ones.

They are read from records and encoded once, and then read back in batches as often as somebody
likes, so that a million need no more memory than a thousand.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain, count, islice
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np
from numpy.typing import NDArray

from api.commands.bench_measures import batches
from ingest.documents import document_passages, role_document
from ingest.preparation import prepared_ahead
from ingest.projector import BATCH
from search.backends.base import Document, Vector
from search.backends.filters import Filter, matches
from search.embedding.base import Encoder
from search.embedding.passages import encode_passages
from taxonomies.catalogue import load_catalogue

if TYPE_CHECKING:
    from search.records.store import Change, RecordStore

#: Between the id of a record's document and the number of a copy of it; in no id of ours.
COPY = "~"
#: Standard deviation of what is added to each number of a copy's vector, for 256 numbers of length 1:
#: the cosine of a copy to its original is about .9.
NOISE = 0.03
#: Share of the words that a copy's text leaves out.
LEFT_OUT = 0.125
#: Neighbours noted beyond k: an engine may name another one of those that are as near as the k-th.
SPARE = 50
#: Difference of two cosines that means nothing.
TIED = 1e-6

Matrix = NDArray[np.float32]


def write_documents(path: Path, store: RecordStore, encoder: Encoder) -> None:
    """Write the catalogue's rows and all records; a file is complete or not there.

    Args:
        path: of the file.
        store: the records.
        encoder: makes the vectors.
    """
    with _written(path) as file:
        roles = load_catalogue().roles
        vectors = encode_passages(encoder, [document_passages(role) for role in roles])
        _dump(file, [role_document(role) for role in roles], vectors)
        for changes, prepared in prepared_ahead(_records(store)):
            batch = [prepared[change.record_id] for change in changes]
            vectors = encode_passages(encoder, [each.passages for each in batch])
            _dump(file, [each.document for each in batch], vectors)


def write_copies(path: Path, originals: Path, wanted: int, seed: int) -> None:
    """Write noisy copies of documents, round after round: for an index larger than what there is.

    A copy has the filterable values of its original, most of its words and a vector near by.

    Args:
        path: of the file.
        originals: the file of what is copied.
        wanted: how many copies.
        seed: of the noise.
    """
    random = np.random.default_rng(seed)
    with _written(path) as file:
        for number in count(1):
            documents = chain.from_iterable(read_documents([originals]))
            records = islice(documents, len(load_catalogue().roles), None)
            for batch in batches(islice(records, wanted), BATCH):
                copies = [_copy(document, number, random) for document in batch]
                _dump(file, [document for document, _ in copies], [row for _, row in copies])
                wanted -= len(copies)
            if wanted <= 0:
                return


def read_documents(paths: Sequence[Path]) -> Iterator[list[Document]]:
    """Yield the documents of some files in batches, as they were written."""
    for path in paths:
        with path.open("rb") as file:
            while True:
                try:
                    documents, vectors = pickle.load(file)
                except EOFError:
                    break
                yield [
                    replace(document, vector=vector)
                    for document, vector in zip(documents, vectors, strict=True)
                ]


def original(doc_id: str) -> str:
    """Return the id of the document that this one is a copy of, or its own."""
    return doc_id.partition(COPY)[0]


def exact_nearest(
    paths: Sequence[Path], queries: Matrix, conditions: Mapping[str, Filter], k: int
) -> dict[str, list[dict[str, float]]]:
    """Compare queries with every vector of some files, in float32.

    Args:
        paths: of the files.
        queries: float32, (n_queries, dim), rows L2-normalised.
        conditions: filters by name.
        k: how many neighbours.

    Returns:
        For each filter and query the cosines of the nearest k (and `SPARE` more) by id.
    """
    best = {name: _Best(len(queries), k + SPARE) for name in conditions}
    for batch in read_documents(paths):
        vectors = np.array([document.vector for document in batch])
        cosines = queries @ vectors.T
        has_vector = vectors.any(axis=1)
        for name, condition in conditions.items():
            passing = [matches(condition, document) for document in batch]
            kept = np.flatnonzero(np.array(passing) & has_vector)
            best[name].add(cosines[:, kept], [batch[row].doc_id for row in kept])
    return {name: each.by_id() for name, each in best.items()}


def recall(found: Iterable[str], exact: Mapping[str, float], k: int) -> float:
    """Return the share of the nearest k that was found; any of several equally near ones will do."""
    cosines = sorted(exact.values(), reverse=True)[:k]
    if not cosines:
        return 1.0
    least = cosines[-1] - TIED
    right = sum(exact.get(doc_id, -2.0) >= least for doc_id in found)
    return min(right, len(cosines)) / len(cosines)


class _Best:
    """The largest of each row, among columns that come batch by batch."""

    def __init__(self, rows: int, size: int) -> None:
        self._size = size
        self._cosines = np.empty((rows, 0), np.float32)
        self._ids = np.empty((rows, 0), object)

    def add(self, cosines: Matrix, ids: Sequence[str]) -> None:
        names = np.broadcast_to(np.array(ids, object), cosines.shape)
        cosines = np.concatenate([self._cosines, cosines], axis=1)
        names = np.concatenate([self._ids, names], axis=1)
        if cosines.shape[1] > self._size:
            places = np.argpartition(-cosines, self._size, axis=1)[:, : self._size]
            cosines = np.take_along_axis(cosines, places, axis=1)
            names = np.take_along_axis(names, places, axis=1)
        self._cosines, self._ids = cosines, names

    def by_id(self) -> list[dict[str, float]]:
        return [
            dict(zip(names.tolist(), row.tolist(), strict=True))
            for names, row in zip(self._ids, self._cosines, strict=True)
        ]


@contextmanager
def _written(path: Path) -> Iterator[BinaryIO]:
    unfinished = path.with_name(f"{path.name}.new")
    with unfinished.open("wb") as file:
        yield file
    unfinished.rename(path)


def _records(store: RecordStore) -> Iterator[Sequence[Change]]:
    last = ""
    while changes := store.records_after(last, BATCH):
        yield changes
        last = changes[-1].record_id


def _dump(file: BinaryIO, documents: Sequence[Document], vectors: Matrix | list[Vector]) -> None:
    # One array of all vectors: a tenth of the time that an array each would take.
    pickle.dump((list(documents), np.array(vectors, np.float32)), file, pickle.HIGHEST_PROTOCOL)


def _copy(document: Document, number: int, random: np.random.Generator) -> tuple[Document, Vector]:
    words = np.array(document.tokens.get("text", "").split())
    kept = words[random.random(len(words)) >= LEFT_OUT]
    tokens = dict(document.tokens)
    if len(kept):
        tokens["text"] = " ".join(kept.tolist())
    if document.vector is None:
        raise ValueError(f"{document.doc_id} was read from the file and has no vector")
    vector = document.vector
    if vector.any():
        vector = vector + NOISE * random.standard_normal(len(vector), np.float32)
        vector = vector / np.linalg.norm(vector)
    doc_id = f"{document.doc_id}{COPY}{number}"
    return replace(document, doc_id=doc_id, tokens=tokens, vector=None), vector
