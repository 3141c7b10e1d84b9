"""Where requests are counted: in the memory of one process, and in no more of it than was allowed.

The memory that comes with `limits` keeps a list for every key that it ever saw, and starts a thread
for each request to look through all of them; whoever sends from many addresses could fill it.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable

from limits.storage import MovingWindowSupport, Storage

#: Most moments that are kept, of all keys together; each takes some 32 bytes.
MOMENTS_AT_MOST = 500_000
#: Most keys; each takes some 700 bytes.
KEYS_AT_MOST = 50_000


class BoundedMemory(Storage, MovingWindowSupport):
    """Moments of requests by key, for the moving window of `limits`.

    When it is full, the keys that were quiet for longest are forgotten first: their next requests
    are counted from nothing, so nobody is refused for want of memory.

    Args:
        moments_at_most: most moments kept in all.
        keys_at_most: most keys kept.
        clock: seconds that never go back.
    """

    STORAGE_SCHEME = None

    def __init__(
        self,
        moments_at_most: int = MOMENTS_AT_MOST,
        keys_at_most: int = KEYS_AT_MOST,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__()
        self._moments_at_most = moments_at_most
        self._keys_at_most = keys_at_most
        self._clock = clock
        self._guard = threading.Lock()
        self._moments: OrderedDict[str, deque[float]] = OrderedDict()
        self._kept = 0

    def __len__(self) -> int:
        """Return how many moments are kept."""
        return self._kept

    @property
    def keys(self) -> int:
        """How many keys are kept."""
        return len(self._moments)

    @property
    def base_exceptions(self) -> type[Exception]:
        """What can go wrong: nothing that memory has of its own."""
        return ValueError

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Note requests of a key now, unless that makes more than the limit in the window.

        Args:
            key: whose they are.
            limit: most in the window.
            expiry: length of the window, in seconds.
            amount: how many there are.
        """
        with self._guard:
            now = self._clock()
            moments = self._within(key, now - expiry)
            if len(moments) + amount > limit:
                return False
            moments.extend([now] * amount)
            self._kept += amount
            self._moments[key] = moments
            self._moments.move_to_end(key)
            self._forget_the_quiet(key)
            return True

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        """Return the oldest moment in the window (now, where there is none) and how many there are."""
        del limit
        with self._guard:
            now = self._clock()
            moments = self._within(key, now - expiry)
            return (moments[0] if moments else now), len(moments)

    def get(self, key: str) -> int:
        """Return how many moments of a key are kept."""
        return len(self._moments.get(key, ()))

    def clear(self, key: str) -> None:
        """Forget a key."""
        with self._guard:
            self._kept -= len(self._moments.pop(key, ()))

    def reset(self) -> int:
        """Forget everything, and return how many keys there were."""
        with self._guard:
            keys = len(self._moments)
            self._moments.clear()
            self._kept = 0
            return keys

    def check(self) -> bool:
        """Say that it can be used."""
        return True

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Counters of fixed windows are not kept here."""
        raise NotImplementedError("only moving windows are counted here")

    def get_expiry(self, key: str) -> float:
        """Counters of fixed windows are not kept here."""
        raise NotImplementedError("only moving windows are counted here")

    def _within(self, key: str, since: float) -> deque[float]:
        moments = self._moments.get(key)
        if moments is None:
            return deque()
        while moments and moments[0] <= since:
            moments.popleft()
            self._kept -= 1
        if not moments:
            del self._moments[key]
        return moments

    def _forget_the_quiet(self, but: str) -> None:
        while self._kept > self._moments_at_most or len(self._moments) > self._keys_at_most:
            key = next(iter(self._moments))
            if key == but:
                return
            self._kept -= len(self._moments.pop(key))
