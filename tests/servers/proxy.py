"""An HTTP proxy before a real server that fails on demand, on the wire and not in a mock."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections import Counter
from typing import Self

from aiohttp import web

from tests.servers.faults import Fault, Plan, always
from tests.servers.forwarding import Forwarder
from tests.servers.ports import bind_free_port


class FaultyProxy:
    """Pass all requests on to `target_url`, but for the faults that the test sets.

    It works in a thread of its own. `fault`, `faults()` and `counts` may be used at any time from
    the test's thread; a request that is on its way keeps the fault it met. Where the target does
    not answer (killed, say), the client's connection is closed, as the target's would be.
    """

    def __init__(self, target_url: str) -> None:
        self.target_url = target_url.rstrip("/")
        self._lock = threading.Lock()
        self._fault: Fault | None = None
        self._plan: Plan = always(None)
        self._number = 0
        self._counts: Counter[tuple[str, str]] = Counter()
        self._listener = socket.socket()
        self._port = bind_free_port(self._listener)
        self._listener.listen(128)  # from here on a client may connect, even before the thread runs
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closing: asyncio.Event | None = None
        self._started = threading.Event()
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._serve()), name="faulty-proxy", daemon=True
        )
        self._thread.start()
        self._started.wait()

    @property
    def url(self) -> str:
        """The address to give to the client in place of the server's."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def fault(self) -> Fault | None:
        """The fault that every request meets from now on; None where there is none, or a plan."""
        return self._fault

    @fault.setter
    def fault(self, fault: Fault | None) -> None:
        self.faults(always(fault))
        self._fault = fault

    def faults(self, plan: Plan) -> None:
        """Let a function of (request number from 1, method, path) choose the fault from now on."""
        with self._lock:
            self._fault = None
            self._plan = plan
            self._number = 0

    @property
    def counts(self) -> Counter[tuple[str, str]]:
        """How many requests came for each (method, path without query), faults included."""
        with self._lock:
            return self._counts.copy()

    def close(self) -> None:
        """Close all connections, hanging ones too. May be called again."""
        if self._thread.is_alive() and self._loop is not None and self._closing is not None:
            self._loop.call_soon_threadsafe(self._closing.set)
        self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._closing = asyncio.Event()
        async with Forwarder(self.target_url) as forwarder:

            async def answer(request: web.BaseRequest) -> web.StreamResponse:
                return await forwarder.handle(request, self._next_fault(request))

            # Bodies as they were sent: what the client compressed stays compressed.
            server = web.Server(answer, auto_decompress=False, access_log=None)
            runner = web.ServerRunner(server, shutdown_timeout=0.05)
            await runner.setup()
            await web.SockSite(runner, self._listener).start()
            self._started.set()
            await self._closing.wait()
            await runner.cleanup()

    def _next_fault(self, request: web.BaseRequest) -> Fault | None:
        path = request.rel_url.raw_path
        with self._lock:
            self._counts[request.method, path] += 1
            self._number += 1
            return self._plan(self._number, request.method, path)
