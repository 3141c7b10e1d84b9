"""The audit of stored records, timed from the records to the figures, and again after some changed."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from api.commands.bench_measures import Clock, batches, peak_megabytes

if TYPE_CHECKING:
    from api.assembly import Bole


def bench_records(seekers: int, vacancies: int, changed: int, seed: int) -> None:
    """Store and index generated records, and time audits of them.

    Args:
        seekers: how many candidates are stored.
        vacancies: how many vacancies are stored.
        changed: of each kind, stored anew before the second audit.
        seed: of the generators.
    """
    from api.assembly import Bole
    from api.commands.output import write_line
    from api.settings import Settings
    from ingest.building import rebuild
    from ingest.samples.candidates import generate_candidates
    from ingest.samples.vacancies import generate_vacancies
    from search.accounts.principal import PUBLIC_OWNER

    with tempfile.TemporaryDirectory() as folder, Bole(Settings(data_dir=Path(folder))) as bole:
        for people in batches(generate_candidates(seekers, seed), 5_000):
            bole.store.put_many(people, PUBLIC_OWNER)
        for postings in batches(generate_vacancies(vacancies, seed), 5_000):
            bole.store.put_many(postings, PUBLIC_OWNER)
        rebuild(bole.indexes, bole.store, bole.encoder)
        _ = bole.backend
        write_line(f"stored and indexed: {seekers} candidates, {vacancies} vacancies")
        write_line(f"full audit, records read: {_audited(bole):.1f} s")
        bole.store.put_many(list(generate_candidates(changed, seed + 1)), PUBLIC_OWNER)
        write_line(f"after {changed} candidates were stored: {_audited(bole):.1f} s")
        bole.store.put_many(list(generate_vacancies(changed, seed + 1)), PUBLIC_OWNER)
        write_line(f"after {changed} vacancies were stored: {_audited(bole):.1f} s")
        write_line(f"peak resident memory of this process: {peak_megabytes():.0f} MiB")


def _audited(bole: Bole) -> float:
    """Return the seconds of an audit of today's records."""
    from search.audit.period import Period

    today = bole.settings.today()
    with Clock() as clock:
        bole.audits.audit(today, Period(today - timedelta(days=90), today), is_latest=True)
    return clock.s
