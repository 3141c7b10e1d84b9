"""How long the work under way may still take: set once at the top, read where a wait begins.

A search asks an index on another machine several times. Each answer may come late without one being
too late by itself; what the person waits for is the sum.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_DEADLINE: ContextVar[float | None] = ContextVar("deadline", default=None)
_PATIENCE: ContextVar[float] = ContextVar("patience", default=0.0)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Let everything in the block take so long together; an enclosing budget that ends sooner stays."""
    deadline = time.monotonic() + seconds
    outer = _DEADLINE.get()
    token = _DEADLINE.set(deadline if outer is None else min(outer, deadline))
    try:
        yield
    finally:
        _DEADLINE.reset(token)


@contextmanager
def patient(seconds: float) -> Iterator[None]:
    """Let each wait in the block take so long where no budget is set: nobody waits for the answer."""
    token = _PATIENCE.set(seconds)
    try:
        yield
    finally:
        _PATIENCE.reset(token)


def remaining(at_most: float) -> float:
    """Return the seconds that a wait may take: `at_most`, or what is left of the budget; not below 0."""
    deadline = _DEADLINE.get()
    if deadline is None:
        return max(at_most, _PATIENCE.get())
    return max(0.0, min(at_most, deadline - time.monotonic()))
