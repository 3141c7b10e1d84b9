"""How long a search or a match may take, and how it ended."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from search.backends import budget
from search.backends.base import IndexUnavailableError

#: Seconds that a search or a match may wait for the index, all its questions together.
SEARCH_BUDGET_S = 1.8


@dataclass
class Ending:
    """How it ended; whoever answered says so."""

    outcome: str = "failed"


@contextmanager
def timed(tell: Callable[[str, float], None]) -> Iterator[Ending]:
    """Keep a block within the budget, and tell its outcome and seconds at the end, however it ends.

    Args:
        tell: given the outcome (`unavailable` where the index did not answer in time) and seconds.
    """
    start, ending = time.perf_counter(), Ending()
    try:
        with budget.within(SEARCH_BUDGET_S):
            yield ending
    except IndexUnavailableError:
        ending.outcome = "unavailable"
        raise
    finally:
        tell(ending.outcome, time.perf_counter() - start)
