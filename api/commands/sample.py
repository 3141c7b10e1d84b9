"""`bole sample`: invented candidates and vacancies, for a first look, tests and benchmarks."""

from __future__ import annotations

from typing import Annotated

import typer

_BATCH = 500


def sample(
    candidates: Annotated[int, typer.Option(min=0, help="How many candidates.")] = 700,
    vacancies: Annotated[int, typer.Option(min=0, help="How many vacancies.")] = 300,
    seed: Annotated[int, typer.Option(help="The same seed gives the same records.")] = 1,
) -> None:
    """Put invented records beside the catalogue; doing it again changes nothing."""
    from itertools import chain, islice

    from api.commands.opening import open_records
    from api.commands.output import write_line
    from ingest.samples.candidates import generate_candidates
    from ingest.samples.vacancies import generate_vacancies
    from search.accounts.principal import PUBLIC_OWNER
    from search.records.models import AnyRecord

    records: chain[AnyRecord] = chain(
        generate_candidates(candidates, seed), generate_vacancies(vacancies, seed)
    )
    with open_records() as bole:
        while batch := list(islice(records, _BATCH)):
            bole.store.put_many(batch, PUBLIC_OWNER)
    write_line(
        f"{candidates} invented candidates and {vacancies} invented vacancies are in the records"
    )
