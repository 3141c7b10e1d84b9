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
WithAlerts = Annotated[
    bool, typer.Option("--alerts", help="Then ask the saved searches, as `bole alerts` does.")
]

#: How long alerts wait for another process to bring the index up to the records.
_PATIENCE_S = 60.0


@app.command("candidates")
def candidates(file: File, as_json: AsJson = False, with_alerts: WithAlerts = False) -> None:
    """Load candidates; lines with a known key replace the profile of that key."""
    _load(file, "candidate", as_json, with_alerts)


@app.command("vacancies")
def vacancies(file: File, as_json: AsJson = False, with_alerts: WithAlerts = False) -> None:
    """Load vacancies; lines with a known key replace the vacancy of that key."""
    _load(file, "vacancy", as_json, with_alerts)


def _load(
    file: Path, kind: Literal["candidate", "vacancy"], as_json: bool, with_alerts: bool
) -> None:
    from contextlib import suppress
    from dataclasses import asdict

    from api.commands.alerts import evaluate_all, report, write_report
    from api.commands.opening import open_records
    from api.commands.output import write_json, write_line
    from api.commands.progress import progress
    from ingest.load import LoadProgress, load_file
    from search.accounts.principal import PUBLIC_OWNER
    from search.backends.base import IndexLockedError

    size = file.stat().st_size
    with open_records() as bole:
        with progress("lines") as tell:

            def tell_lines(read: LoadProgress) -> None:
                # How many lines there are is guessed from their length so far.
                tell(read.lines, round(read.lines * size / max(read.bytes, 1)))

            loaded = load_file(file, bole.store, PUBLIC_OWNER, kind=kind, on_progress=tell_lines)
        # Where a server has the index, closing the records says so.
        with progress("index") as bole.on_catching_up, suppress(IndexLockedError):
            bole.projector.catch_up(bole.on_catching_up)
    if not as_json:
        write_line(
            f"{loaded.lines} lines: {loaded.added} added, {loaded.changed} changed, "
            f"{loaded.unchanged} unchanged, {loaded.refused} refused"
        )
        for problem in loaded.problems:
            write_line(f"  {problem}")
    # Over an index opened anew for reading: another process may be the one that writes to it.
    evaluated = evaluate_all(_PATIENCE_S) if with_alerts else None
    if as_json:
        alerts = {} if evaluated is None else {"alerts": report(*evaluated)}
        write_json(asdict(loaded) | alerts)
    elif evaluated is not None:
        write_report(evaluated[0])
    if loaded.refused:
        raise typer.Exit(1)
