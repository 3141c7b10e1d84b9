"""The `bole` command: every job of the server that makes sense at a terminal.

Only what a command needs is imported when it runs: the first answer should come within a second.
"""

from __future__ import annotations

import sys

import typer

from api.commands import (
    alerts,
    audit,
    backup,
    bench,
    bench_audit,
    bench_cluster,
    benefits,
    evaluate,
    index,
    load,
    match,
    project,
    sample,
    search,
    serve,
    taxonomy,
    user,
)

app = typer.Typer(
    name="bole",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Talent-matching search over a published shortage-role catalogue.",
)
app.command("serve")(serve.serve)
app.command("project")(project.project)
app.command("search")(search.search)
app.command("match")(match.match)
app.command("sample")(sample.sample)
app.command("alerts")(alerts.alerts)
app.command("backup")(backup.backup)
app.command("restore")(backup.restore)
app.command("bench")(bench.bench)
app.command("bench-audit")(bench_audit.bench_audit)
app.command("bench-cluster")(bench_cluster.bench_cluster)
app.add_typer(audit.app, name="audit")
app.add_typer(benefits.app, name="benefits")
app.add_typer(evaluate.app, name="evaluate")
app.add_typer(load.app, name="load")
app.add_typer(index.app, name="index")
app.add_typer(taxonomy.app, name="taxonomy")
app.add_typer(user.app, name="user")


def main() -> None:
    """Run the command; a fault of the input ends with one line that says what to do, and status 2."""
    try:
        app()
    except (OSError, ValueError, RuntimeError) as error:
        sys.stderr.write(f"bole: {error}\n")
        raise SystemExit(2) from error
