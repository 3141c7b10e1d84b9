"""A program that stores records: started by tests, not a test itself.

    python record_writer.py URL OWNER STEPS LOG

It takes so many steps (0: until its input ends), each adding, changing or deleting one of the
owner's twelve records, and writes one line of JSON to the log after each answer of the store:
`{"key": ..., "headline": ...}` when a change was acknowledged (headline null: deleted), or
`{"error": ..., "seconds": ..., "may_be_kept": ...}` when it failed with an error of ours; then it
takes the same step again. Any other error ends it.
"""

from __future__ import annotations

import json
import os
import select
import sys
import time
from collections.abc import Callable
from itertools import count
from typing import TypeVar

from search.records.database import open_database
from search.records.errors import DatabaseBusyError, DatabaseUnavailableError
from search.records.models import Candidate
from search.records.store import RecordStore

Answer = TypeVar("Answer")

PAUSE_S = 0.02


def main() -> None:
    url, owner, steps, path = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
    log = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def note(**values: object) -> None:
        os.write(log, (json.dumps(values) + "\n").encode())

    store = RecordStore(until_answered(lambda: open_database(url), note))
    for step in range(steps) if steps else count():
        if not steps and select.select([sys.stdin], [], [], 0)[0]:
            return
        key, headline = f"k{step % 12}", f"{owner} {step}"
        until_answered(lambda key=key: store.find_by_key(owner, "candidate", key), note)
        if step % 5 == 4:
            until_answered(lambda key=key: delete(store, owner, key), note)
            note(key=key, headline=None)
        else:
            record = Candidate(key=key, headline=headline)
            until_answered(lambda record=record: store.put_by_key(record, owner), note)
            note(key=key, headline=headline)


def delete(store: RecordStore, owner: str, key: str) -> None:
    found = store.find_by_key(owner, "candidate", key)
    if found is not None:
        store.delete(found.id)


def until_answered(call: Callable[[], Answer], note: Callable[..., None]) -> Answer:
    while True:
        start = time.monotonic()
        try:
            return call()
        except (DatabaseUnavailableError, DatabaseBusyError) as error:
            note(
                error=type(error).__name__,
                seconds=time.monotonic() - start,
                may_be_kept=getattr(error, "may_be_kept", False),
            )
            time.sleep(PAUSE_S)


if __name__ == "__main__":
    main()
