"""Several processes that write at once, and somebody who follows what they write."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import select

from search.records.database import Database
from search.records.models import Candidate
from search.records.store import RecordStore
from search.records.tables import OUTBOX

PROGRAM = Path(__file__).with_name("record_writer.py")


@dataclass
class Writers:
    """The processes, by owner, and the folder of their logs."""

    folder: Path
    processes: dict[str, subprocess.Popen[str]]

    def lines(self, owner: str) -> list[dict[str, Any]]:
        path = self.folder / owner
        if not path.exists():
            return []
        # A line that is being written is none yet.
        whole = path.read_text(encoding="utf-8").rpartition("\n")[0]
        return [json.loads(line) for line in whole.splitlines()]

    def acknowledged(self) -> int:
        return sum("key" in line for owner in self.processes for line in self.lines(owner))

    def failures(self) -> list[dict[str, Any]]:
        return [line for owner in self.processes for line in self.lines(owner) if "error" in line]

    def are_running(self) -> bool:
        return any(process.poll() is None for process in self.processes.values())

    def assert_running(self) -> None:
        for owner, process in self.processes.items():
            if process.poll() is not None:
                raise AssertionError(f"{owner} ended: {process.communicate()[1]}")

    def finish(self) -> None:
        """Let each end its step, and make sure that none ended otherwise."""
        for owner, process in self.processes.items():
            _, said = process.communicate("end\n", timeout=60)
            assert process.returncode == 0, f"{owner}: {said}"

    def assert_kept(self, store: RecordStore) -> None:
        """Compare what was acknowledged last to what is stored, both ways."""
        for owner in self.processes:
            last = {line["key"]: line["headline"] for line in self.lines(owner) if "key" in line}
            said = {key: headline for key, headline in last.items() if headline is not None}
            stored = store.page(owner=owner).records
            assert {row.key: headline_of(row.record) for row in stored} == said


@contextmanager
def writing_processes(url: str, folder: Path, count: int, steps: int = 0) -> Iterator[Writers]:
    """Start so many writers; with 0 steps they write until `finish`."""
    processes = {
        f"owner-{number}": subprocess.Popen(
            [
                sys.executable, str(PROGRAM), url, f"owner-{number}", str(steps),
                str(folder / f"owner-{number}"),
            ],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(count)
    }  # fmt: skip
    try:
        yield Writers(folder, processes)
    finally:
        for process in processes.values():
            if process.poll() is None:
                process.kill()
            process.communicate()


@dataclass
class Follower:
    """Reads the outbox as a projector does, and notes every number it has seen.

    Attributes:
        headlines: record id to headline, as an index would have them.
        numbers: outbox numbers in the order in which they were seen.
    """

    database: Database
    upto: int = 0
    headlines: dict[str, str] = field(default_factory=dict)
    numbers: list[int] = field(default_factory=list)

    def follow(self, limit: int = 50) -> bool:
        """Read on; return whether there was anything."""
        changes = RecordStore(self.database).changes_after(self.upto, limit)
        if changes.upto == self.upto:
            return False
        with self.database.reading() as connection:
            seen = select(OUTBOX.c.sequence).where(
                OUTBOX.c.sequence > self.upto, OUTBOX.c.sequence <= changes.upto
            )
            numbers = list(connection.execute(seen.order_by(OUTBOX.c.sequence)).scalars())
        # Only now: the server may be lost on leaving too, and then this is read again.
        self.numbers += numbers
        for change in changes.rows:
            self.headlines.pop(change.record_id, None)
            if change.stored is not None:
                self.headlines[change.record_id] = headline_of(change.stored.record)
        self.upto = changes.upto
        return True

    def assert_missed_nothing(self) -> None:
        with self.database.reading() as connection:
            every = select(OUTBOX.c.sequence).order_by(OUTBOX.c.sequence)
            written = list(connection.execute(every).scalars())
        assert sorted(set(written) ^ set(self.numbers)) == []
        assert self.numbers == written
        records = RecordStore(self.database).page(limit=10_000).records
        assert self.headlines == {row.id: headline_of(row.record) for row in records}


def headline_of(record: object) -> str:
    assert isinstance(record, Candidate)
    return record.headline
