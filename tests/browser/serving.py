"""A real server on a free port of this machine."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
import uvicorn

from api.app import create_app
from api.assembly import Bole


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


def wait_until(holds, seconds=120.0):
    """Wait for what the server does in its own time."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            pytest.fail("it did not come about in time")
        time.sleep(0.1)


def _is_ready(address: str) -> bool:
    try:
        return httpx.get(f"{address}/v1/ready").status_code == 200
    except httpx.TransportError:
        return False
