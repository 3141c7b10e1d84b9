"""What a launcher says when it has no running server to give."""

from __future__ import annotations


class ServerUnavailableError(RuntimeError):
    """The server cannot be had on this machine; the message says what is missing and what to do."""


class ServerStartError(RuntimeError):
    """The server is there but did not start; the message ends with its last log lines."""
