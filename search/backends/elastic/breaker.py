"""A server that does not answer is left alone for a moment, so that not every search waits for it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from search.backends.base import IndexUnavailableError

#: How long nobody asks after a wait that was in vain; then one may try.
PAUSE_S = 1.0


class Breaker:
    """Lets requests through until one waits in vain; then one each `pause_s`, until one succeeds.

    Args:
        pause_s: seconds.
        clock: a monotonic clock in seconds; a test may hold it.
    """

    def __init__(
        self, pause_s: float = PAUSE_S, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._pause_s = pause_s
        self._clock = clock
        self._lock = threading.Lock()
        self._closed_until: float | None = None

    def check(self) -> None:
        """Refuse at once while the server is left alone.

        Raises:
            IndexUnavailableError: it did not answer a moment ago.
        """
        with self._lock:
            if self._closed_until is None:
                return
            now = self._clock()
            if now < self._closed_until:
                raise IndexUnavailableError(
                    "Elasticsearch did not answer a moment ago and is not asked again for "
                    f"{self._closed_until - now:.1f} s; try again then"
                )
            # This one finds out; the others wait for what it finds.
            self._closed_until = now + self._pause_s

    def failed(self) -> bool:
        """Take note of a wait in vain; return whether requests went through until now."""
        with self._lock:
            is_first = self._closed_until is None
            self._closed_until = self._clock() + self._pause_s
            return is_first

    def succeeded(self) -> None:
        """Take note of an answer: everyone may ask again."""
        with self._lock:
            self._closed_until = None
