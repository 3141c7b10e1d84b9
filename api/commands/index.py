"""`bole index`: build beside, check, put to use, go back."""

from __future__ import annotations

from pathlib import Path

import typer

app = typer.Typer(
    no_args_is_help=True, help="The index: a projection of the records that can always be rebuilt."
)


@app.command("build")
def build() -> None:
    """Build a complete index beside the one in use, check it against the records, put it to use.

    Interrupted, it goes on where it was when it is called again: vectors are kept as they are made.
    """
    import sys

    from api.assembly import Bole
    from api.commands.output import write_line
    from api.commands.progress import progress
    from api.settings import Settings
    from ingest.projector import rebuild

    with Bole(Settings()) as bole:
        root = bole.settings.data_dir / "index"
        total, encoder = bole.store.count(), bole.encoder
        try:
            with progress("index") as tell:
                tell(0, total)
                folder = rebuild(root, bole.store, encoder, on_progress=lambda n: tell(n, total))
        except KeyboardInterrupt:
            sys.stderr.write(
                "bole: interrupted; the index in use stays. The vectors made so far are kept: "
                "bole index build goes on from there\n"
            )
            raise typer.Exit(130) from None
        _ = bole.frequencies, bole.geometry
        removed = _remove_unused_vectors(bole.settings.data_dir)
    write_line(f"vectors: {encoder.reused:,} were at hand, {encoder.encoded:,} were encoded")
    for name in removed:
        write_line(f"removed {name}: its model is no longer in use")
    write_line(f"the index in use is {folder.name}")


@app.command("check")
def check() -> None:
    """Compare the index in use with the records, and its files with their hashes."""
    from api.commands.opening import open_for_reading
    from api.commands.output import write_line
    from ingest.projector import check_index

    with open_for_reading() as bole:
        found = check_index(bole.store, bole.backend)
    for name in ("missing", "extra", "stale"):
        write_line(f"{name}: {len(getattr(found, name))}")
    if not found.is_equal:
        write_line("the index differs from the records; build it anew: bole index build")
        raise typer.Exit(1)


@app.command("promote")
def promote(
    folder: str = typer.Argument(help="Name of a folder under the data folder's index/."),
) -> None:
    """Put an index that was built to use."""
    from api.commands.output import write_line
    from api.settings import Settings
    from ingest.index_folder import IndexFolder

    indexes = IndexFolder(Settings().data_dir / "index")
    indexes.promote(indexes.root / folder)
    write_line(
        f"the index in use is {folder}; a running server changes over when it is started again"
    )


@app.command("rollback")
def rollback() -> None:
    """Put the index that was in use before back to use."""
    from api.commands.output import write_line
    from api.settings import Settings
    from ingest.index_folder import IndexFolder

    folder = IndexFolder(Settings().data_dir / "index").rollback()
    write_line(f"the index in use is {folder.name}")


def _remove_unused_vectors(data_dir: Path) -> list[str]:
    """Remove what is remembered of models that neither the index in use nor the one before has."""
    import json

    from ingest.index_folder import IndexFolder
    from search.backends.embedded.manifest import MANIFEST
    from search.embedding.remembered import remove_other_caches

    indexes = IndexFolder(data_dir / "index")
    folders = [folder for folder in (indexes.current(), indexes.previous()) if folder is not None]
    try:
        contents = [json.loads((folder / MANIFEST).read_bytes()) for folder in folders]
        models = {str(content["manifest"]["model"]) for content in contents}
        return remove_other_caches(data_dir / "models", models)
    except (OSError, ValueError, KeyError, TypeError):
        # A damaged index does not say what it was built with, and tidying up must not fail a build.
        return []
