"""A vacancy or a candidate as a side of a match: stored, or only sent along with the question."""

from __future__ import annotations

from datetime import UTC, datetime

from ingest.documents import build_document, document_passages
from search.matching.echo import without_sentences
from search.matching.service import Side
from search.ranking.passages import record_passages
from search.records.models import AnyRecord, Candidate
from search.records.store import StoredRecord

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


def cleared_side(candidate: Candidate, posting: str) -> Side:
    """Return a candidate as if what the profile repeats of a posting had not been said."""
    work = tuple(
        job.model_copy(update={"summary": without_sentences(job.summary, posting)})
        for job in candidate.work
    )
    summary = without_sentences(candidate.summary, posting)
    return inline_side(candidate.model_copy(update={"summary": summary, "work": work}))


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
