"""What is served: every route of an application, and addresses that lead to it."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Mapping

from fastapi import APIRouter

import api.web
from search.records.identifiers import new_id

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
#: What stands in an address where nothing else is said.
PARTS = {
    "{number}": "1", "{benefit_id}": "none", "{skill_id}": "java", "{kind}": "vacancies", "{name}": "vacancies",
    "{form}": "csv", "{act}": "nothing",
}  # fmt: skip


def routes_of(client) -> set[str]:
    """Return method and path of everything that is served: what is described, and every page."""
    schema = client.get("/v1/openapi.json").json()
    found = {
        f"{method.upper()} {path}" for path, ways in schema["paths"].items() for method in ways
    }
    for module in pkgutil.iter_modules(api.web.__path__):
        pages = getattr(importlib.import_module(f"api.web.{module.name}"), "pages", None)
        if isinstance(pages, APIRouter):
            found |= {f"{method} {one.path}" for one in pages.routes for method in one.methods}
    plain = {
        f"{method} {route.path}"
        for route in client.app.routes
        for method in getattr(route, "methods", None) or ()
    }
    return {name for name in found | plain if not name.startswith("HEAD ")}


def address_of(path: str, parts: Mapping[str, str] | None = None) -> str:
    """Return an address of a route; what is not named in `parts` leads to nothing that there is."""
    known = PARTS | dict(parts or {})
    return re.sub(r"\{[a-z_]+\}", lambda found: known.get(found.group(), new_id()), path)
