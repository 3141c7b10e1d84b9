"""`bole serve`: the HTTP interface and the pages."""

from __future__ import annotations

from typing import Annotated

import typer

_WORKERS = (
    "Processes that answer. Each opens the index and counts its /metrics for itself, and a scrape "
    "reaches one of them: better one worker per container or port, and several of those. Of an "
    "index in the data folder only one worker can be the writer."
)


#: What to do, in terms of this command and its settings.
_HOW = {
    "secret-missing": "set BOLE_SECRET",
    "admin-missing": "bole user add you@example.org --role admin",
}


def _advice(code: str) -> str:
    from api.exposure import ADVICE

    return f"{ADVICE[code]} ({_HOW[code]})" if code in _HOW else ADVICE[code]


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Port to listen on.")] = None,
    workers: Annotated[int, typer.Option(min=1, help=_WORKERS)] = 1,
) -> None:
    """Serve the HTTP interface (/v1), the pages (/) and metrics for Prometheus (/metrics)."""
    import logging

    import uvicorn

    from api.app import application, create_app, for_good
    from api.assembly import Bole
    from api.commands.output import write_line
    from api.exposure import check_exposure
    from api.logs import log_config, set_up_logs
    from api.settings import Settings

    settings = Settings()
    at, on = host or settings.host, port or settings.port
    set_up_logs(settings)
    # What reads JSON lines stumbles over any other.
    say = write_line if settings.log_format == "text" else logging.getLogger("bole.serve").info
    secret = settings.secret.get_secret_value()
    # Before the port is opened: an installation without accounts is nobody else's to see.
    with Bole(settings, writes=False) as bole:
        is_open = not bole.accounts.are_there_any()
        problems = check_exposure(at, secret, None, bole.accounts.has_admin())
    if problems:
        raise ValueError(
            f"serving on {at} was asked for; " + "; ".join(_advice(code) for code in problems)
        )
    say(f"Bole: http://{at}:{on}  (API: /v1, described at /v1/openapi.json)")
    if is_open:
        say("Open installation without accounts: for this machine only. To have accounts:")
        say("  bole user add you@example.org --role admin")
    many = workers > 1
    uvicorn.run(
        f"{application.__module__}:{application.__name__}"
        if many
        else create_app(for_good(Bole(settings))),
        factory=many,
        workers=workers,
        host=at,
        port=on,
        # uvicorn sets the log up from this here and in each worker.
        log_config=log_config(settings),
        access_log=False,
        server_header=False,
        # There are no web sockets; uvicorn would log the address of each attempt, query and all.
        ws="none",
    )
