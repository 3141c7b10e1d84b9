"""`bole bench`: the figures of docs/benchmarks.md, in one run on one machine."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.commands.bench_measures import (
    Clock,
    batches,
    megabytes,
    peak_megabytes,
    percentiles,
    seconds,
)

if TYPE_CHECKING:
    from api.assembly import Bole
    from search.backends.filters import Filter
    from search.records.models import Candidate

#: Filters, see `bench_questions.WIDTHS`: all, four fifths, a tenth, a five-hundredth.
WIDTHS = ("none", "education at least bachelor", "one city", "city, field and years")


#: Vacancies that are matched; the first twenty warm up.
MATCHES = 140


def bench(
    documents: Annotated[int, typer.Option(min=1000, help="Generated candidates.")] = 100_000,
    folder: Annotated[
        Path | None, typer.Option(help="Keep data here; by default it is removed.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of the generator.")] = 7,
) -> None:
    """Time index build, search under four filter widths, recall, upsert to visible, and memory."""
    import tempfile

    with tempfile.TemporaryDirectory() as temporary:
        _bench(documents, folder or Path(temporary), seed)


def _bench(documents: int, folder: Path, seed: int) -> None:
    from api.assembly import Bole
    from api.commands import bench_questions
    from api.commands.output import write_line
    from api.settings import Settings
    from ingest.building import rebuild
    from ingest.samples.candidates import generate_candidates
    from search.accounts.principal import PUBLIC_OWNER

    with Bole(Settings(data_dir=folder)) as bole:
        _ = bole.encoder, bole.frequencies, bole.geometry
        records = generate_candidates(documents, seed)
        with Clock() as storing:
            for batch in batches(records, 5_000):
                bole.store.put_many(batch, PUBLIC_OWNER)
        write_line(
            f"records stored: {documents} in {storing.s:.1f} s ({documents / storing.s:.0f}/s)"
        )
        with Clock() as building:
            rebuild(bole.indexes, bole.store, bole.encoder)
        rate = documents / building.s
        write_line(f"index built, encoding included: {building.s:.1f} s ({rate:.0f} documents/s)")
        write_line(f"model: {bole.encoder.name}, {bole.encoder.dim} dimensions")
        write_line(f"index on disk: {megabytes(folder / 'index'):.0f} MB")
        _ = bole.backend
        write_line(f"{'filter':<34}{'share':>8}{'p50 ms':>9}{'p99 ms':>9}{'recall@100':>12}")
        for name in WIDTHS:
            _search_line(bole, name, bench_questions.WIDTHS[name], seed)
        _match_line(bole, seed)
        _visible(bole, seed)
        write_line(f"resident memory of this process: {peak_megabytes():.0f} MB")
    _first_answer(folder)


def _search_line(bole: Bole, name: str, condition: Filter, seed: int) -> None:
    from api.commands import bench_questions
    from api.commands.output import write_line
    from search.backends.filters import And, Term
    from search.models import Target
    from search.ranking.results import SearchRequest
    from search.text.reading import read

    texts = bench_questions.texts(seed)
    whole = And((Term("kind", ("candidate",)), condition))
    share = bole.backend.count(whole) / max(1, bole.backend.count(Term("kind", ("candidate",))))
    requests = [SearchRequest(read(text), Target.CANDIDATES, condition) for text in texts]
    for request in requests[: bench_questions.WARM_UP]:
        bole.search.search(request)
    times = [seconds(lambda r=request: bole.search.search(r)) for request in requests]  # type: ignore[misc]
    recall = _recall(bole, whole, texts[:40])
    low, high = percentiles(times)
    write_line(f"{name:<34}{share:>8.1%}{low * 1000:>9.1f}{high * 1000:>9.1f}{recall:>12.4f}")


def _match_line(bole: Bole, seed: int) -> None:
    """Match generated vacancies with all candidates, evidence and counterfactuals for 20 hits included."""
    from api.commands.output import write_line
    from ingest.samples import generate_vacancies
    from ingest.sides import inline_side
    from search.matching.requirements import requirements_of
    from search.matching.service import MatchRequest

    asked = [
        (inline_side(vacancy), requirements_of(vacancy))
        for vacancy in generate_vacancies(MATCHES, seed + 1)
    ]
    request = MatchRequest(limit=20)
    for side, requirements in asked[:20]:
        bole.matching.candidates(side, requirements, request)
    # Each is asked for the first time: its vector is made, as for a posting that was just written.
    times = [
        seconds(lambda s=side, r=found: bole.matching.candidates(s, r, request))  # type: ignore[misc]
        for side, found in asked[20:]
    ]
    low, high = percentiles(times)
    write_line(f"match, 20 hits with evidence: p50 {low * 1000:.1f} ms, p99 {high * 1000:.1f} ms")


def _recall(bole: Bole, condition: Filter, texts: Sequence[str]) -> float:
    """Return the mean share of the exact nearest hundred that the vector arm finds."""
    from api.commands.bench_questions import DEPTH

    passing = [document for document in bole.backend.doc_ids() if not document.startswith("role:")]
    kept = bole.backend.get(passing)
    from search.backends.filters import matches

    ids = [name for name in passing if matches(condition, kept[name])]
    shares = []
    for vector in bole.encoder.encode_queries(texts):
        exact = bole.backend.similarities(vector, ids)
        best = sorted(exact.items(), key=lambda item: (-item[1], item[0]))[:DEPTH]
        found = {hit.doc_id for hit in bole.backend.nearest(vector, condition, DEPTH)}
        if best:
            shares.append(sum(name in found for name, _ in best) / len(best))
    return sum(shares) / len(shares) if shares else 1.0


def _visible(bole: Bole, seed: int) -> None:
    from api.commands.output import write_line
    from ingest.samples.candidates import generate_candidates
    from search.accounts.principal import PUBLIC_OWNER

    times = []
    for record in generate_candidates(50, seed + 2):
        times.append(seconds(lambda r=record: _upsert(bole, r, PUBLIC_OWNER)))  # type: ignore[misc]
    low, high = percentiles(times)
    write_line(
        f"record stored to visible in search: p50 {low * 1000:.0f} ms, p99 {high * 1000:.0f} ms"
    )


def _upsert(bole: Bole, record: Candidate, owner: str) -> None:
    put = bole.store.put_by_key(record, owner)
    bole.projector.catch_up()
    name = f"candidate:{put.id}"
    if name not in bole.backend.get([name]):
        raise RuntimeError(f"{name} was stored and projected, and is not in the index")


def _first_answer(folder: Path) -> None:
    """Time whole runs of the command, from start to answer."""
    import subprocess
    import sys

    from api.commands.output import write_line

    command = ["env", f"BOLE_DATA_DIR={folder}", sys.executable, "-m", "api", "search"]

    def run() -> None:
        subprocess.run([*command, "analog IC layout"], check=True, capture_output=True)

    low, high = percentiles([seconds(run) for _ in range(5)])
    write_line(
        f"first answer of the command, start-up included: median {low:.2f} s, worst {high:.2f} s"
    )
