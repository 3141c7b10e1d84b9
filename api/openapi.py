"""The published schema: FastAPI's, with our own problem in place of its validation error."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.problems import MEDIA_TYPE
from api.rate_limits import kind_of

_PROBLEM = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemBody"}}}
_TOO_MANY = "more requests than are answered in this time; `Retry-After` says how long to wait"


def build_openapi(app: FastAPI) -> dict[str, Any]:
    """Return the schema; every error in it is a problem, and what is counted can be refused."""
    schema = get_openapi(
        title=app.title, version=app.version, description=app.description, routes=app.routes
    )
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            if kind_of(method.upper(), path):
                operation["responses"]["429"] = {"description": _TOO_MANY}
            for status, response in operation.get("responses", {}).items():
                if int(status) >= 400 and "Readiness" not in str(response):
                    response["content"] = _PROBLEM
    for name in ("HTTPValidationError", "ValidationError"):
        schema["components"]["schemas"].pop(name, None)
    return schema
