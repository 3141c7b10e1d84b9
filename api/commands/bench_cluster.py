"""`bole bench-cluster`: the embedded index and Elasticsearch over the same documents, side by side.

Ratios are Elasticsearch to embedded. See docs/benchmarks.md.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.commands.bench_measures import Memory
    from api.commands.bench_server import Server
    from api.commands.bench_sides import Built
    from api.settings import Settings

#: Records that are generated and read; beyond, noisy copies of them.
ORIGINALS = 100_000
RECORDS_AT_A_TIME = 5_000


def bench_cluster(
    documents: Annotated[int, typer.Option(min=1000, help="Candidates in the index.")] = 100_000,
    originals: Annotated[
        int, typer.Option(min=1000, help="So many are generated; the others are noisy copies.")
    ] = ORIGINALS,
    queries: Annotated[int, typer.Option(min=2, help="Searches a filter width.")] = 240,
    folder: Annotated[
        Path | None,
        typer.Option(help="Keep records and prepared documents here; by default they are removed."),
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of the generator.")] = 7,
) -> None:
    """Compare both engines: build, memory, disk, and searches of every width in turns.

    Elasticsearch is the one of BOLE_ELASTICSEARCH_URL; `make bench-cluster` starts one. The model is
    the static one, the records are in SQLite; both indexes are removed in the end.
    """
    import tempfile
    import uuid

    from api.settings import Settings

    originals = min(originals, documents)
    with tempfile.TemporaryDirectory() as temporary:
        settings = Settings(
            data_dir=_folder(folder or Path(temporary), originals, seed),
            database_url="",
            embedding_model="static",
            elasticsearch_prefix=f"bench-{uuid.uuid4().hex[:10]}",
        )
        if not settings.elasticsearch_url:
            raise ValueError(
                "BOLE_ELASTICSEARCH_URL is not set; set it, or have one started: make bench-cluster"
            )
        _bench(settings, documents, originals, queries, seed)


def _folder(root: Path, originals: int, seed: int) -> Path:
    """Return where these records and their documents are; another text pipeline has its own."""
    from ingest.building import build_manifest
    from search.backends.indexes import manifest_hash
    from search.embedding.choice import ModelChoice
    from search.embedding.registry import open_encoder

    make = manifest_hash(build_manifest(open_encoder(ModelChoice("static"))))
    folder = root / f"bench-{make}-{originals}-{seed}"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _bench(settings: Settings, documents: int, originals: int, queries: int, seed: int) -> None:
    from api.commands import bench_questions
    from api.commands.bench_server import Server
    from api.commands.bench_sides import PATIENCE_S, remove
    from search.backends.elastic.gateway import Gateway

    embedded = settings.model_copy(update={"elasticsearch_url": ""})
    paths = _prepare(embedded, documents, originals, seed)
    texts = bench_questions.texts(seed, queries)
    gateway = Gateway(settings.elasticsearch, read_timeout_s=PATIENCE_S)
    try:
        _compare((embedded, settings), Server(gateway), paths, documents, texts)
    finally:
        for each in (embedded, settings):
            remove(each)
        gateway.close()


def _compare(
    both: tuple[Settings, Settings],
    server: Server,
    paths: Sequence[Path],
    documents: int,
    texts: Sequence[str],
) -> None:
    from api.commands.bench_lines import write_figures_heading
    from api.commands.bench_measures import in_own_process
    from api.commands.bench_sides import answer, build, opened
    from api.commands.bench_turns import compare
    from api.commands.output import write_line
    from search.backends.elastic.mapping import index_type
    from taxonomies.catalogue import load_catalogue

    total = documents + len(load_catalogue().roles)
    write_line(
        f"Elasticsearch {server.describe()}, shards: {both[1].elasticsearch_shards}, "
        f"vectors as {index_type(total)}"
    )
    write_figures_heading()
    built = [in_own_process(build, both[0], paths, total)]
    began_s = server.cpu_s()
    built.append(in_own_process(build, both[1], paths, total))
    server.wait_for_merges(built[1].name)
    _write_build(built, server.cpu_s() - began_s, total)
    _write_disk(both[0].data_dir / "index" / built[0].name, server, built[1].name)
    answering = [
        in_own_process(answer, settings, each.name, texts)
        for settings, each in zip(both, built, strict=True)
    ]
    _write_memory(built, answering, server.memory())
    with (
        opened(both[0], built[0].name) as embedded,
        opened(both[1], built[1].name, server) as elastic,
    ):
        compare((embedded, elastic), paths, texts)


def _prepare(settings: Settings, documents: int, originals: int, seed: int) -> list[Path]:
    """Make the files of documents that are not there yet, and return where all of them are."""
    from api.commands.bench_documents import read_documents, write_copies
    from api.commands.bench_measures import in_own_process, seconds
    from api.commands.output import write_line

    copies = documents - originals
    write_line(
        f"documents: {documents}, of them {originals} made of generated records, "
        f"{copies} noisy copies of those"
    )
    path = settings.data_dir / "documents"
    if not path.exists():
        storing_s, preparing_s = in_own_process(_prepare_originals, settings, path, originals, seed)
        rates = originals / storing_s, originals / preparing_s
        write_line(f"records generated and stored: {storing_s:.1f} s ({rates[0]:.0f}/s)")
        write_line(f"documents made of them, once for both: {preparing_s:.1f} s ({rates[1]:.0f}/s)")
    paths = [path]
    if copies:
        paths.append(settings.data_dir / f"copies-{copies}")
        if not paths[1].exists():
            copying_s = seconds(lambda: write_copies(paths[1], path, copies, seed))
            write_line(f"copies made: {copying_s:.1f} s")
    reading_s = seconds(lambda: sum(map(len, read_documents(paths))))
    write_line(f"read back, which each build below includes: {reading_s:.1f} s")
    return paths


def _prepare_originals(
    settings: Settings, path: Path, originals: int, seed: int
) -> tuple[float, float]:
    """Store generated records and make documents of them; return the seconds of either."""
    from api.assembly import Bole
    from api.commands.bench_documents import write_documents
    from api.commands.bench_measures import Clock, batches
    from ingest.samples.candidates import generate_candidates
    from search.accounts.principal import PUBLIC_OWNER

    with Bole(settings) as bole:
        with Clock() as storing:
            for batch in batches(generate_candidates(originals, seed), RECORDS_AT_A_TIME):
                bole.store.put_many(batch, PUBLIC_OWNER)
        with Clock() as preparing:
            write_documents(path, bole.store, bole.encoder)
    return storing.s, preparing.s


def _write_build(built: Sequence[Built], server_s: float, documents: int) -> None:
    from api.commands.bench_lines import write_figures

    times = [each.seconds for each in built]
    write_figures("index built of prepared documents, s", *times)
    write_figures("documents/s", *(documents / each for each in times))
    write_figures("CPU of our process for that, s", *(each.cpu_s for each in built))
    write_figures("CPU of the server for that, merges included, s", None, server_s)
    write_figures("CPU of all processes, s", built[0].cpu_s, built[1].cpu_s + server_s)


def _write_disk(index: Path, server: Server, name: str) -> None:
    from api.commands.bench_lines import write_figures
    from api.commands.bench_measures import megabytes

    write_figures("index on disk, MB", megabytes(index), server.megabytes(name))
    write_figures("segments of the index", None, server.segments(name))


def _write_memory(
    built: Sequence[Built], answering: Sequence[Memory | None], server: Memory | None
) -> None:
    from api.commands.bench_lines import write_figures

    peaks = [each.memory.peak if each.memory else None for each in built]
    write_figures("our process, most while building, MB", *peaks)
    ours = [each.resident if each else None for each in answering]
    write_figures("our process after searches, MB", *ours)
    own = [each.anonymous if each else None for each in answering]
    write_figures("  of it not pages of files, MB", *own)
    write_figures("the server's process, MB", None, server.resident if server else None)
    write_figures("  of it not pages of files, MB", None, server.anonymous if server else None)
    both = None if server is None or ours[1] is None else ours[1] + server.resident
    write_figures("all processes after searches, MB", ours[0], both)
