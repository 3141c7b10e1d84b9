"""`/v1/read`: files of other systems as drafts; nothing is saved until you post what you have looked through."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Query
from pydantic import Field

from api import posting_service, resume_service
from api.codes import STORED
from api.problems import Fault, Problem
from api.resume_service import ResumeRefused
from api.v1.contact_schemas import ContactBody
from api.v1.dependencies import AnswerLang, AnyAccess
from api.v1.record_schemas import CandidateBody, VacancyBody
from api.v1.responses import errors
from api.v1.schema_base import Answered
from api.wording import wording

router = APIRouter(prefix="/read", tags=["imports"])

File = Annotated[bytes, Body(media_type="application/octet-stream")]


class ProfileDraft(Answered):
    """What was read of a résumé."""

    record: CandidateBody = Field(description="the profile, as POST /v1/candidates takes it")
    contact: ContactBody = Field(description="how the person is reached; no part of the profile")
    notes: list[str] = Field(description="what the person should know of the reading")
    has_headline: bool = Field(
        description="false: the résumé says nowhere in one line who this is; write it"
    )


class PostingRefusal(Answered):
    """A posting that cannot be taken."""

    posting: int = Field(description="which of the file's, from 1")
    field: str = Field(description="where; empty for the posting as a whole")
    value: str = Field(description="what stands there, cut short")
    reason: str = Field(description="why")
    fix: str = Field(description="what to do")


class PostingDrafts(Answered):
    """What was read of postings."""

    items: list[VacancyBody] = Field(description="openings, as POST /v1/vacancies takes them")
    refused: list[PostingRefusal] = Field(description="those that cannot be taken")


@router.post("/profile", summary="A résumé as a draft", responses=errors(408, 413, 422, 503))
def post_profile(
    access: AnyAccess,
    lang: AnswerLang,
    content: File,
    name: Annotated[str, Query(description="what you call the file", max_length=200)] = "",
) -> ProfileDraft:
    """Read a PDF, DOCX or TXT, or a JSON Resume, into a profile to be looked through."""
    access.require_add("candidate")
    try:
        draft = resume_service.draft(content, name)
    except ResumeRefused as refused:
        raise Problem("invalid-input", [Fault("body", "file", refused.phrase)]) from None
    words = wording(lang)
    return ProfileDraft(
        record=CandidateBody.model_validate(draft.candidate.model_dump(), context=STORED),
        contact=ContactBody(
            name=draft.contact.name, phone=draft.contact.phone, email=draft.contact.email
        ),
        notes=[note.within(words) for note in draft.notes],
        has_headline=draft.has_headline,
    )


@router.post("/postings", summary="Postings as drafts", responses=errors(408, 413, 422, 503))
def post_postings(access: AnyAccess, lang: AnswerLang, content: File) -> PostingDrafts:
    """Read the schema.org JobPosting of a page or of a JSON-LD file into openings."""
    found, refused = posting_service.drafts(access, content, lang)
    return PostingDrafts(
        items=[VacancyBody.model_validate(one.model_dump(), context=STORED) for one in found],
        refused=[PostingRefusal(**vars(one)) for one in refused],
    )
