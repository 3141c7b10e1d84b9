"""All routes of `/v1`."""

from __future__ import annotations

from fastapi import APIRouter

from api.v1 import (
    benefits,
    candidates,
    health,
    match,
    regions,
    roles,
    saved_searches,
    search,
    skills,
    vacancies,
)

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
    health,
):
    router.include_router(part.router)
