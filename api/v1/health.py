"""`GET /v1/health` and `GET /v1/ready`."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

from fastapi import APIRouter, Response

from api.strict_route import StrictRoute
from api.v1.catalogue_schemas import Health, Readiness
from api.v1.dependencies import AnyBole

router = APIRouter(route_class=StrictRoute, tags=["service"])

#: Further behind than this, searches miss too much to be called ready.
LAG_AT_MOST = 10_000


@router.get("/health", summary="Is the process alive?")
async def read_health() -> Health:
    """Answer at once, whatever the index does, and whatever holds the threads of requests."""
    return Health(status="ok", version=bole_version())


@router.get(
    "/ready",
    summary="Can searches be answered?",
    responses={503: {"model": Readiness, "description": "not ready; the same body says why"}},
)
def read_ready(bole: AnyBole, response: Response) -> Readiness:
    """Return the state of the index and how far it is behind the records; 503 when not ready."""
    found = bole.readiness()
    is_ready = found.state in {"ready", "catching-up"} and found.lag <= LAG_AT_MOST
    response.status_code = 200 if is_ready else 503
    return Readiness(
        ready=is_ready,
        index=found.state,
        documents=found.documents,
        watermark=found.watermark,
        last_change=found.last_change,
        lag=found.lag,
        held=found.held,
    )


def bole_version() -> str:
    """Return the installed version."""
    try:
        return version("bole")
    except PackageNotFoundError:
        return "0"
