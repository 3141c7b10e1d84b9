"""Postings of other sites become drafts of openings, which somebody looks through before they are saved."""

from __future__ import annotations

from dataclasses import dataclass

from api.access import Access
from api.problems import Fault, Phrase, Problem
from api.wording import wording
from ingest.exports.words import fix_words, reason_words
from ingest.job_posting import PostingFault, read_job_postings
from ingest.json_documents import DocumentError
from search.records.models import Vacancy
from taxonomies.models import Lang


@dataclass(frozen=True)
class RefusedPosting:
    """A posting that cannot be taken.

    Attributes:
        posting: which of the file's, from 1.
        field: where; "" for the posting as a whole.
        value: what stands there, cut short.
        reason: why, in the language of the answer.
        fix: what to do.
    """

    posting: int
    field: str
    value: str
    reason: str
    fix: str


def drafts(
    access: Access, content: bytes, lang: Lang
) -> tuple[list[Vacancy], list[RefusedPosting]]:
    """Read the schema.org postings of a page or of a JSON-LD file; nothing is saved.

    Raises:
        Problem: 401 or 403 for who cannot add openings; 422 for a file that has none, or is no such file.
    """
    access.require_add("vacancy")
    try:
        found = read_job_postings(content)
    except DocumentError as error:
        advice = Phrase(f"document.refused.{error.code}", error.params)
        raise Problem("invalid-input", [Fault("body", "file", advice)]) from None
    words = wording(lang)
    refused = [
        RefusedPosting(
            one.posting,
            one.field,
            one.value,
            reason_words(words, one.reason),
            fix_words(words, one.fix),
        )
        for one in found
        if isinstance(one, PostingFault)
    ]
    return [one for one in found if isinstance(one, Vacancy)], refused
