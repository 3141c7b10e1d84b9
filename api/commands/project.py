"""`bole project`: the projector alone, for installations of several servers."""

from __future__ import annotations

from typing import Annotated

import typer


def project(
    metrics_port: Annotated[
        int | None,
        typer.Option(min=1, max=65535, help="Serve metrics for Prometheus on this port."),
    ] = None,
    metrics_host: Annotated[str, typer.Option(help="Address of the metrics.")] = "127.0.0.1",
) -> None:
    """Keep the index equal to the records until told to stop; wait while another process does."""
    import signal
    import threading

    from api.assembly import Bole
    from api.logs import set_up_logs
    from api.metrics import Metrics
    from api.settings import Settings
    from api.v1.health import bole_version

    settings = Settings(projects=True)
    set_up_logs(settings)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with Bole(settings) as bole:
        metrics = Metrics(bole_version())
        metrics.watch(bole.readiness)
        bole.observe = metrics.observe
        server = metrics.serve(metrics_host, metrics_port) if metrics_port else None
        bole.start()
        stop.wait()
        if server is not None:
            server.shutdown()
            server.server_close()
