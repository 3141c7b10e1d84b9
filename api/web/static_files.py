"""The pages' own files: style and icon, sent with a hash in the address so that they can be kept."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

FOLDER = Path(__file__).parent / "static"

_KEPT = "public, max-age=31536000, immutable"


def static_files() -> StaticFiles:
    """Return the application that serves `/static`."""
    return _Kept(directory=FOLDER)


@cache
def static_url(name: str) -> str:
    """Return the address of a file; it changes when the file does."""
    digest = hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"


class _Kept(StaticFiles):
    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        has_hash = scope["query_string"].startswith(b"v=")
        response.headers["Cache-Control"] = _KEPT if has_hash else "no-cache"
        return response
