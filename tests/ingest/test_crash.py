"""`kill -9` while records are stored and projected: what was acknowledged is there, and is found."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from ingest.building import check_index, open_current
from ingest.projector import Projector
from search.embedding.choice import ModelChoice
from search.embedding.registry import open_encoder
from search.records.database import open_database
from search.records.store import RecordStore
from search.records.tables import OUTBOX, RECORD
from tests.embedded_indexes import indexes_in

KILLS = 24
WRITER = Path(__file__).with_name("crash_writer.py")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL")
def test_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    encoder = open_encoder(ModelChoice("static"))
    chance = random.Random(20261124)
    url = f"sqlite:///{tmp_path / 'bole.db'}"
    total = 0
    unsaid: set[str] = set()
    with subprocess.Popen(
        [sys.executable, str(WRITER), str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
    ) as writer:
        assert writer.stdin is not None
        assert writer.stdout is not None
        for kill in range(KILLS):
            writer.stdin.write("go\n")
            child = int(writer.stdout.readline())
            acknowledged = wait_for_acks(tmp_path / "acks", total + chance.randint(1, 10))
            time.sleep(chance.uniform(0, 0.02))
            os.kill(child, signal.SIGKILL)
            assert writer.stdout.readline().strip() == "-9", "the writer ended by itself"

            lines = (tmp_path / "acks").read_text().splitlines()
            assert len(lines) >= acknowledged > total
            total = len(lines)
            database = open_database(url)
            store = RecordStore(database)
            unsaid.add(lines[-1].split()[0])
            assert_kept(store, lines, unsaid)
            with database.reading() as connection:
                assert connection.execute(text("PRAGMA integrity_check")).scalar() == "ok"
                last = select(OUTBOX.c.record_id, func.max(OUTBOX.c.sequence).label("last"))
                latest = last.group_by(OUTBOX.c.record_id).subquery()
                join = RECORD.outerjoin(latest, RECORD.c.id == latest.c.record_id)
                rows = connection.execute(
                    select(RECORD.c.sequence, latest.c.last).select_from(join)
                )
                assert all(row.sequence == row.last for row in rows), "a change without its row"
            if kill % 4 == 3 or kill == KILLS - 1:
                # In between the next writer has to take up what this one left.
                backend = open_current(indexes_in(tmp_path / "index", encoder), writable=True)
                projector = Projector(store, backend, encoder)
                projector.ensure_roles()
                projector.catch_up()
                assert check_index(store, backend).is_equal
                found = {name for name in backend.doc_ids() if not name.startswith("role:")}
                assert found == {f"candidate:{record_id}" for record_id in store.sequences()}
                assert backend.verify() == []
                backend.close()
            database.close()
        writer.stdin.close()
    assert total > KILLS * 3


def wait_for_acks(path: Path, wanted: int) -> int:
    """Wait until the writers have acknowledged so much; return how much there is."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        count = path.read_text().count("\n") if path.exists() else 0
        if count >= wanted:
            return count
        time.sleep(0.005)
    raise AssertionError("the writer acknowledged too little")


def assert_kept(store: RecordStore, lines: list[str], unsaid: set[str]) -> None:
    """Compare the last acknowledgement of each record to what is stored.

    A writer may have been one change further than it could say, on the record it named last: then
    a higher version, or its deletion, is no loss. A lower version, or a record that is back, is.
    """
    last: dict[str, str] = dict(line.split() for line in lines)
    stored = store.get_many(last)
    for record_id, said in last.items():
        if said == "gone":
            assert record_id not in stored
        elif record_id in stored:
            assert stored[record_id].version >= int(said)
        else:
            assert record_id in unsaid, f"{record_id} was acknowledged and is lost"
