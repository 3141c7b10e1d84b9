"""A real server on a free port of this machine."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import uvicorn

from api.app import create_app
from api.assembly import Bole
from tests.waiting import wait_until


@contextmanager
def serving(bole: Bole) -> Iterator[str]:
    """Serve an installation; yield its address once it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = uvicorn.Server(
        uvicorn.Config(create_app(bole), host="127.0.0.1", port=port, log_level="error")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{port}"
    wait_until(lambda: _is_ready(address))
    yield address
    server.should_exit = True
    thread.join(timeout=30)


def _is_ready(address: str) -> bool:
    try:
        return httpx.get(f"{address}/v1/ready").status_code == 200
    except httpx.TransportError:
        return False
