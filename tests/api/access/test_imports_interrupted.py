"""An import that is interrupted goes on: in the end there are exactly the valid rows, and none twice."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from api import importing
from api.assembly import Bole
from api.settings import Settings
from search.records.import_jobs import LEASE, ImportJobStore
from search.records.tables import RECORD
from tests.ingest.tables.sheets import csv_of

OWNER = "01HACME"


class Dead(BaseException):
    """The process ends here: nothing that follows is done."""


class Dying(ImportJobStore):
    """Dies within the transaction of the batch of a number, before it is committed."""

    def __init__(self, database, at):
        super().__init__(database)
        self.left = at

    def alive_within(self, connection, job, **values):
        goes_on = super().alive_within(connection, job, **values)
        self.left -= 1
        if self.left == 0:
            raise Dead
        return goes_on


class Interrupted(Bole):
    """Is stopped after the batch of a number, or dies within it; notes what was committed by then."""

    def __init__(self, folder, *, stops=0, dies=0):
        super().__init__(Settings(data_dir=folder, embedding_model="static"))
        self.stops, self.seen = stops, []
        self.jobs = Dying(self.database, dies) if dies else ImportJobStore(self.database)

    @property
    def import_jobs(self):
        return self.jobs

    def changed(self):
        (job,) = self.jobs.of(OWNER)
        if job.state != "importing":
            return
        self.seen.append((job.done, sum(count_of(job)), len(titles(self))))
        self.stops -= 1
        if self.stops == 0:
            self.importing._stop.set()


def count_of(job):
    return [job.counts.get(name, 0) for name in ("added", "changed", "unchanged")]


def titles(bole):
    query = select(RECORD.c.key).where(RECORD.c.owner == OWNER)
    with bole.database.reading() as connection:
        return sorted(connection.execute(query).scalars())


def sheet_of(count):
    """Return a sheet, the keys of its valid rows, and how many are at fault: every seventh."""
    rows = [["编号", "职位名称", "招聘人数"]]
    rows += [[f"v{n:05}", f"岗位 {n}", "许多" if n % 7 == 0 else "2"] for n in range(count)]
    return csv_of(rows), [f"v{n:05}" for n in range(count) if n % 7], len(range(0, count, 7))


def checked(folder, content):
    """Look a sheet through and say that it is to be imported."""
    with Bole(Settings(data_dir=folder, embedding_model="static")) as bole:
        jobs = bole.import_jobs
        jobs.add(OWNER, "account", "vacancy", "x.csv", content, {})
        assert bole.importing.run_pending() == 1
        (job,) = jobs.of(OWNER)
        assert job.state == "checked"
        assert jobs.move(job, "importing")


def finish(folder, *, after_death=False):
    """Let another server go on, and return what it found in the end."""
    with Interrupted(folder) as bole:
        if after_death:
            # The dead hold their job until they were not heard of for a while.
            assert bole.importing.run_pending() == 0
            bole.jobs = ImportJobStore(bole.database, now=lambda: datetime.now(UTC) + LEASE)
        assert bole.importing.run_pending() == 1
        (job,) = bole.jobs.of(OWNER)
        return job, titles(bole), bole.seen


def test_an_import_of_5000_rows(tmp_path):
    content, keys, faulty = sheet_of(5000)
    checked(tmp_path, content)
    with Interrupted(tmp_path, stops=9) as bole:
        assert bole.importing.run_pending() == 1
        (job,) = bole.jobs.of(OWNER)
        first = bole.seen
    assert job.state == "importing"
    assert 0 < job.done < 5000
    job, found, second = finish(tmp_path)
    assert (job.state, job.done) == ("done", 5001)
    assert job.counts == {"ready": len(keys), "faulty": faulty, "added": len(keys)}
    assert found == keys
    # What is shown rises, and is what there is.
    shown = first + second
    assert shown == sorted(shown)
    assert len(set(shown)) == 25
    assert all(counted == there for _, counted, there in shown)


@pytest.mark.parametrize("at", range(1, 21))
@pytest.mark.parametrize("way", ["stops", "dies"])
def test_wherever_it_is_interrupted(tmp_path, monkeypatch, way, at):
    monkeypatch.setattr(importing, "BATCH", 20)
    content, keys, faulty = sheet_of(400)
    checked(tmp_path, content)
    with Interrupted(tmp_path, **{way: at}) as bole:
        if way == "dies":
            with pytest.raises(Dead):
                bole.importing.run_pending()
        else:
            bole.importing.run_pending()
        kept = titles(bole)
        (job,) = bole.jobs.of(OWNER)
        assert sum(count_of(job)) == len(kept)  # progress is committed with the rows
        assert (len(kept) < len(keys)) or (way, at) == ("stops", 20)
    job, found, _ = finish(tmp_path, after_death=way == "dies")
    assert (job.state, found) == ("done", keys)
    assert Counter(found).most_common(1)[0][1] == 1
    assert job.counts == {"ready": len(keys), "faulty": faulty, "added": len(keys)}


def test_one_that_is_called_off_in_the_middle_keeps_what_is_in(tmp_path, monkeypatch):
    monkeypatch.setattr(importing, "BATCH", 20)
    content, keys, _ = sheet_of(400)
    checked(tmp_path, content)
    with Interrupted(tmp_path) as bole:
        whole = bole.changed

        def changed():
            whole()
            if len(bole.seen) == 5:
                (job,) = bole.jobs.of(OWNER)
                bole.jobs.move(job, "cancelled")

        bole.changed = changed
        assert bole.importing.run_pending() == 1
        (job,) = bole.jobs.of(OWNER)
        assert job.state == "cancelled"
        kept = titles(bole)
        assert kept == keys[: len(kept)]
        assert sum(count_of(job)) == len(kept)
        assert 0 < len(kept) < len(keys)
