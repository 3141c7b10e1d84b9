"""Ports that stay free while a server is down."""

from __future__ import annotations

import random
import socket
from pathlib import Path

LINUX_EPHEMERAL_RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")


def bind_free_port(listener: socket.socket) -> int:
    """Bind to a port of 127.0.0.1 on which nobody listens, below the ephemeral range; return it.

    A port from the kernel's own choice (port 0) lies inside that range. A client that keeps trying
    such a port while its server is down meets itself after some thousand attempts (TCP simultaneous
    open) and then holds the port when the server comes back. Crash tests do exactly that.
    """
    upper = 32768
    if LINUX_EPHEMERAL_RANGE.exists():
        upper = int(LINUX_EPHEMERAL_RANGE.read_text(encoding="ascii").split()[0])
    candidates = range(10240, upper) if upper > 11264 else range(10240, 65536)
    for port in random.sample(candidates, k=200):
        try:
            listener.bind(("127.0.0.1", port))
        except OSError:
            continue
        return port
    raise OSError("200 ports of 127.0.0.1 were asked for and none was free")


def free_port() -> int:
    """Return a port for a server that binds it itself; someone may be faster."""
    with socket.socket() as probe:
        return bind_free_port(probe)
