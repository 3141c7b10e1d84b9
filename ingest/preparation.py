"""Make documents of records in several processes: for a new index over many records.

Reading texts is pure Python and takes most of the time of a build. The order of the batches stays;
what fails here is left out, and whoever applies the batch tries it again and says why.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from ingest.documents import build_document, document_passages
from search.backends.base import Document

if TYPE_CHECKING:
    from search.records.store import Change
    from search.records.stored import StoredRecord

#: From this many records on the start of the processes (about a second each) pays.
MANY = 5_000
# How soon a process sees that its parent is gone.
_WATCH_S = 2.0


@dataclass(frozen=True)
class Prepared:
    """A record as the index takes it: its document without a vector, and the passages to embed."""

    document: Document
    passages: tuple[str, ...]


def prepare(records: Sequence[StoredRecord]) -> dict[str, Prepared]:
    """Return what could be prepared, by record id."""
    done = {}
    for stored in records:
        try:
            done[stored.id] = Prepared(build_document(stored), document_passages(stored.record))
        except Exception:  # tried again, and then reported, by the projector
            continue
    return done


def prepared_ahead(
    batches: Iterable[Sequence[Change]], workers: int | None = None
) -> Iterator[tuple[Sequence[Change], Mapping[str, Prepared]]]:
    """Yield batches of changes in order, each with what was prepared of it.

    Args:
        batches: changes; taken a few batches ahead of what is yielded.
        workers: processes; by default one a core.
    """
    count = workers or os.cpu_count() or 1
    # Not forked: the server has threads, and a lock held by one would never be freed in the copy.
    context = multiprocessing.get_context("spawn")
    source = iter(batches)
    with ProcessPoolExecutor(
        count, mp_context=context, initializer=_follow, initargs=(os.getpid(),)
    ) as pool:
        ahead: deque[tuple[Sequence[Change], Future[dict[str, Prepared]]]] = deque()

        def send(number: int) -> None:
            for changes in islice(source, number):
                stored = [change.stored for change in changes if change.stored is not None]
                ahead.append((changes, pool.submit(prepare, stored)))

        send(count + 1)
        while ahead:
            changes, future = ahead.popleft()
            send(1)
            yield changes, future.result()


def _follow(parent: int) -> None:
    """Let a process leave the end to its parent: not stopped before it, and not left behind by it."""
    # Ctrl-C reaches the whole group; the parent says what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_WATCH_S)
        os._exit(1)

    threading.Thread(target=watch, name="parent watch", daemon=True).start()
