"""A program that takes a projector's lock: started by `test_projector_lock.py`, not a test itself.

    python lock_holder.py URL NAME

It prints whether it got the lock, keeps it until its input ends, and releases it.
"""

from __future__ import annotations

import sys

from search.records.database import Database


def main() -> None:
    lock = Database(sys.argv[1]).projector_lock(sys.argv[2])
    print(lock.acquire(), flush=True)  # noqa: T201
    sys.stdin.read()
    lock.release()


if __name__ == "__main__":
    main()
