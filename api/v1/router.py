"""All routes of `/v1`."""

from __future__ import annotations

from fastapi import APIRouter

from api.v1 import candidates, health, regions, roles, search, skills, vacancies

router = APIRouter(prefix="/v1")

for part in (search, roles, skills, regions, candidates, vacancies, health):
    router.include_router(part.router)
