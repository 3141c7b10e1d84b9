"""Work that takes much memory waits its turn, for a moment: who would wait longer is asked to come back."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from api.problems import Phrase, Problem

#: Seconds within which a turn has to come.
WAIT_S = 5.0
_RETRY_AFTER_S = "10"


class Turns:
    """So many at a time. Safe to share between threads; each process counts for itself.

    Args:
        most: that work at once.
        wait_s: seconds for which others wait.
    """

    def __init__(self, most: int, wait_s: float = WAIT_S) -> None:
        self._free = threading.BoundedSemaphore(most)
        self._wait_s = wait_s

    @contextmanager
    def one(self) -> Iterator[None]:
        """Wait for a turn, and have it while the block runs.

        Raises:
            Problem: 503 with `Retry-After`, no turn came; nothing was done.
        """
        if not self._free.acquire(timeout=self._wait_s):
            raise Problem(
                "busy", detail=Phrase("turns.taken"), headers={"Retry-After": _RETRY_AFTER_S}
            )
        try:
            yield
        finally:
            self._free.release()
