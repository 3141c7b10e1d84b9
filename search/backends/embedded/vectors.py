"""The rows of all documents: vectors, attributes and ids; the part of the index that is our own.

One generation on disk, a tail of what came since, and marks of the rows that died. Documents
without a vector have rows as well: the rows are also what knows which ids exist, at which sequence,
and which document an ordinal of the token index means.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from search.backends.base import ScoredDoc, Vector
from search.backends.embedded import scoring
from search.backends.embedded.columns import Mask, Passing, sort_columns
from search.backends.embedded.generation import (
    Generation,
    Source,
    plan_rows,
    write_generation,
)
from search.backends.embedded.scoring import Quantised, Rows
from search.backends.embedded.tail import Change, Entry, Tail, TailView
from search.backends.filters import Filter
from search.backends.ties import best_documents

#: Masks kept of one view; a byte a row each.
KEPT_MASKS = 16


@dataclass(frozen=True)
class VectorSettings:
    """Where the vector part changes its way.

    Attributes:
        exact_up_to: at most so many matching rows are scanned exactly; beyond, inverted lists.
        list_rows: inverted lists are made when a generation has more vectors than this.
        nprobe: lists looked into; 128 of 1,024 gave recall .95 on vectors without any clusters and
            .999 on clustered ones.
        fold_rows, fold_share: the tail becomes a generation when it passes the larger of so many
            rows and this share of the generation's.
        staged_rows: rows beyond so many that wait for a commit are written out meanwhile, as a
            generation that no commit names yet: it bounds the memory of a bulk load.
    """

    exact_up_to: int = 120_000
    list_rows: int = 200_000
    nprobe: int = 128
    fold_rows: int = 2_000
    fold_share: float = 0.05
    staged_rows: int = 200_000


@dataclass(frozen=True)
class RowsView:
    """All rows at one commit; safe to read from any thread."""

    settings: VectorSettings
    base: Generation
    base_alive: Mask
    tail: TailView
    count: int
    _masks: dict[Filter, tuple[Mask, Mask]] = field(default_factory=dict, init=False, repr=False)

    @cached_property
    def _passing_base(self) -> Passing:
        return Passing(self.base.columns, self.base.find, KEPT_MASKS)

    @cached_property
    def _passing_tail(self) -> Passing:
        return Passing(self.tail.columns, self.tail.find, KEPT_MASKS)

    def ids(self) -> set[str]:
        """Return the id of every document."""
        living = self.base.ids[self.base_alive].tolist()
        return {doc_id.decode() for doc_id in living} | set(self.tail.row_of)

    def known(self, doc_ids: Sequence[str]) -> list[str]:
        """Return those of the ids that are in the index, each once."""
        wanted = list(dict.fromkeys(doc_ids))
        base_rows = self.base.find(wanted).tolist()
        return [
            doc_id
            for doc_id, row in zip(wanted, base_rows, strict=True)
            if doc_id in self.tail.row_of or (row >= 0 and self.base_alive[row])
        ]

    def masks(self, condition: Filter) -> tuple[Mask, Mask]:
        """Return which rows of the generation and of the tail pass, dead ones left out; read only.

        One search asks for the same few again and again, each arm and each count: they are kept.
        """
        known = self._masks.get(condition)
        if known is None:
            known = (
                self._passing_base.mask(condition) & self.base_alive,
                self._passing_tail.mask(condition) & self.tail.alive,
            )
            for mask in known:
                mask.setflags(write=False)
            if len(self._masks) >= KEPT_MASKS:
                self._masks.clear()
            self._masks[condition] = known
        return known

    def count_passing(self, condition: Filter) -> int:
        """Return how many documents pass the filter."""
        return sum(int(np.count_nonzero(mask)) for mask in self.masks(condition))

    def counts(self, condition: Filter, fields: Sequence[str]) -> dict[str, dict[str, int]]:
        """Return by field how many documents that pass hold each value of it."""
        base_mask, tail_mask = self.masks(condition)
        result = {}
        for name in fields:
            totals = self.base.columns.counts(name, base_mask)
            for value, count in self.tail.columns.counts(name, tail_mask).items():
                totals[value] = totals.get(value, 0) + count
            result[name] = totals
        return result

    def nearest(self, query: Vector, condition: Filter, k: int) -> list[ScoredDoc]:
        """Return the k nearest by cosine among the documents that pass.

        Args:
            query: float32, (dim,), L2-normalised.
            condition: the filter.
            k: at least 1.
        """
        base_mask, tail_mask = self.masks(condition)
        base_mask = base_mask & (self.base.vectors.scales > 0)
        tail_mask = tail_mask & (self.tail.vectors.scales > 0)
        base_rows = self._best_of_base(base_mask, query, k)
        tail_rows = scoring.best_rows(self.tail.vectors, tail_mask, query, k)
        base_scores = scoring.cosines(self.base.vectors, base_rows, query)
        tail_scores = scoring.cosines(self.tail.vectors, tail_rows, query)
        return best_documents(
            [doc_id.decode() for doc_id in self.base.ids[base_rows].tolist()]
            + [self.tail.ids[row] for row in tail_rows.tolist()],
            np.concatenate((base_scores, tail_scores)),
            k,
        )

    def _best_of_base(self, mask: Mask, query: Vector, k: int) -> Rows:
        if self.base.lists is not None and np.count_nonzero(mask) > self.settings.exact_up_to:
            wanted = max(2 * k, 2 * scoring.SMALL)
            rows = self.base.nearest_in_lists(mask, query, wanted, self.settings.nprobe)
            if len(rows) == wanted:
                return rows
            # Too few in the lists looked into; the scan is slower and always right.
        return scoring.best_rows(self.base.vectors, mask, query, k)

    def similarities(
        self, query: Vector, doc_ids: Sequence[str], condition: Filter
    ) -> dict[str, float]:
        """Return the cosine to each of the documents that passes the filter and has a vector."""
        result: dict[str, float] = {}
        wanted = list(dict.fromkeys(doc_ids))
        base_mask, tail_mask = self.masks(condition)
        in_tail = [
            doc_id
            for doc_id in wanted
            if (row := self.tail.row_of.get(doc_id)) is not None and tail_mask[row]
        ]
        rows = np.array([self.tail.row_of[doc_id] for doc_id in in_tail], dtype=np.int64)
        result.update(_similar(self.tail.vectors, in_tail, rows, query))
        rows = self.base.find(wanted)
        kept = [place for place, row in enumerate(rows) if row >= 0 and base_mask[row]]
        result.update(
            _similar(self.base.vectors, [wanted[place] for place in kept], rows[kept], query)
        )
        return result

    def passing_ordinals(self, ordinals: NDArray[np.int64], condition: Filter) -> Mask:
        """Return which of the ordinals belong to documents that pass: bool, (len(ordinals),)."""
        base_mask, tail_mask = self.masks(condition)
        result = np.zeros(len(ordinals), dtype=np.bool_)
        for rows, mask in (
            (self.base.rows_of_ordinals(ordinals), base_mask),
            (self.tail.rows_of_ordinals(ordinals), tail_mask),
        ):
            known = rows >= 0
            result[known] |= mask[rows[known]]
        return result

    def ids_of_ordinals(self, ordinals: NDArray[np.int64]) -> list[str]:
        """Return the ids of documents that the token index knows by their ordinals.

        Raises:
            KeyError: an ordinal is unknown, which would mean that the two parts disagree.
        """
        base_rows = self.base.rows_of_ordinals(ordinals)
        tail_rows = self.tail.rows_of_ordinals(ordinals)
        unknown = ordinals[(base_rows < 0) & (tail_rows < 0)]
        if len(unknown):
            raise KeyError(f"no row for ordinal {unknown[0]}")
        base_ids = iter(self.base.ids[base_rows[tail_rows < 0]].tolist())
        return [
            self.tail.ids[row] if row >= 0 else next(base_ids).decode()
            for row in tail_rows.tolist()
        ]


class RowStore:
    """The rows as the writer changes them, or a reader follows them."""

    def __init__(self, base: Generation, settings: VectorSettings) -> None:
        self.base = base
        self.settings = settings
        self.tail = Tail(base.vectors.codes.shape[1])
        self.base_alive: Mask = np.ones(len(base), dtype=np.bool_)
        self.count = len(base)

    def sequences(self, doc_ids: Sequence[str]) -> list[int | None]:
        """Return the stored sequence of each document, None where it is not there."""
        result: list[int | None] = []
        for doc_id, base_row in zip(doc_ids, self.base.find(doc_ids).tolist(), strict=True):
            tail_row = self.tail.row_of.get(doc_id)
            if tail_row is not None:
                result.append(self.tail.entries[tail_row].sequence)
            elif base_row >= 0 and self.base_alive[base_row]:
                result.append(int(self.base.sequences[base_row]))
            else:
                result.append(None)
        return result

    def delete(self, doc_ids: Sequence[str]) -> list[str]:
        """Mark documents dead; return the ids that were there."""
        deleted = []
        for doc_id, base_row in zip(doc_ids, self.base.find(doc_ids).tolist(), strict=True):
            in_base = base_row >= 0 and bool(self.base_alive[base_row])
            if in_base:
                self.base_alive[base_row] = False
            if self.tail.kill(doc_id) or in_base:
                deleted.append(doc_id)
        self.count -= len(deleted)
        return deleted

    def add(self, entries: Sequence[Entry], vectors: Quantised) -> None:
        """Add or replace documents; no id twice in one call."""
        self.delete([entry.doc_id for entry in entries])
        self.tail.append(entries, vectors)
        self.count += len(entries)

    def apply(self, change: Change) -> None:
        """Repeat what a commit did."""
        self.delete(change.deleted)
        self.add(change.entries, scoring.quantise_halves(change.halves))

    @property
    def needs_fold(self) -> bool:
        """Whether enough has changed that a new generation pays."""
        limit = max(self.settings.fold_rows, self.settings.fold_share * len(self.base))
        dead = len(self.base) - int(np.count_nonzero(self.base_alive))
        lacks_lists = self.base.lists is None and self.base.vector_count > self.settings.list_rows
        return lacks_lists or max(len(self.tail), dead) > limit

    def freeze(self) -> RowsView:
        """Return all rows as they are now; later changes do not show in it."""
        return RowsView(
            self.settings, self.base, self.base_alive.copy(), self.tail.freeze(), self.count
        )

    def fold(self, parent: Path, number: int, *, with_lists: bool = True) -> Generation:
        """Write what lives as a new generation; this store stays as it is."""
        tail = self.tail.freeze()
        encoded = [doc_id.encode() for doc_id in tail.ids[: len(tail)]]
        sources = [
            Source(
                self.base.ids,
                self.base.sequences,
                self.base.ordinals,
                self.base.vectors,
                self.base_alive,
            ),
            Source(
                np.array(encoded, dtype=np.bytes_) if encoded else np.empty(0, dtype="S1"),
                tail.sequences,
                tail.ordinals,
                tail.vectors,
                tail.alive,
            ),
        ]
        plan = plan_rows(sources)
        columns = sort_columns(
            len(plan.ids),
            [
                (self.base.columns.pairs(), plan.new_rows[0]),
                (tail.columns.pairs(), plan.new_rows[1]),
            ],
        )
        return write_generation(
            parent,
            number,
            sources,
            plan,
            columns,
            list_rows=self.settings.list_rows if with_lists else None,
            trained=self.base,
        )


def _similar(vectors: Quantised, ids: Sequence[str], rows: Rows, query: Vector) -> dict[str, float]:
    scores = scoring.cosines(vectors, rows, query).tolist()
    present = (vectors.scales[rows] > 0).tolist()
    return {
        doc_id: score
        for doc_id, score, is_there in zip(ids, scores, present, strict=True)
        if is_there
    }
