"""A program to be killed: started by `test_crash.py`, not a test itself.

It imports everything once, then forks a child for each line on its input. A child stores records as
fast as it can while the projector follows, and writes `<record id> <version>` (or `<record id> gone`)
to the file of acknowledgements after, and only after, the store has answered.
"""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

from ingest.building import open_current
from ingest.projector import Projector
from search.embedding.base import Encoder
from search.embedding.choice import ModelChoice
from search.embedding.registry import open_encoder
from search.records.database import open_database
from search.records.models import Candidate
from search.records.store import RecordStore
from search.text.vocabulary import load_vocabulary
from tests.embedded_indexes import indexes_in


def write(folder: Path, encoder: Encoder, number: int) -> None:
    store = RecordStore(open_database(f"sqlite:///{folder / 'bole.db'}"))
    backend = open_current(indexes_in(folder / "index", encoder), writable=True)
    projector = Projector(store, backend, encoder, batch=20)
    wake = threading.Event()
    arguments = (threading.Event(), wake)
    threading.Thread(target=projector.run_forever, args=arguments, daemon=True).start()
    acks = os.open(folder / "acks", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    step = 0
    while True:
        step += 1
        key = f"k{step % 40}" if step % 3 else f"n{number}-{step}"
        put = store.put_by_key(Candidate(key=key, headline=f"zebra {number} {step}"), "me")
        os.write(acks, f"{put.id} {store.get(put.id).version}\n".encode())
        if step % 10 == 0:
            store.delete(put.id)
            os.write(acks, f"{put.id} gone\n".encode())
        wake.set()


def main() -> None:
    folder = Path(sys.argv[1])
    encoder = open_encoder(ModelChoice("static"))
    load_vocabulary()
    for number, _ in enumerate(sys.stdin):
        child = os.fork()
        if child == 0:
            try:
                write(folder, encoder, number)
            finally:
                os._exit(1)
        os.write(1, f"{child}\n".encode())
        _, status = os.waitpid(child, 0)
        os.write(1, f"{os.waitstatus_to_exitcode(status)}\n".encode())


if __name__ == "__main__":
    main()
