"""Routes whose bodies are read strictly and whose errors name the field at fault."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from api.faults import faults_of, field_names
from api.problems import Phrase, Problem
from api.strict_json import parse

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class StrictRoute(APIRoute):
    """A route that takes JSON bodies only, parses them strictly, and raises problems."""

    def get_route_handler(self) -> Handler:
        """Return the handler wrapped in our reading of bodies and of validation errors."""
        handle = super().get_route_handler()
        model = self.body_field.field_info.annotation if self.body_field else None
        names = field_names(model)

        async def handle_strictly(request: Request) -> Response:
            if model is not None:
                _require_json(request)
            try:
                return await handle(_StrictRequest(request, names))
            except RequestValidationError as error:
                faults = faults_of(error.errors(), model)
            raise Problem("invalid-input", faults)

        return handle_strictly


class _StrictRequest(Request):
    def __init__(self, request: Request, names: frozenset[str]) -> None:
        super().__init__(request.scope, request.receive)
        self._names = names

    async def json(self) -> Any:
        return parse(await self.body(), self._names)


def _require_json(request: Request) -> None:
    media_type, _, parameters = request.headers.get("content-type", "").partition(";")
    charset = parameters.strip().lower().removeprefix("charset=").strip("\"'")
    if media_type.strip().lower() != "application/json" or charset not in {"", "utf-8", "utf8"}:
        detail = Phrase("problem.unsupported-type.detail")
        raise Problem(
            "unsupported-type", detail=detail, headers={"Accept-Post": "application/json"}
        )
