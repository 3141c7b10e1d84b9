"""`bole alerts`: ask the saved searches of what was added or changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from api.alerts import Evaluation
    from api.assembly import Bole

#: How often an index that is behind is looked at.
_LOOK_S = 0.3


def alerts(
    as_json: Annotated[bool, typer.Option("--json", help="Write the report as JSON.")] = False,
) -> None:
    """Ask every saved search of what changed since it was last asked; raise alerts for what matches.

    To be called after imports, or every few minutes (cron, systemd timer). It may be stopped and
    called again at any time, and by several at once: nothing is raised twice.
    """
    from api.commands.output import write_json

    found, behind = evaluate_all()
    if as_json:
        write_json(report(found, behind))
    else:
        write_report(found)
    if any(search.problem for search in found.searches):
        raise typer.Exit(1)


def evaluate_all(wait_s: float = 0.0) -> tuple[Evaluation, int]:
    """Evaluate the saved searches over the index in use, beside whoever keeps it up to date.

    Args:
        wait_s: how long to wait for an index that has not caught up with the records, in seconds.

    Returns:
        What it came to, and how many changes were not in the index yet; these come the next time.
    """
    import sys

    from api.alerts import evaluate
    from api.commands.opening import open_for_reading
    from api.commands.progress import progress

    with open_for_reading() as bole:
        last = bole.store.last_sequence()
        _wait(bole, last, wait_s)
        with progress("alerts") as tell:
            found = evaluate(bole.saved_searches, bole.backend, bole.search_of, tell)
    behind = max(last - found.upto, 0)
    if behind:
        sys.stderr.write(
            f"bole: changes that are not in the index yet: {behind}. Call bole alerts again when they "
            "are\n"
        )
    return found, behind


def report(found: Evaluation, behind: int) -> dict[str, Any]:
    """Return an evaluation for a program."""
    from dataclasses import asdict

    return {"raised": found.raised, "behind": behind, **asdict(found)}


def write_report(found: Evaluation) -> None:
    """Write an evaluation for a person: a line a search."""
    from api.commands.output import write_line

    write_line(f"{len(found.searches)} saved searches: {found.raised} new alerts")
    for search in found.searches:
        write_line(f"  {search.name}: {search.problem or f'{search.raised} new'}")


def _wait(bole: Bole, last: int, wait_s: float) -> None:
    import time

    deadline = time.monotonic() + wait_s
    while bole.backend.watermark() < last and time.monotonic() < deadline:
        time.sleep(_LOOK_S)
        bole.backend.refresh()
