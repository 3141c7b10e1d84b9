"""How parts that know no monitoring system tell what happens; see `api.metrics` for the events."""

from __future__ import annotations

from typing import Protocol


class Observer(Protocol):
    """Is told what happens."""

    def __call__(self, event: str, value: float = 1.0, **labels: str) -> None:
        """Take note of an event: a count, or a duration in seconds."""


def unobserved(event: str, value: float = 1.0, **labels: str) -> None:
    """Take no note."""
