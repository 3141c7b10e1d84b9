"""The web application: the HTTP interface under `/v1`, and the pages."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware

from api.assembly import Bole, IndexNotReadyError
from api.faults import faults_of
from api.logs import set_up_logs
from api.metrics import Metrics
from api.middleware import BodyGuard, Envelope
from api.openapi import build_openapi
from api.problems import Problem, as_json, from_http
from api.rate_limits import RateLimits, rules_of
from api.same_site import SameSite
from api.settings import Settings
from api.v1.health import bole_version
from api.v1.router import router
from api.web import (
    account_pages,
    admin_pages,
    audit_pages,
    declaration_pages,
    edition_pages,
    export_pages,
    hr_pages,
    import_pages,
    me_pages,
    office_pages,
    published_pages,
)
from api.web.access import SendElsewhere, see_other
from api.web.error_pages import as_page, wants_page
from api.web.pages import pages
from api.web.static_files import static_files
from search.backends.base import (
    IndexCorruptError,
    IndexMismatchError,
    IndexMissingError,
    IndexUnavailableError,
)
from search.records.errors import (
    DatabaseBusyError,
    DatabaseUnavailableError,
    StorageFullError,
)

_KIND_OF: dict[type[Exception], str] = {
    IndexNotReadyError: "not-ready",
    IndexMissingError: "not-ready",
    IndexCorruptError: "not-ready",
    IndexMismatchError: "not-ready",
    IndexUnavailableError: "index-unavailable",
    DatabaseBusyError: "busy",
    DatabaseUnavailableError: "records-unavailable",
    StorageFullError: "storage-full",
}
_RETRY_AFTER_S = "5"


def application() -> FastAPI:
    """Return the application of a process that the environment describes, and set up its log.

    What `bole serve --workers` starts in each worker; for other servers `api.app:application` is
    a factory.
    """
    settings = Settings()
    set_up_logs(settings)
    return create_app(for_good(Bole(settings)))


def for_good(bole: Bole) -> Bole:
    """Return a Bole of a process that serves it until it ends.

    Words, model and index stay as long as the process: once they are read, the collector of garbage
    need not walk over them again, which a search in its way would wait for.
    """

    def settle() -> None:
        gc.collect()
        gc.freeze()

    bole.on_ready = settle
    return bole


def create_app(bole: Bole) -> FastAPI:
    """Return the application over an assembled Bole; its lifespan starts the projector."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        bole.start()
        yield
        bole.close()

    app = FastAPI(
        title="Bole",
        version=bole_version(),
        description="Talent-matching search over a published shortage-role catalogue.",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/v1/openapi.json",
        redirect_slashes=False,
    )
    app.state.bole = bole
    app.include_router(router)
    app.include_router(pages)
    for part in (
        account_pages,
        admin_pages,
        export_pages,
        audit_pages,
        declaration_pages,
        edition_pages,
        hr_pages,
        import_pages,
        me_pages,
        office_pages,
        published_pages,
    ):
        app.include_router(part.pages)
    app.mount("/static", static_files())
    metrics = app.state.metrics = Metrics(bole_version()) if bole.settings.metrics else None
    if metrics is not None:
        metrics.watch(bole.readiness)
        bole.observe = metrics.observe
        app.get("/metrics", include_in_schema=False)(metrics.answer)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(SendElsewhere, _send_elsewhere)
    app.add_exception_handler(RequestValidationError, _validation_error)
    for kind in _KIND_OF:
        app.add_exception_handler(kind, _known_error)
    settings = bole.settings
    app.add_middleware(
        BodyGuard,
        answer=respond,
        bytes_at_most=settings.body_bytes_at_most,
        timeout_s=settings.body_timeout_s,
        upload_bytes_at_most=settings.upload_bytes_at_most,
    )
    app.add_middleware(SameSite, answer=respond)
    # An answer with the measures of ten hits shrinks from 400 KB to a twentieth.
    app.add_middleware(GZipMiddleware, minimum_size=2048, compresslevel=5)
    if rules := rules_of(settings.rates):
        app.add_middleware(RateLimits, answer=respond, rules=rules)
    # Outermost: it logs the bytes that are sent and the time until then.
    app.add_middleware(Envelope, answer=respond, metrics=metrics)
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]
    return app


def respond(request: Request, problem: Problem) -> Response:
    """Return a problem as a page to whoever reads pages, else as problem+json."""
    return as_page(request, problem) if wants_page(request) else as_json(request, problem)


def _http_error(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    return respond(request, from_http(error))


def _send_elsewhere(_: Request, error: Exception) -> Response:
    if not isinstance(error, SendElsewhere):
        raise error
    return see_other(error.address)


def _validation_error(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    return respond(request, Problem("invalid-input", faults_of(error.errors())))


def _known_error(request: Request, error: Exception) -> Response:
    kind = next(kind for sort, kind in _KIND_OF.items() if isinstance(error, sort))
    if isinstance(error, DatabaseUnavailableError) and error.may_be_kept:
        kind = "outcome-unknown"
    return respond(request, Problem(kind, headers={"Retry-After": _RETRY_AFTER_S}))


def _openapi(app: FastAPI) -> dict[str, Any]:
    if app.openapi_schema is None:
        app.openapi_schema = build_openapi(app)
    return app.openapi_schema
