"""`bole load`: bring profiles or vacancies in from JSON Lines."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

app = typer.Typer(
    no_args_is_help=True, help="Load records from JSON Lines; the same file again changes nothing."
)

File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="JSON Lines, UTF-8.")]
AsJson = Annotated[bool, typer.Option("--json", help="Write the report as JSON.")]


@app.command("candidates")
def candidates(file: File, as_json: AsJson = False) -> None:
    """Load candidates; lines with a known key replace the profile of that key."""
    _load(file, "candidate", as_json)


@app.command("vacancies")
def vacancies(file: File, as_json: AsJson = False) -> None:
    """Load vacancies; lines with a known key replace the vacancy of that key."""
    _load(file, "vacancy", as_json)


def _load(file: Path, kind: Literal["candidate", "vacancy"], as_json: bool) -> None:
    from contextlib import suppress
    from dataclasses import asdict

    from api.assembly import OWNER
    from api.commands.opening import open_records
    from api.commands.output import write_json, write_line
    from api.commands.progress import progress
    from ingest.load import LoadProgress, load_file
    from search.backends.base import IndexLockedError

    size = file.stat().st_size
    with open_records() as bole:
        with progress("lines") as tell:

            def tell_lines(read: LoadProgress) -> None:
                # How many lines there are is guessed from their length so far.
                tell(read.lines, round(read.lines * size / max(read.bytes, 1)))

            report = load_file(file, bole.store, OWNER, kind=kind, on_progress=tell_lines)
        # Where a server has the index, closing the records says so.
        with progress("index") as bole.on_catching_up, suppress(IndexLockedError):
            bole.projector.catch_up(bole.on_catching_up)
    if as_json:
        write_json(asdict(report))
    else:
        write_line(
            f"{report.lines} lines: {report.added} added, {report.changed} changed, "
            f"{report.unchanged} unchanged, {report.refused} refused"
        )
        for problem in report.problems:
            write_line(f"  {problem}")
    if report.refused:
        raise typer.Exit(1)
