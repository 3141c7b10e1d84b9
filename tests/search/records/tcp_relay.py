"""A wire between PostgreSQL's client and server that can be held or cut at a chosen moment."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import Self


class Relay:
    """Passes bytes between a port of its own and a server's.

    Attributes:
        is_frozen: pass nothing on, though connections stay open and new ones are accepted: what a
            server looks like whose processes are stopped.
        cuts_before: cut the connection when the client sends this, which the server does not get.
        cuts_after: cut the connection when the client has sent this and the server has answered;
            the client does not get the answer.
    """

    def __init__(self, port: int) -> None:
        self.is_frozen = False
        self.cuts_before = b""
        self.cuts_after = b""
        self._target = ("127.0.0.1", port)
        self._thawed = threading.Condition()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port: int = self._listener.getsockname()[1]
        self._sockets: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        # Closing alone would leave `accept` waiting.
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.thaw()
        for each in self._sockets:
            _end(each)

    def freeze(self) -> None:
        self.is_frozen = True

    def thaw(self) -> None:
        with self._thawed:
            self.is_frozen = False
            self._thawed.notify_all()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self._sockets.append(client)
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        self._wait()
        try:
            server = socket.create_connection(self._target)
        except OSError:
            _end(client)
            return
        self._sockets.append(server)
        cut = threading.Event()
        threading.Thread(target=self._pass, args=(server, client, cut), daemon=True).start()
        with suppress(OSError):
            while data := client.recv(65_536):
                self._wait()
                if self.cuts_before and self.cuts_before in data:
                    break
                if self.cuts_after and self.cuts_after in data:
                    cut.set()
                server.sendall(data)
        if not cut.is_set():
            _end(server)
            _end(client)

    def _pass(self, server: socket.socket, client: socket.socket, cut: threading.Event) -> None:
        with suppress(OSError):
            while data := server.recv(65_536):
                self._wait()
                if cut.is_set():
                    break
                client.sendall(data)
        _end(server)
        _end(client)

    def _wait(self) -> None:
        with self._thawed:
            self._thawed.wait_for(lambda: not self.is_frozen)


def _end(each: socket.socket) -> None:
    with suppress(OSError):
        each.shutdown(socket.SHUT_RDWR)
    each.close()
