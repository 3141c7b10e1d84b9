"""`bole evaluate fit`: fit the score of people and vacancies to judged collections, and show what each feature does."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from api.settings import Settings
    from search.evaluation.collections import Collection
    from search.evaluation.fit_records import JudgedCollection, JudgedQuery


def fit(
    folder: Annotated[
        Path, typer.Argument(exists=True, file_okay=False, help="Folder of judged collections.")
    ],
    sample: Annotated[
        int, typer.Option(min=10, help="So many queries of each collection at most.")
    ] = 400,
    relevance: Annotated[
        Path, typer.Option(help="Folder with queries.jsonl and qrels.tsv over catalogue rows.")
    ] = Path("tests/relevance"),
    weights: Annotated[
        Path | None, typer.Option(help="weights.json to write the fit to; else it is only shown.")
    ] = None,
    ablate: Annotated[
        bool, typer.Option("--ablate", help="Fit without each feature in turn as well.")
    ] = False,
) -> None:
    """Fit by cross entropy; print held-out figures (5 folds), the reliability curve, the ablation."""
    import json

    from api.commands.output import write_json, write_line
    from api.settings import Settings
    from search.evaluation.collections import read_collections
    from search.evaluation.fit_records import FEATURES, as_weights, held_out
    from search.evaluation.fit_records import fit as fitted_to
    from search.evaluation.reliability import bins, expected_error, table

    settings = Settings()
    judged, family = [], ""
    for collection in read_collections(folder):
        found, family = _judged(settings, collection.sample(sample))
        judged.append(found)
    # Collections of titles ask for no skills: the queries over catalogue rows do.
    judged += _judged_roles(settings, relevance)
    found_weights = as_weights(fitted_to(judged))
    write_json(found_weights)
    figures, chances = held_out(judged)
    names = list(figures)
    write_line(f"| held out | {' | '.join(names)} | mean |")
    write_line("|---|" + "---|" * (len(names) + 1))
    write_line(_row("all features", figures))
    for feature in FEATURES if ablate else ():
        write_line(_row(f"without {feature}", held_out(judged, feature)[0]))
    curve = bins(*chances.T)
    write_line("")
    write_line(table(curve))
    write_line(f"expected calibration error {expected_error(curve):.4f} over {len(chances)} pairs")
    if weights is not None:
        kept = json.loads(weights.read_text(encoding="utf-8"))
        kept["records"][family] = found_weights
        weights.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")


def _judged(settings: Settings, collection: Collection) -> tuple[JudgedCollection, str]:
    from api.commands.scratch import opened
    from search.evaluation.fit_records import JudgedCollection, judged_query
    from search.models import Target
    from search.ranking.results import SearchRequest
    from search.text.reading import read

    queries = []
    with opened(settings, collection) as (bole, ids):
        for query, text in collection.queries.items():
            intent, found = bole.search.pairs(SearchRequest(read(text), Target.VACANCIES))
            pairs = {ids[name]: features for name, features in found.items() if name in ids}
            queries.append(judged_query(query, intent, pairs, collection.qrels[query]))
        family = bole.encoder.name.rpartition("-")[0]
    return (
        JudgedCollection(collection.name, collection.measure, queries, collection.qrels),
        family,
    )


def _judged_roles(settings: Settings, folder: Path) -> list[JudgedCollection]:
    """Return the queries over catalogue rows, one collection a kind; grade 2 and up is relevant."""
    from api.assembly import Bole
    from search.evaluation.fit_records import JudgedCollection, judged_query
    from search.evaluation.measures import RELEVANT
    from search.evaluation.queries import read_queries
    from search.evaluation.trec import read_qrels
    from search.models import Target
    from search.ranking.results import SearchRequest
    from search.text.reading import read

    qrels: dict[str, dict[str, int]] = {}
    for row in read_qrels(folder / "qrels.tsv"):
        if row.relevance >= RELEVANT:
            qrels.setdefault(row.query_id, {})[f"role:{row.doc_id}"] = row.relevance
    kinds: dict[str, list[JudgedQuery]] = {}
    inner = settings.model_copy(
        update={"data_dir": settings.data_dir / "suite/roles", "database_url": ""}
    )
    with Bole(inner) as bole:
        for query in read_queries(folder / "queries.jsonl"):
            if query.qid in qrels:
                intent, found = bole.search.pairs(SearchRequest(read(query.text), Target.ROLES))
                kinds.setdefault(query.kind, []).append(
                    judged_query(query.qid, intent, found, qrels[query.qid])
                )
    return [
        JudgedCollection(f"roles, {kind}", "nDCG@10", queries, qrels)
        for kind, queries in kinds.items()
    ]


def _row(name: str, figures: dict[str, float]) -> str:
    values = [*figures.values(), sum(figures.values()) / len(figures)]
    return f"| {name} | {' | '.join(f'{value:.3f}' for value in values)} |"
