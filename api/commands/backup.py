"""`bole backup` and `bole restore`: everything that anyone said, in a folder, and back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Write the report as JSON.")]


def backup(
    folder: Annotated[Path, typer.Argument(help="A new folder, best on another disk.")],
    as_json: AsJson = False,
) -> None:
    """Copy the records and the files that offices loaded, as they are at one moment, while servers run.

    Not the index, which is made again from the records, and no secrets. Who can read the folder can
    read every person in it.
    """
    from api.assembly import Bole
    from api.commands.output import write_json, write_line
    from api.settings import Settings
    from api.v1.health import bole_version
    from search.records.backups.making import make_backup

    with Bole(Settings(), writes=False) as bole:
        manifest = make_backup(bole.database, bole.settings.data_dir, folder, bole_version())
    if as_json:
        write_json({"folder": str(folder), **manifest.model_dump(mode="json")})
        return
    write_line(
        f"{manifest.counts.get('record', 0)} records and {len(manifest.files) - 1} files as of "
        f"{manifest.made_at:%Y-%m-%d %H:%M:%S} UTC are in {folder} ({manifest.size:,} bytes)"
    )
    write_line(
        "It holds people's data: keep it as safe as the records. bole restore reads it back."
    )


def restore(
    folder: Annotated[Path, typer.Argument(exists=True, file_okay=False, help="A backup.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Put what is there aside; else there must be nothing.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Put a backup in place, once every file of it has been verified. Stop servers before.

    Whoever was erased since the backup is erased again. The index is built anew at the next start.
    """
    from api.commands.output import write_json, write_line
    from api.erasures import reapply
    from api.settings import Settings
    from search.records.backups.restoring import restore_backup
    from search.records.database import Database

    settings = Settings()
    restored = restore_backup(
        folder,
        Database(settings.records_url),
        settings.data_dir,
        replace=replace,
        reapply=lambda store: reapply(store, settings.data_dir),
    )
    manifest, aside = restored.manifest, restored.aside
    if as_json:
        write_json(
            {
                "id": manifest.id,
                "made_at": manifest.made_at.isoformat(),
                "counts": manifest.counts,
                "files": len(manifest.files) - 1,
                "erased_again": restored.reapplied,
                "aside": None if aside is None else str(aside),
            }
        )
        return
    write_line(
        f"{manifest.counts.get('record', 0)} records and {len(manifest.files) - 1} files as of "
        f"{manifest.made_at:%Y-%m-%d %H:%M:%S} UTC are in place; {restored.reapplied} were erased "
        "again"
    )
    if aside is not None:
        write_line(f"What was there before is in {aside}: remove it when all is well")
    write_line("The index is built anew when bole serve or bole project is started next.")
