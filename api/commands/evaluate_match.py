"""`bole evaluate match`: match vacancies with candidates, both from files, and write a TREC run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.assembly import Bole
    from search.evaluation.trec import ScoredDoc
    from search.records.models import Candidate, Vacancy


def match(
    vacancies: Annotated[
        Path, typer.Option(exists=True, dir_okay=False, help="Vacancies in JSON Lines.")
    ],
    candidates: Annotated[
        Path, typer.Option(exists=True, dir_okay=False, help="Candidates in JSON Lines.")
    ],
    out: Annotated[Path, typer.Option(help="Where to write the TREC run.")],
    qrels: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="TREC judgements to measure by."),
    ] = None,
) -> None:
    """Rank all candidates for each vacancy, leaving out who fails a requirement.

    The index is made for this and removed; stored records play no part. The files' members stand in
    `ingest.match_files`.
    """
    from api.assembly import Bole
    from api.commands.output import write_line
    from api.settings import Settings
    from ingest.match_files import read_candidates, read_vacancies
    from search.evaluation.trec import write_run

    asked, people = read_vacancies(vacancies), read_candidates(candidates)
    with Bole(Settings(), writes=False) as bole:
        rows = list(_run(bole, asked, people))
    count = write_run(out, rows, "bole")
    write_line(f"{len(asked)} vacancies, {len(people)} candidates, {count} answers: {out}")
    if qrels is not None:
        _measure(qrels, rows, asked)


def _run(
    bole: Bole, vacancies: dict[str, Vacancy], candidates: dict[str, Candidate]
) -> Iterator[ScoredDoc]:
    import tempfile

    from ingest.judged_index import judged_index
    from ingest.sides import cleared_sides, inline_side
    from search.evaluation.trec import ScoredDoc
    from search.matching.requirements import requirements_of
    from search.matching.service import MatchRequest, MatchService

    with tempfile.TemporaryDirectory() as folder:
        backend = judged_index(Path(folder), candidates, bole.encoder)
        try:
            many = max(len(candidates), 1)
            service = MatchService(
                backend,
                bole.encoder,
                bole.frequencies,
                bole.geometry,
                lambda _: {},
                lambda _: {},
                lambda ids, posting: cleared_sides(
                    {name: candidates[name.partition(":")[2]] for name in ids}, posting
                ),
                depth=many,
                pool=many,
            )
            for jid, vacancy in vacancies.items():
                ranked = service.rank(
                    inline_side(vacancy), requirements_of(vacancy), MatchRequest()
                )
                for place, (doc_id, score) in enumerate(ranked):
                    pid = doc_id.partition(":")[2]
                    # The measures order equal scores by id; the rank decides here.
                    yield ScoredDoc(jid, pid, score - place * 1e-6)
        finally:
            backend.close()


def _measure(qrels: Path, rows: list[ScoredDoc], asked: dict[str, Vacancy]) -> None:
    from api.commands.output import write_line
    from search.evaluation.measures import MEASURES, evaluate
    from search.evaluation.queries import Query
    from search.evaluation.trec import read_qrels
    from search.text.normalise import detect_language

    queries = [
        Query(jid, vacancy.title, "vacancy", detect_language(f"{vacancy.title} {vacancy.text}"))
        for jid, vacancy in asked.items()
    ]
    write_line(f"{'group':<16}{'vacancies':>10}" + "".join(f"{name:>12}" for name in MEASURES))
    for group in evaluate(queries, read_qrels(qrels), rows):
        means = "".join(f"{group.means[name]:>12.4f}" for name in MEASURES)
        write_line(f"{group.name:<16}{group.queries:>10}{means}")
