"""What can be wrong with a request to publish."""

from __future__ import annotations


class DisclosureError(ValueError):
    """The figures handed over do not make a table; the message says which and what to do."""


class ReleaseRefused(DisclosureError):
    """The table may not leave beside what left before; the message says why and what to do."""
