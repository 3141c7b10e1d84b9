"""What every index must do: the contract that `tests/contract` holds each backend to.

An index is a projection of the records and can be rebuilt from them at any time. It knows tokens,
concepts, attributes and vectors; it knows nothing about what they mean. Fusion and re-ranking
happen above it, in `search.ranking`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from search.backends.filters import (
    EVERYTHING,
    KEYWORD_FIELDS,
    NUMBER_FIELDS,
    Attribute,
    Attributes,
    Filter,
    UnknownFieldError,
)

Vector = NDArray[np.float32]

#: Fields of blank-separated tokens, produced by `search.text`, scored by BM25 (k1 1.2, b 0.75).
TOKEN_FIELDS = ("title", "text")
#: Stands in a token field that has no tokens, so that every engine counts every document: some take
#: the mean length over all documents, some over those that have the field. From Unicode's private
#: use area: no text of ours holds it.
NO_TOKENS = "\ue000"
#: Attributes that can be searched as well as filtered: `skill` (skill ids) and `role` (catalogue
#: row numbers). A concept is held or not, so k1 and b play no part: it scores its idf alone.
CONCEPT_FIELDS = ("skill", "role")

#: Longest id, in UTF-8 bytes; ids are kept in fixed-width rows (Elasticsearch allows 512).
MAX_ID_BYTES = 200
#: Longest keyword value, in UTF-8 bytes; far below the 32,766 at which engines drop terms silently.
MAX_VALUE_BYTES = 1024


class IndexMissingError(RuntimeError):
    """There is no index where one was to be read; the message says where, and how to build it."""


class IndexCorruptError(RuntimeError):
    """A file of the index is damaged or missing; the message says which, and the remedy."""


class IndexMismatchError(RuntimeError):
    """The index was built by another schema, tokeniser or model than the one now asked for."""


class IndexLockedError(RuntimeError):
    """Another writer has the index open; there can be one at a time."""


class IndexUnavailableError(RuntimeError):
    """The server of the index does not answer, is overloaded or refuses; the message says which."""


class IndexMovedError(RuntimeError):
    """Another index was put to use since this one was opened; begin again from its watermark."""


class DocumentsRefusedError(RuntimeError):
    """The engine would not take some documents, whatever is tried.

    Args:
        reasons: document id to what the engine said.
    """

    def __init__(self, reasons: Mapping[str, str]) -> None:
        first, reason = next(iter(reasons.items()))
        super().__init__(
            f"{len(reasons)} documents were to be indexed and were refused, {first} first: {reason}"
        )
        self.reasons = dict(reasons)


@dataclass(frozen=True)
class Document:
    """One thing that can be found.

    Attributes:
        doc_id: unique over all kinds, for example `role:9` or `candidate:01J…`. Never holds blanks.
        sequence: the record's sequence number; an older sequence never overwrites a newer one.
        tokens: token field to tokens joined by single blanks.
        attributes: filterable values by field, see `search.backends.filters`.
        vector: float32, (dim,), L2-normalised; None (or all zero, what an encoder makes of a text
            it knows nothing of) where there is nothing to embed.
    """

    doc_id: str
    sequence: int
    tokens: Mapping[str, str]
    attributes: Attributes
    vector: Vector | None = None


@dataclass(frozen=True)
class ScoredDoc:
    """A document and its score in one arm; larger is better, ties by `doc_id` ascending."""

    doc_id: str
    score: float


@dataclass(frozen=True)
class LexicalQuery:
    """Weighted terms by field; a score is the sum of weight x BM25 over the terms a document holds.

    For a token field BM25 is Lucene's: idf x tf / (tf + k1 x (1 - b + b x length / mean length)),
    with idf = ln(1 + (N - n + 0.5) / (n + 0.5)); for a concept field it is the idf alone.
    A document that holds none of the terms is not found. Terms are compared as they are: they
    come from the text pipeline that made the documents' tokens.

    Attributes:
        terms: token or concept field to term to weight; weights are above 0.
    """

    terms: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, weights in self.terms.items():
            if name not in TOKEN_FIELDS + CONCEPT_FIELDS:
                raise UnknownFieldError(
                    f"a search in {name!r} was asked for; searches know "
                    f"{', '.join(TOKEN_FIELDS + CONCEPT_FIELDS)}"
                )
            for term, weight in weights.items():
                if not (math.isfinite(weight) and weight > 0):
                    raise ValueError(f"the weight of {name}:{term} is {weight}; it must be above 0")


@dataclass(frozen=True)
class Manifest:
    """What an index was built with; a difference in any of these means a new index beside the old.

    Attributes:
        schema: version of fields and file format.
        tokeniser: name and version of the text pipeline, with the hash of its dictionaries.
        model: name of the encoder with the hash of its weights.
        dim: vector length.
        taxonomies: hash over the data releases that documents were derived from.
    """

    schema: int
    tokeniser: str
    model: str
    dim: int
    taxonomies: str


class SearchIndex(Protocol):
    """What can be asked of an index. Safe from several threads."""

    def lexical(self, query: LexicalQuery, condition: Filter, k: int) -> list[ScoredDoc]:
        """Return the k best by BM25 among those that pass the filter; the filter adds no score."""

    def nearest(self, vector: Vector, condition: Filter, k: int) -> list[ScoredDoc]:
        """Return the k nearest by cosine among those that pass the filter.

        Documents without a vector never appear; a zero vector is near nothing.
        """

    def similarities(
        self, vector: Vector, doc_ids: Sequence[str], condition: Filter = EVERYTHING
    ) -> dict[str, float]:
        """Return the cosine to each named document that passes the filter and has a vector."""

    def get(self, doc_ids: Sequence[str]) -> dict[str, Document]:
        """Return what was stored, less the vector, by id; unknown ids are left out."""

    def count(self, condition: Filter) -> int:
        """Return how many documents pass the filter."""

    def facets(
        self,
        condition: Filter,
        fields: Sequence[str],
        size: int,
        selected: Mapping[str, Filter] | None = None,
    ) -> dict[str, dict[str, int]]:
        """Return per keyword field the `size` most frequent values and their document counts.

        Most frequent first, ties by value. A document counts once per value, so that a field of
        several values may sum to more than `count`.

        Args:
            condition: the filter that binds every count.
            fields: keyword fields.
            size: values a field.
            selected: field to the filter that somebody chose in its facet. Each binds the counts of
                the other fields but not of its own, so that one can still choose otherwise there.
        """

    def doc_ids(self) -> set[str]:
        """Return every id in the index (for checks against the records)."""

    def watermark(self) -> int:
        """Return the outbox sequence up to which records are in the index; 0 for a new index."""

    def refresh(self) -> None:
        """Let later reads see what was committed, by this process or another."""


class SearchBackend(SearchIndex, Protocol):
    """An index that can be written too, by one writer at a time."""

    @property
    def name(self) -> str:
        """Which one it stands for, as `Indexes.names` lists it."""

    def upsert(self, documents: Iterable[Document]) -> int:
        """Add or replace documents by `doc_id`; return how many were applied.

        Replacing is idempotent: the same document twice is one document, and a document whose
        sequence is lower than the stored one is skipped. Visible after `commit` and `refresh`.

        Raises:
            ValueError: a document does not pass `check_document`; those before it were taken.
        """

    def delete(self, sequences: Mapping[str, int]) -> int:
        """Remove documents; return how many were there.

        Args:
            sequences: document id to the sequence of its deletion. Unknown ids are ignored; a
                document whose own sequence is higher stays.
        """

    def commit(self, watermark: int) -> None:
        """Make all writes since the last commit durable, together with the watermark, atomically.

        After a crash the index holds everything up to its watermark. An embedded index holds nothing
        beyond it; a server may hold a part of what was under way, which is applied again.

        Raises:
            DocumentsRefusedError: an engine would not take some of them; the others are in, the
                watermark is as it was.
            IndexMovedError: another index was put to use; nothing was written, and the object now
                stands for that one.
            IndexUnavailableError: a server did not take them; what was not committed is dropped.
        """

    def purge(self) -> bool:
        """Rewrite what holds documents that were removed or replaced, so that nothing of them is left.

        Engines merely mark what is removed, and drop it when they merge in their own time; who erases
        a person must not wait for that. Call it after a commit; searches go on meanwhile. Costs a pass
        over what is rewritten, for an embedded index all of it.

        Returns:
            Whether nothing is left; a server may keep what was removed a moment ago, for its own
            recovery: call it again a little later.

        Raises:
            IndexUnavailableError: a server did not do it; something may be left.
        """

    def close(self) -> None:
        """Release files and locks; the object is unusable afterwards."""


def check_document(document: Document, dim: int) -> None:
    """Refuse what no index may take, so that every backend takes the same.

    Args:
        document: what is about to be indexed.
        dim: the vector length of the index.

    Raises:
        UnknownFieldError: a field is not one of the index's.
        ValueError: a value is of the wrong sort; the message names document, field and value.
    """
    doc_id = document.doc_id
    if not 0 < len(doc_id.encode()) <= MAX_ID_BYTES or not doc_id.isprintable() or " " in doc_id:
        raise ValueError(
            f"document id {doc_id[:80]!r}: an id has 1 to {MAX_ID_BYTES} bytes of printable "
            "characters without blanks"
        )
    if not 0 <= document.sequence < 2**63:
        raise ValueError(f"{doc_id}: sequence {document.sequence} is not between 0 and 2^63")
    for name in document.tokens:
        if name not in TOKEN_FIELDS:
            raise UnknownFieldError(
                f"{doc_id}: tokens in {name!r}; there are {', '.join(TOKEN_FIELDS)}"
            )
    for name, values in document.attributes.items():
        if name in KEYWORD_FIELDS:
            fits = _is_keyword
        elif name in NUMBER_FIELDS:
            fits = _is_number
        else:
            raise UnknownFieldError(
                f"{doc_id}: attribute {name!r}; there are "
                f"{', '.join(KEYWORD_FIELDS + NUMBER_FIELDS)}"
            )
        for value in values:
            if not fits(value):
                raise ValueError(
                    f"{doc_id}: {name} holds {str(value)[:80]!r}; keyword fields take text of 1 to "
                    f"{MAX_VALUE_BYTES} bytes, number fields finite numbers"
                )
    vector = document.vector
    if vector is not None and (vector.shape != (dim,) or not np.isfinite(vector).all()):
        raise ValueError(f"{doc_id}: vector of shape {vector.shape}; wanted {dim} finite numbers")


def _is_keyword(value: Attribute) -> bool:
    return isinstance(value, str) and 0 < len(value.encode()) <= MAX_VALUE_BYTES


def _is_number(value: Attribute) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
