"""What matching needs of the records: texts that evidence quotes from, and what vacancies ask for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from ingest.sides import cleared_sides
from search.matching.masking import masked_passages
from search.matching.requirements import Requirement, requirements_of
from search.matching.service import Side
from search.records.models import Candidate, Vacancy

if TYPE_CHECKING:
    from search.records.stored import StoredRecord

#: Ids of records to those of them that whoever asks may see.
RecordSource = Callable[[Iterable[str]], Mapping[str, "StoredRecord"]]


class MatchRecords:
    """Reads records for matches.

    Args:
        read: gives records.
    """

    def __init__(self, read: RecordSource) -> None:
        self._records = read

    def passages(self, doc_ids: Sequence[str]) -> dict[str, Mapping[str, str]]:
        """Return the texts of candidates, by document id, as an employer sees them."""
        return {
            f"candidate:{record_id}": masked_passages(stored.record)
            for record_id, stored in self._read(doc_ids).items()
            if isinstance(stored.record, Candidate)
        }

    def requirements(self, doc_ids: Sequence[str]) -> dict[str, tuple[Requirement, ...]]:
        """Return what vacancies ask for, by document id."""
        return {
            f"vacancy:{record_id}": requirements_of(stored.record)
            for record_id, stored in self._read(doc_ids).items()
            if isinstance(stored.record, Vacancy)
        }

    def cleared(self, doc_ids: Sequence[str], posting: str) -> dict[str, Side]:
        """Return those of the candidates who repeat some of a posting, without what they repeat."""
        return cleared_sides(
            {
                f"candidate:{record_id}": stored.record
                for record_id, stored in self._read(doc_ids).items()
                if isinstance(stored.record, Candidate)
            },
            posting,
        )

    def _read(self, doc_ids: Sequence[str]) -> Mapping[str, StoredRecord]:
        return self._records(doc_id.partition(":")[2] for doc_id in doc_ids)
