"""All routes of `/v1`."""

from __future__ import annotations

from fastapi import APIRouter

from api.v1 import (
    audit,
    benefits,
    candidates,
    contact_requests,
    declarations,
    exports,
    health,
    imports,
    match,
    me,
    outcomes,
    plans,
    readings,
    regions,
    roles,
    saved_searches,
    search,
    skills,
    vacancies,
)
from api.v1.responses import errors

router = APIRouter(prefix="/v1")

for part in (
    search,
    match,
    roles,
    benefits,
    skills,
    regions,
    candidates,
    vacancies,
    saved_searches,
    contact_requests,
    imports,
    exports,
    readings,
    audit,
    plans,
    outcomes,
    declarations,
    me,
    health,
):
    # Who may ask is decided before anything else: a key can be refused everywhere.
    router.include_router(part.router, responses=errors(401, 403))
