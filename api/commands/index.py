"""`bole index`: build beside, check, put to use, go back."""

from __future__ import annotations

import typer

app = typer.Typer(
    no_args_is_help=True, help="The index: a projection of the records that can always be rebuilt."
)


@app.command("build")
def build() -> None:
    """Build a complete index beside the one in use, check it against the records, put it to use."""
    import sys

    from api.assembly import Bole
    from api.commands.output import write_line
    from api.settings import Settings
    from ingest.projector import rebuild

    with Bole(Settings()) as bole:
        root = bole.settings.data_dir / "index"
        folder = rebuild(root, bole.store, bole.encoder, on_progress=_tell)
        _ = bole.frequencies, bole.kinship
    sys.stderr.write("\n")
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


def _tell(count: int) -> None:
    import sys

    sys.stderr.write(f"\r{count} records")
