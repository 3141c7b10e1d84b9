"""`bole index`: build beside, check, put to use, go back; the same for a folder and Elasticsearch."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from search.backends.base import SearchIndex

app = typer.Typer(
    no_args_is_help=True, help="The index: a projection of the records that can always be rebuilt."
)

_NAME = "Name of an index, see `bole index list`."


@app.command("list")
def list_indexes() -> None:
    """Name the indexes of this model and text pipeline, and say which is in use."""
    from api.assembly import Bole
    from api.commands.output import write_line
    from api.settings import Settings

    with Bole(Settings(), writes=False) as bole:
        indexes = bole.indexes
        marks = {indexes.previous(): "the one before", indexes.current(): "in use"}
        for name in indexes.names():
            write_line(f"{name}  {marks.get(name, '')}".rstrip())


@app.command("build")
def build(
    promote: Annotated[
        bool,
        typer.Option(help="Put it to use when it is complete; else `bole index promote` does."),
    ] = True,
) -> None:
    """Build a complete index beside the one in use, check it, try it out, put it to use.

    Interrupted, it goes on where it was when it is called again: vectors are kept as they are made.
    """
    import sys

    from api.assembly import Bole
    from api.commands.output import write_line
    from api.commands.progress import progress
    from api.settings import Settings
    from ingest import building

    with Bole(Settings()) as bole:
        total, encoder = bole.store.count(), bole.encoder
        try:
            with progress("index") as tell:
                tell(0, total)
                name = building.build(
                    bole.indexes, bole.store, encoder, on_progress=lambda n: tell(n, total)
                )
        except KeyboardInterrupt:
            sys.stderr.write(
                "bole: interrupted; the index in use stays. The vectors made so far are kept: "
                "bole index build goes on from there\n"
            )
            raise typer.Exit(130) from None
        if promote:
            bole.indexes.promote(name)
        _ = bole.frequencies, bole.geometry
        removed = _remove_unused_vectors(bole.settings.data_dir) if promote else []
    write_line(f"vectors: {encoder.reused:,} were at hand, {encoder.encoded:,} were encoded")
    for model in removed:
        write_line(f"removed {model}: its model is no longer in use")
    write_line(f"the index in use is {name}" if promote else f"built {name}; it is not in use yet")


@app.command("check")
def check(name: Annotated[str | None, typer.Argument(help=_NAME)] = None) -> None:
    """Compare an index (by default the one in use) with the records, and try it out."""
    from api.assembly import Bole
    from api.commands.opening import open_for_reading
    from api.commands.output import write_line
    from api.settings import Settings
    from ingest.building import check_index, refuse_unfit

    def compare(bole: Bole, backend: SearchIndex) -> bool:
        found = check_index(bole.store, backend)
        for part in ("missing", "extra", "stale"):
            write_line(f"{part}: {len(getattr(found, part))}")
        refuse_unfit(name or "in use", bole.store, backend, bole.encoder)
        write_line("it finds what it holds")
        return found.is_equal

    if name is None:
        with open_for_reading() as bole:
            is_equal = compare(bole, bole.backend)
    else:
        with Bole(Settings(), writes=False) as bole:
            backend = bole.indexes.open(name, writable=False)
            try:
                is_equal = compare(bole, backend)
            finally:
                backend.close()
    if not is_equal:
        write_line("the index differs from the records; build it anew: bole index build")
        raise typer.Exit(1)


@app.command("promote")
def promote(
    name: Annotated[str, typer.Argument(help=_NAME)],
    check: Annotated[bool, typer.Option(help="Compare it with the records first.")] = True,
) -> None:
    """Put an index that was built to use, and keep the one before."""
    from api.assembly import Bole
    from api.commands.output import write_line
    from api.settings import Settings
    from ingest.building import refuse_unequal, refuse_unfit

    with Bole(Settings(), writes=False) as bole:
        if check:
            backend = bole.indexes.open(name, writable=False)
            try:
                refuse_unequal(name, bole.store, backend)
                refuse_unfit(name, bole.store, backend, bole.encoder)
            finally:
                backend.close()
        bole.indexes.promote(name)
    write_line(f"the index in use is {name}; running servers change over within seconds")


@app.command("rollback")
def rollback() -> None:
    """Put the index that was in use before back to use; what it missed is caught up."""
    from api.assembly import Bole
    from api.commands.output import write_line
    from api.settings import Settings

    with Bole(Settings(), writes=False) as bole:
        name = bole.indexes.rollback()
    write_line(f"the index in use is {name}; running servers change over within seconds")


@app.command("remove")
def remove(name: Annotated[str, typer.Argument(help=_NAME)]) -> None:
    """Remove an index that is not in use, for example one that a killed build left."""
    from api.assembly import Bole
    from api.commands.output import write_line
    from api.settings import Settings

    with Bole(Settings(), writes=False) as bole:
        bole.indexes.remove(name)
    write_line(f"removed {name}")


def _remove_unused_vectors(data_dir: Path) -> list[str]:
    """Remove what is remembered of models that neither the index in use nor the one before has."""
    import json

    from search.backends.embedded.index_folder import IndexFolder
    from search.backends.embedded.manifest import MANIFEST
    from search.embedding.remembered import remove_other_caches

    indexes = IndexFolder(data_dir / "index")
    folders = [folder for folder in (indexes.current(), indexes.previous()) if folder is not None]
    if not folders:
        return []  # the indexes are elsewhere, and may be of models that others use
    try:
        contents = [json.loads((folder / MANIFEST).read_bytes()) for folder in folders]
        models = {str(content["manifest"]["model"]) for content in contents}
        return remove_other_caches(data_dir / "models", models)
    except (OSError, ValueError, KeyError, TypeError):
        # A damaged index does not say what it was built with, and tidying up must not fail a build.
        return []
