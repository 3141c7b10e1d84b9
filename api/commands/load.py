"""`bole load`: bring profiles or vacancies in from JSON Lines."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from api.assembly import Bole

app = typer.Typer(
    no_args_is_help=True, help="Load records from JSON Lines; the same file again changes nothing."
)

File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="JSON Lines, UTF-8.")]
AsJson = Annotated[bool, typer.Option("--json", help="Write the report as JSON.")]
WithAlerts = Annotated[
    bool, typer.Option("--alerts", help="Then ask the saved searches, as `bole alerts` does.")
]

ForOrganisation = Annotated[
    str | None,
    typer.Option("--organisation", help="Whose the records are to be, where there are accounts."),
]

#: How long alerts wait for another process to bring the index up to the records.
_PATIENCE_S = 60.0


@app.command("candidates")
def candidates(
    file: File,
    as_json: AsJson = False,
    with_alerts: WithAlerts = False,
    organisation: ForOrganisation = None,
) -> None:
    """Load candidates; lines with a known key replace the profile of that key."""
    _load(file, "candidate", as_json, with_alerts, organisation)


@app.command("vacancies")
def vacancies(
    file: File,
    as_json: AsJson = False,
    with_alerts: WithAlerts = False,
    organisation: ForOrganisation = None,
) -> None:
    """Load vacancies; lines with a known key replace the vacancy of that key."""
    _load(file, "vacancy", as_json, with_alerts, organisation)


def _load(
    file: Path,
    kind: Literal["candidate", "vacancy"],
    as_json: bool,
    with_alerts: bool,
    organisation: str | None,
) -> None:
    from contextlib import suppress
    from dataclasses import asdict

    from api.commands.alerts import evaluate_all, report, write_report
    from api.commands.opening import open_records
    from api.commands.output import write_json, write_line
    from api.commands.progress import progress
    from ingest.load import LoadProgress, load_file
    from search.backends.base import IndexLockedError

    size = file.stat().st_size
    with open_records() as bole:
        owner = _owner(bole, organisation)
        with progress("lines") as tell:

            def tell_lines(read: LoadProgress) -> None:
                # How many lines there are is guessed from their length so far.
                tell(read.lines, round(read.lines * size / max(read.bytes, 1)))

            loaded = load_file(file, bole.store, owner, kind=kind, on_progress=tell_lines)
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


def _owner(bole: Bole, organisation: str | None) -> str:
    """Return whose the records are to be.

    Raises:
        ValueError: there are accounts and no organisation is named, or there is none of that name.
    """
    from search.accounts.principal import PUBLIC_OWNER

    if organisation is None:
        if bole.accounts.are_there_any():
            raise ValueError(
                "records were to be loaded; there are accounts here, so say whose they are to be: "
                "--organisation NAME"
            )
        return PUBLIC_OWNER
    names = {one.name: one.id for one in bole.accounts.organisations()}
    if organisation not in names:
        known = ", ".join(names) or "none yet; add a member with bole user add"
        raise ValueError(
            f"records were to be loaded for {organisation!r}; there is no such organisation "
            f"(there are: {known})"
        )
    return names[organisation]
