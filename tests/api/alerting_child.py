"""A program to be killed: started by `test_alerts_killed.py`, not a test itself.

    python alerting_child.py DATA_DIR BATCH

It imports everything once, then forks a child for each line on its input. A child opens Bole, writes
its process id, evaluates the saved searches in small batches and ends. The program writes the exit
status of each child: 0, or -9 for one that was killed.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from api import alerts
from api.assembly import Bole
from api.settings import Settings
from search.embedding.choice import ModelChoice
from search.embedding.registry import open_encoder
from search.text.vocabulary import load_vocabulary


def evaluate(data_dir: Path) -> None:
    with Bole(Settings(data_dir=data_dir, embedding_model="static"), writes=False) as bole:
        _ = bole.search
        os.write(1, f"{os.getpid()}\n".encode())
        alerts.evaluate(bole.saved_searches, bole.backend, bole.search_of)


def main() -> None:
    data_dir, batch = Path(sys.argv[1]), int(sys.argv[2])
    alerts.BATCH = batch
    open_encoder(ModelChoice("static"))
    load_vocabulary()
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            status = 1
            try:
                evaluate(data_dir)
                status = 0
            finally:
                os._exit(status)
        _, ended = os.waitpid(child, 0)
        os.write(1, f"{os.waitstatus_to_exitcode(ended)}\n".encode())


if __name__ == "__main__":
    main()
