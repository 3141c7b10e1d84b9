"""`bole serve`: the HTTP interface and the pages."""

from __future__ import annotations

from typing import Annotated

import typer


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Port to listen on.")] = None,
) -> None:
    """Serve the HTTP interface (/v1) and the pages (/)."""
    import uvicorn

    from api.app import create_app
    from api.assembly import Bole
    from api.commands.output import write_line
    from api.settings import Settings

    settings = Settings()
    at, on = host or settings.host, port or settings.port
    write_line(f"Bole: http://{at}:{on}  (API: /v1, described at /v1/openapi.json)")
    write_line("Open installation with sample data and no accounts: for this machine only.")
    uvicorn.run(create_app(Bole(settings)), host=at, port=on, log_level="info", server_header=False)
