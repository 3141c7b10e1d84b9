"""The thread of a server that looks through files on their way in, and imports them.

Several servers over one database share the work: each takes what nobody works on (`ImportJobStore.take`).
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from dataclasses import asdict
from itertools import islice
from typing import TYPE_CHECKING, Any

from ingest.tables.checking import check
from ingest.tables.model import Table, TableError
from ingest.tables.opening import read_table
from ingest.tables.rows import RowFault, RowResult
from search.accounts.contacts import put_details_within
from search.records.models import Candidate

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from api.assembly import Bole
    from search.records.import_jobs import ImportJob
    from search.records.models import AnyRecord
    from search.records.store import Put

#: Rows of one transaction.
BATCH = 200
#: Rows between two signs of life while a file is looked through.
SIGNS = 500
#: Faults kept to be shown; all of them stand in the corrected sheet.
SHOWN = 100
#: How often a server looks for work that another one took in.
LOOK_S = 2.0
#: How often files that nobody needs are dropped.
DROP_S = 3600.0

#: What a mistake of ours raises; trouble of the database passes, these do not.
OURS = (ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError)

_log = logging.getLogger(__name__)


class Importing:
    """Works on imports.

    Args:
        bole: where the jobs and the records are.
    """

    def __init__(self, bole: Bole) -> None:
        self._bole = bole
        self._stop, self._wake = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="imports", daemon=True)

    def start(self) -> None:
        """Begin; return at once."""
        self._thread.start()

    def wake(self) -> None:
        """Tell that there is work."""
        self._wake.set()

    def stop(self) -> None:
        """End after the batch under way; another server, or the next start, goes on."""
        self._stop.set()
        self._wake.set()
        self._thread.join(timeout=30)

    def run_pending(self) -> int:
        """Do all the work that there is; return how many jobs that were."""
        done = 0
        while not self._stop.is_set() and (job := self._bole.import_jobs.take()) is not None:
            self._work(job)
            done += 1
        return done

    def _run(self) -> None:
        dropped = 0.0
        while not self._stop.is_set():
            self._wake.clear()
            try:
                self.run_pending()
                dropped += LOOK_S
                if dropped >= DROP_S:
                    self._bole.import_jobs.drop_old()
                    dropped = 0.0
            except Exception as error:
                # What it says may quote a row, which belongs in no log.
                _log.warning("imports are tried again: %s", type(error).__name__)
            self._wake.wait(LOOK_S)

    def _work(self, job: ImportJob) -> None:
        jobs = self._bole.import_jobs
        try:
            content = jobs.content(job.id)
            if content is None:
                jobs.move(job, "cancelled")
                return
            table = read_table(content)
            if job.state == "checking":
                self._check(job, table)
            else:
                self._import(job, table)
        except TableError as error:
            jobs.move(job, "refused", problem={"code": error.code, "params": error.params})
        except OURS:
            # It would come about again each time: the job must not be tried for ever.
            jobs.move(job, "failed")
            raise
        self._bole.changed()

    def _check(self, job: ImportJob, table: Table) -> None:
        jobs = self._bole.import_jobs
        ready = faulty = 0
        faults: list[RowFault] = []
        for number, result in enumerate(check(table, job.kind, job.mapping), start=1):
            if result.record is None:
                faulty += 1
                faults += result.faults if len(faults) < SHOWN else ()
            else:
                ready += 1
            if number % SIGNS == 0:
                counts = {"ready": ready, "faulty": faulty}
                goes_on = jobs.alive(job, done=result.row, total=table.last_row, counts=counts)
                if self._stop.is_set() or not goes_on:
                    jobs.move(job, job.state)
                    return
        jobs.move(
            job,
            "checked",
            done=0,
            total=table.last_row,
            counts={"ready": ready, "faulty": faulty},
            faults=[as_data(fault) for fault in faults[:SHOWN]],
        )

    def _import(self, job: ImportJob, table: Table) -> None:
        bole = self._bole
        counts = dict(job.counts)
        results = check(table, job.kind, job.mapping, after_row=job.done)
        for batch in _batches(results):
            taken = [result for result in batch if result.record is not None]
            is_going_on = True

            def also(
                connection: Connection,
                puts: list[Put],
                batch: list[RowResult] = batch,
                taken: list[RowResult] = taken,
            ) -> None:
                nonlocal is_going_on
                for put in puts:
                    counts[put.outcome.value] = counts.get(put.outcome.value, 0) + 1
                told = [
                    (put.id, result.contact)
                    for put, result in zip(puts, taken, strict=True)
                    if result.contact
                ]
                put_details_within(connection, told, bole.now())
                is_going_on = bole.import_jobs.alive_within(
                    connection, job, done=batch[-1].row, counts=counts
                )
                if not is_going_on:
                    # Somebody called it off: this batch is not kept either.
                    raise _CalledOff

            records = [result.record for result in taken if result.record]
            try:
                bole.store.put_many(self._with_consents(job, records), job.owner, also=also)
            except _CalledOff:
                return
            bole.changed()
            if self._stop.is_set():
                # Whoever comes next need not wait until we are taken for dead.
                bole.import_jobs.move(job, job.state)
                return
        bole.import_jobs.move(job, "done", done=table.last_row, counts=counts)

    def _with_consents(self, job: ImportJob, records: list[AnyRecord]) -> list[AnyRecord]:
        """Return records with the consents that are known: no sheet gives or takes any."""
        if job.kind != "candidate":
            return records
        keys = [record.key for record in records if record.key]
        held = self._bole.store.find_many_by_key(job.owner, job.kind, keys)
        return [
            record.model_copy(update={"consents": before.record.consents})
            if (before := held.get(record.key or "")) and isinstance(before.record, Candidate)
            else record
            for record in records
        ]


class _CalledOff(Exception):
    """The job is no longer in the state in which it was taken."""


def as_data(fault: RowFault) -> dict[str, Any]:
    """Return a fault as it is kept."""
    return asdict(fault)


def _batches(results: Iterator[RowResult]) -> Iterator[list[RowResult]]:
    while batch := list(islice(results, BATCH)):
        yield batch
