"""A résumé becomes a draft that its owner looks through; the file itself is kept nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from api.problems import Phrase
from api.turns import Turns
from ingest.json_documents import DocumentError
from ingest.json_resume import from_json_resume, to_json_resume
from ingest.resumes.draft import draft_profile
from ingest.resumes.models import ResumeRefused as Refused
from ingest.resumes.parse import read_resume
from search.accounts.contacts import Contact
from search.records.models import Candidate


class ResumeRefused(Exception):
    """A file that cannot be read.

    Args:
        phrase: why, and what to do.
    """

    def __init__(self, phrase: Phrase) -> None:
        self.phrase = phrase


#: Each process that reads one may take hundreds of megabytes, and 20 s.
READING = Turns(2)

_STOPGAP = "\u2026"


@dataclass(frozen=True)
class Draft:
    """What was read, not saved.

    Attributes:
        candidate: the profile.
        contact: how the person is reached; no part of it.
        notes: what the person should know.
        has_headline: whether the résumé says in one line who this is; else the profile's is a stopgap.
    """

    candidate: Candidate
    contact: Contact
    notes: tuple[Phrase, ...]
    has_headline: bool


def draft(content: bytes, name: str) -> Draft:
    """Read a PDF, DOCX or TXT in a process of its own, with limits; or a JSON Resume.

    Raises:
        ResumeRefused: it cannot be read; nothing of it is kept.
        Problem: 503, others are being read and no turn came in time.
    """
    if content.lstrip()[:1] == b"{":
        return _json_draft(content)
    try:
        with READING.one():
            found = draft_profile(read_resume(content, filename=name))
    except Refused as refused:
        raise ResumeRefused(Phrase(f"resume.refused.{refused.reason}")) from None
    candidate = found.candidate()
    return Draft(
        candidate or found.candidate(headline=_STOPGAP) or Candidate(headline=_STOPGAP),
        found.contact,
        tuple(Phrase(f"resume.note.{note}") for note in found.notes),
        has_headline=candidate is not None,
    )


def _json_draft(content: bytes) -> Draft:
    try:
        candidate, contact = from_json_resume(content)
    except DocumentError as error:
        raise ResumeRefused(Phrase(f"document.refused.{error.code}", error.params)) from None
    return Draft(candidate, contact, (), has_headline=True)


def as_json_resume(candidate: Candidate, contact: Contact) -> dict[str, Any]:
    """Return a profile in the form of JSON Resume (jsonresume.org, schema 1.0)."""
    document: dict[str, Any] = to_json_resume(candidate, contact)
    return document
