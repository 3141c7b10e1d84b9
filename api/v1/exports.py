"""`/v1/exports`: your records as a list to take away."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response
from starlette.responses import StreamingResponse

from api import export_service
from api.v1.dependencies import AnswerLang, AnyAccess
from api.v1.responses import BINARY, errors
from search.records.stored import Kind
from taxonomies.models import Lang

router = APIRouter(prefix="/exports", tags=["exports"])

FILES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "the file",
        "content": {
            export_service.media_type(format): {"schema": BINARY}
            for format in export_service.FORMATS
        },
    }
}
Format = Annotated[Literal["csv", "xlsx", "jsonl"], Query(description="form of the file")]


@router.get(
    "/candidates",
    summary="Your profiles as a list",
    response_class=Response,
    responses={**FILES, **errors(422, 503)},
)
def export_candidates(
    access: AnyAccess, lang: AnswerLang, format: Format = "xlsx"
) -> StreamingResponse:
    """Return the profiles that are yours, or your organisation's, with their contact details."""
    return _file(access, "candidate", format, lang)


@router.get(
    "/vacancies",
    summary="Your openings as a list",
    response_class=Response,
    responses={**FILES, **errors(422, 503)},
)
def export_vacancies(
    access: AnyAccess, lang: AnswerLang, format: Format = "xlsx"
) -> StreamingResponse:
    """Return the openings that are yours, or your organisation's."""
    return _file(access, "vacancy", format, lang)


def _file(
    access: AnyAccess, kind: Kind, format: export_service.Format, lang: Lang
) -> StreamingResponse:
    rows = export_service.own_records(access, kind, format, lang)
    name = {"candidate": "candidates", "vacancy": "vacancies"}[kind]
    headers = {"Content-Disposition": f'attachment; filename="{name}.{format}"'}
    media_type = export_service.media_type(format)
    return StreamingResponse(rows, media_type=media_type, headers=headers)
