"""A vacancy or a candidate as a side of a match: stored, or only sent along with the question."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from ingest.documents import build_document, document_passages
from search.matching.echo import without_sentences
from search.matching.service import Side
from search.ranking.passages import record_passages
from search.records.models import AnyRecord, Candidate
from search.records.stored import StoredRecord

#: Id of a record that is not stored.
INLINE = "inline"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def side_of(stored: StoredRecord) -> Side:
    """Return a stored record as a side."""
    record = stored.record
    return Side(
        document=build_document(stored),
        passages=document_passages(record),
        quoted=record_passages(record) if isinstance(record, Candidate) else {},
        said="" if isinstance(record, Candidate) else f"{record.title}\n{record.text}",
    )


def cleared_sides(candidates: Mapping[str, Candidate], posting: str) -> dict[str, Side]:
    """Return those who repeat some of a posting, by id, as if they had not."""
    cleared = {name: _cleared(candidate, posting) for name, candidate in candidates.items()}
    return {
        name: inline_side(candidate)
        for name, candidate in cleared.items()
        if candidate != candidates[name]
    }


def _cleared(candidate: Candidate, posting: str) -> Candidate:
    work = tuple(
        job.model_copy(update={"summary": without_sentences(job.summary, posting)})
        for job in candidate.work
    )
    summary = without_sentences(candidate.summary, posting)
    return candidate.model_copy(update={"summary": summary, "work": work})


def inline_side(record: AnyRecord) -> Side:
    """Return a record that is not stored as a side."""
    return side_of(
        StoredRecord(
            id=INLINE,
            owner=INLINE,
            record=record,
            version=1,
            sequence=0,
            created_at=_EPOCH,
            updated_at=_EPOCH,
        )
    )
