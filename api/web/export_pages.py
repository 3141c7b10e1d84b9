"""Lists to take away from the pages: own records, the hits of a search, those of a match."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from fastapi import APIRouter, Request, Response
from starlette.responses import StreamingResponse

from api import export_service, hit_exports
from api.languages import language_of
from api.problems import Fault, Phrase, Problem
from api.web.access import AnyAccess, may_bring_many
from api.web.links import state_of
from api.web.match_links import match_state
from api.web.match_page import vacancy_question
from api.web.search_page import asked
from search.records.models import Vacancy
from search.records.stored import Kind

pages = APIRouter(include_in_schema=False, prefix="/exports")

_KINDS: Mapping[str, Kind] = {"candidates": "candidate", "vacancies": "vacancy"}
_FORMATS: Mapping[str, export_service.Format] = {"csv": "csv", "xlsx": "xlsx", "jsonl": "jsonl"}


@pages.get("/search.{form}")
def search_file(request: Request, access: AnyAccess, form: str) -> Response:
    """Give all hits of a search as a list."""
    format = _format(form)
    state = state_of(request.query_params.multi_items())
    if not (state.q or "").strip():
        raise Problem("invalid-input", [Fault("query", "q", Phrase("fault.blank_text"))])
    reading, body = asked(state)
    rows = hit_exports.search_hits(access, reading, body, format, language_of(request))
    return _file(rows, f"search.{form}", format)


@pages.get("/matches.{form}")
def matches_file(request: Request, access: AnyAccess, form: str) -> Response:
    """Give all who fit an opening as a list, by the requirements and weights chosen on its page."""
    format = _format(form)
    record_id = request.query_params.get("vacancy", "")
    if not record_id:
        raise Problem("invalid-input", [Fault("query", "vacancy", Phrase("fault.missing"))])
    stored = access.get(record_id, "vacancy")
    access.require_own(stored)
    assert isinstance(stored.record, Vacancy)
    pairs = [pair for pair in request.query_params.multi_items() if pair[0] != "vacancy"]
    body = vacancy_question(stored, stored.record, match_state(pairs))
    rows = hit_exports.match_hits(access, body, format, language_of(request))
    return _file(rows, f"matches.{form}", format)


@pages.get("/{name}.{form}")
def export_file(request: Request, access: AnyAccess, name: str, form: str) -> Response:
    """Give the caller's own records as a list."""
    may_bring_many(access, request)
    kind = _KINDS.get(name)
    if kind is None:
        raise Problem("not-found")
    format = _format(form)
    rows = export_service.own_records(access, kind, format, language_of(request))
    return _file(rows, f"{name}.{form}", format)


def _format(form: str) -> export_service.Format:
    if form not in _FORMATS:
        raise Problem("not-found")
    return _FORMATS[form]


def _file(rows: Iterator[bytes], name: str, format: export_service.Format) -> Response:
    return StreamingResponse(
        rows,
        media_type=export_service.media_type(format),
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
