"""A program to be killed: started by `test_projector_killed.py`, not a test itself.

    python projecting_child.py DATABASE_URL ELASTICSEARCH_URL PREFIX FOLLOWER PID_FILE

It imports everything once, then forks a child for each line on its input. A child writes its process
id to the file, takes the projector's lock, brings the index up to the records and ends with status 0.
The program writes the exit status of each child: -9 for one that was killed.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from ingest.building import build_manifest, open_current
from ingest.projector import Projector
from search.backends.elastic.bulk import BulkLimits
from search.backends.elastic.connection import Connection
from search.backends.elastic.gateway import Gateway
from search.backends.elastic.lifecycle import ElasticIndexes
from search.records.database import open_database
from search.records.projector_lock import ProjectorLock
from search.records.store import RecordStore
from tests.faults.letters import LetterEncoder

#: Several requests for a commit and several commits for a round, so that there are many points.
LIMITS = BulkLimits(items=4, in_flight=1)
ROWS_A_COMMIT = 6
PATIENCE_S = 30


def project(database_url: str, url: str, prefix: str, follower: str, pid_file: Path) -> None:
    pid_file.write_text(str(os.getpid()), encoding="ascii")
    encoder = LetterEncoder()
    database = open_database(database_url)
    gateway = Gateway(Connection(url), read_timeout_s=PATIENCE_S)
    indexes = ElasticIndexes(gateway, build_manifest(encoder), prefix=prefix, limits=LIMITS)
    if indexes.follower != follower:
        raise RuntimeError(f"{follower} was to be followed; what is imported here makes another")
    lock = database.projector_lock(indexes.follower)
    take(lock)
    backend = open_current(indexes, writable=True)
    Projector(RecordStore(database), backend, encoder, batch=ROWS_A_COMMIT).catch_up()


def take(lock: ProjectorLock) -> None:
    """Take the lock as soon as whoever had it is gone."""
    deadline = time.monotonic() + PATIENCE_S
    while not lock.acquire():
        if time.monotonic() > deadline:
            raise TimeoutError("another projector has the lock and does not let go of it")
        time.sleep(0.02)


def main() -> None:
    database_url, url, prefix, follower, pid_file = sys.argv[1:]
    build_manifest(LetterEncoder())  # what takes long is done once
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            status = 1
            try:
                project(database_url, url, prefix, follower, Path(pid_file))
                status = 0
            finally:
                os._exit(status)
        _, ended = os.waitpid(child, 0)
        os.write(1, f"{os.waitstatus_to_exitcode(ended)}\n".encode())


if __name__ == "__main__":
    main()
