"""`bole evaluate`: run queries, write a TREC run, and print the measures where there are judgements."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.commands.evaluate_match import match
from api.commands.fit import fit
from api.commands.suite import suite
from search.models import Target

if TYPE_CHECKING:
    from api.assembly import Bole
    from search.evaluation.measures import Group
    from search.evaluation.queries import Query
    from search.evaluation.trec import ScoredDoc

#: Answers a query in a run; more than the catalogue has rows.
DEPTH = 100

app = typer.Typer(help="Measure how well searches answer: runs, measures, and a suite of systems.")
app.command("suite")(suite)
app.command("fit")(fit)
app.command("match")(match)


@app.callback(invoke_without_command=True)
def evaluate(
    context: typer.Context,
    queries: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help='Lines {"qid","text"}.')
    ] = None,
    target: Annotated[Target, typer.Option(help="What to look for.")] = Target.ROLES,
    out: Annotated[Path | None, typer.Option(help="Where to write the TREC run.")] = None,
    qrels: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="TREC judgements.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write the measures as JSON.")] = False,
) -> None:
    """Run queries; document ids are row numbers for roles, record ids otherwise."""
    if context.invoked_subcommand is not None:
        return
    if queries is None:
        raise typer.BadParameter('give a file of lines {"qid","text"}', param_hint="--queries")
    from api.commands.opening import open_for_reading
    from api.commands.output import write_json, write_line
    from search.evaluation.measures import evaluate as measure
    from search.evaluation.queries import read_queries
    from search.evaluation.trec import read_qrels, write_run

    asked = list(read_queries(queries))
    with open_for_reading() as bole:
        answers = list(_run(bole, asked, target))
    if out:
        count = write_run(out, (doc for _, docs, _ in answers for doc in docs), "bole")
        write_line(f"{len(asked)} queries, {count} answers: {out}")
    if qrels is None:
        return
    groups = measure(asked, read_qrels(qrels), (doc for _, docs, _ in answers for doc in docs))
    refused = _no_match_rates(asked, {query.qid: match for query, _, match in answers})
    if as_json:
        means = {group.name: {"queries": group.queries, **_rounded(group)} for group in groups}
        write_json({"groups": means, "said no match": refused})
    else:
        _print(groups, refused)


def _run(
    bole: Bole, queries: list[Query], target: Target
) -> Iterator[tuple[Query, list[ScoredDoc], bool]]:
    from search.evaluation.trec import ScoredDoc
    from search.ranking.results import SearchRequest
    from search.text.reading import read

    for query in queries:
        request = SearchRequest(read(query.text), target, limit=DEPTH)
        result = bole.search.search(request)
        # The measures order equal scores by id; the rank decides here.
        docs = [
            ScoredDoc(query.qid, hit.doc_id.partition(":")[2], hit.score - hit.rank * 1e-6)
            for hit in result.hits
        ]
        yield query, docs, result.has_match


def _no_match_rates(queries: list[Query], matched: dict[str, bool]) -> dict[str, float]:
    """Return how often "no match" was said: of the queries that have none, and of the others."""
    groups: dict[str, list[bool]] = {"rightly (kind=no-match)": [], "wrongly (other kinds)": []}
    for query in queries:
        name = "rightly (kind=no-match)" if query.kind == "no-match" else "wrongly (other kinds)"
        groups[name].append(not matched[query.qid])
    return {name: round(sum(said) / len(said), 3) for name, said in groups.items() if said}


def _rounded(group: Group) -> dict[str, float]:
    return {name: round(value, 4) for name, value in group.means.items()}


def _print(groups: list[Group], refused: dict[str, float]) -> None:
    from api.commands.output import write_line
    from search.evaluation.measures import MEASURES

    write_line(f"{'group':<16}{'queries':>8}" + "".join(f"{name:>12}" for name in MEASURES))
    for group in groups:
        means = "".join(f"{group.means[name]:>12.4f}" for name in MEASURES)
        write_line(f"{group.name:<16}{group.queries:>8}{means}")
    for name, rate in refused.items():
        write_line(f'said "no match" {name}: {rate:.3f}')
