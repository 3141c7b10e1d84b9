"""`bole audit`: unmet demand, as a talent office audits it; on the machine that holds the records."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

if TYPE_CHECKING:
    from api.access import Access
    from api.audit.question import AuditQuestion
    from search.audit.faults import RowFault

app = typer.Typer(
    help="Unmet demand by role and place: figures, snapshots, reports, plans. True counts: they stay "
    "inside; `report --public` writes what may leave.",
    no_args_is_help=True,
)

AsOf = Annotated[str, typer.Option("--as-of", help="Day of the figures, YYYY-MM-DD; today.")]
Start = Annotated[
    str, typer.Option("--start", help="First day of the period of outcomes and searches.")
]
OfRole = Annotated[int | None, typer.Option("--role", help="Row number of the catalogue.")]
OfField = Annotated[str, typer.Option("--field", help="Code of a field of the catalogue.")]
Region = Annotated[str, typer.Option("--region", help="Code of a city, `unknown` or `outside`.")]
AsJson = Annotated[bool, typer.Option("--json", help="Write JSON.")]
Lang = Annotated[Literal["zh", "en"], typer.Option("--lang", help="Language of the words.")]


@app.command("demand")
def demand(
    role: OfRole = None,
    field: OfField = "",
    region: Region = "",
    as_of: AsOf = "",
    start: Start = "",
    every_place: Annotated[
        bool, typer.Option("--every-place", help="Lines of all cities; with --json.")
    ] = False,
    lang: Lang = "zh",
    as_json: AsJson = False,
) -> None:
    """Count posts and seekers by role: rank, posts, seekers, gap, ratio, causes."""
    from api.audit.demand import demand as figures_of
    from api.audit.report import report_words
    from api.audit.report_tables import causes_table, shortage_table, wanted
    from api.commands.output import write_line

    with opened() as access:
        asked = _asked(access, as_of, start, role, field, region)
        if as_json:
            _write_json(figures_of(access, asked, is_every_place=every_place))
            return
        from api.audit.earlier import earlier_than

        figures = access.bole.audits.audit(asked.as_of, asked.period).figures
        earlier = earlier_than(access.bole.audit_stores.snapshots, asked.as_of)
    words, is_wanted = report_words(lang), wanted(role, field)
    write_line(words.text("report.warning"))
    tables = [shortage_table(figures, earlier, asked.region, is_wanted)]
    tables += [causes_table(figures, asked.region or None, is_wanted)]
    for table in tables:
        _write_table(table, words)


@app.command("snapshot")
def snapshot(as_of: AsOf = "", start: Start = "", as_json: AsJson = False) -> None:
    """Freeze the figures of a day, and print the id and the hash to be kept elsewhere."""
    from api.audit.snapshots import make
    from api.commands.output import write_line

    with opened() as access:
        kept = make(access, _asked(access, as_of, start))
    if as_json:
        _write_json({"id": kept.id, "as_of": kept.as_of, "hash": kept.digest})
    else:
        write_line(f"snapshot {kept.id} of {kept.as_of}, hash {kept.digest}")


@app.command("snapshots")
def snapshots(as_json: AsJson = False) -> None:
    """List the snapshots, newest first."""
    from api.audit.snapshots import snapshots as all_of
    from api.commands.output import write_line

    with opened() as access:
        found = all_of(access)
    if as_json:
        _write_json([{"id": one.id, "as_of": one.as_of, "hash": one.digest} for one in found])
        return
    for one in found:
        write_line(f"{one.id}  {one.as_of}  {one.period.start} to {one.period.end}  {one.digest}")


@app.command("compare")
def compare(
    before: Annotated[str, typer.Argument(help="Id of the earlier snapshot.")],
    after: Annotated[str, typer.Argument(help="Id of the later snapshot.")],
    region: Region = "",
    as_json: AsJson = False,
) -> None:
    """Set two snapshots side by side; where they were made otherwise no change is computed."""
    from api.audit.labels import role_label
    from api.audit.plain import comparison
    from api.audit.question import line_region
    from api.audit.snapshots import compared
    from api.commands.output import write_line

    with opened() as access:
        earlier, later, found = compared(access, before, after)
        place = line_region(region)
    if as_json:
        _write_json(comparison(earlier, later, found, place))
        return
    for broken in found.breaks:
        write_line(
            f"the series is broken: {broken.what} was {broken.before!r}, is {broken.after!r}"
        )
    for row in found.rows:
        told = {name: figure.change for name, figure in row.figures if figure.change}
        if row.region == place and told:
            said = ", ".join(f"{name} {change:+g}" for name, change in told.items())
            write_line(f"{row.role:>3}. {role_label(row.role).zh}: {said}")


@app.command("verify")
def verify(
    snapshot_id: Annotated[str, typer.Argument(help="Id of a snapshot.")], as_json: AsJson = False
) -> None:
    """Check that a snapshot is as it was frozen, and recompute it from the records as they are now."""
    from api.audit.plain import verification
    from api.audit.snapshots import verified
    from api.commands.output import write_line

    with opened() as access:
        found = verified(access, snapshot_id)
    if as_json:
        _write_json(verification(found))
    elif found.problem:
        write_line(found.problem)
    else:
        write_line(f"{found.kept.id} is as it was frozen, hash {found.kept.digest}")
        if found.is_same_input and not found.differences:
            write_line("recomputed from the records: every figure is the same")
        elif not found.is_same_input:
            write_line(
                f"the records have moved on since: {len(found.differences)} figures and hashes differ"
            )
        for one in found.differences[:20]:
            write_line(f"  {one.where}: {one.frozen} then, {one.recomputed} now")
    if found.problem or (found.is_same_input and found.differences):
        raise typer.Exit(1)


@app.command("report")
def report(
    out: Annotated[Path, typer.Option("--out", help="File to write.")],
    format: Annotated[
        Literal["docx", "xlsx", "html", "csv"], typer.Option(help="Form of the file.")
    ],
    table: Annotated[
        str, typer.Option("--table", help="Id of the table that CSV has, e.g. shortage or causes.")
    ] = "",
    role: OfRole = None,
    field: OfField = "",
    region: Region = "",
    as_of: AsOf = "",
    start: Start = "",
    snapshot_id: Annotated[
        str, typer.Option("--snapshot", help="Id of the snapshot whose figures are reported.")
    ] = "",
    public: Annotated[
        bool, typer.Option("--public", help="Only what may leave; written into the ledger.")
    ] = False,
    lang: Lang = "zh",
) -> None:
    """Write the report of a day; its figures are frozen as a snapshot that it names."""
    from api.audit.report import report_file
    from api.commands.output import write_line

    with opened() as access:
        asked = _asked(access, as_of, start, role, field, region)
        content = report_file(
            access,
            asked,
            format,
            lang,
            snapshot_id=snapshot_id,
            is_public=public,
            table=table,
        )
    out.write_bytes(content)
    write_line(f"{out}: {len(content)} bytes")


@app.command("actuals")
def actuals(
    file: Annotated[Path, typer.Argument(help="CSV: indicator, value, unit, on, note.")],
    as_json: AsJson = False,
) -> None:
    """Enter actual figures of the plans' targets; rows at fault are listed and left out."""
    from dataclasses import asdict

    from api.audit.entering import enter_file
    from api.commands.output import write_line

    content = file.read_bytes()
    with opened() as access:
        found = enter_file(access, content)
    if as_json:
        _write_json(
            {"entered": len(found.actuals), "faults": [asdict(fault) for fault in found.faults]}
        )
    else:
        write_line(f"{len(found.actuals)} figures entered")
        _write_faults(found.faults)
    if found.faults:
        raise typer.Exit(1)


@app.command("published")
def published(
    file: Annotated[
        Path | None,
        typer.Argument(help="CSV: name, publisher, edition, title, role, value, band, source."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Enter values of an index that others published, or list them; rows at fault are listed and left out."""
    from dataclasses import asdict

    from api.audit import entering
    from api.commands.output import write_line

    with opened() as access:
        found = None if file is None else entering.enter_published(access, file.read_bytes())
        held = entering.published(access)
    faults = () if found is None else found.faults
    if as_json:
        _write_json(
            {
                "entered": 0 if found is None else len(found.values),
                "faults": [asdict(fault) for fault in faults],
                "items": [asdict(one) for one in held],
            }
        )
    else:
        if found is not None:
            write_line(f"{len(found.values)} values entered")
        else:
            for one in held:
                row = "-" if one.role is None else str(one.role)
                write_line(
                    f"{one.name} {one.edition} ({one.publisher})  {row}  {one.title}  {one.value} {one.band}"
                )
        _write_faults(faults)
    if faults:
        raise typer.Exit(1)


@app.command("targets")
def targets(as_of: AsOf = "", lang: Lang = "zh", as_json: AsJson = False) -> None:
    """Print the targets of the plans beside the figures entered, with the ids that `actuals` takes."""
    from api.audit.plain import target
    from api.audit.planning import progress
    from api.commands.output import write_line

    with opened() as access:
        found = progress(access, _asked(access, as_of, "").as_of)
    if as_json:
        _write_json([target(one) for one in found])
        return
    for one in found:
        shown = target(one)
        actual = "-" if one.value is None else f"{one.value}"
        write_line(
            f"{shown['indicator']}  {shown['subject'][lang]}  {shown['plan']} {shown['unit'][lang]}"
            f"  {actual}"
        )


@app.command("forecast")
def forecast(
    role: OfRole = None, as_of: AsOf = "", lang: Lang = "zh", as_json: AsJson = False
) -> None:
    """Forecast the posts of six months, of a role or of all together, with the error of the past."""
    from api.audit.labels import both, role_label
    from api.audit.plain import forecast as plain
    from api.audit.planning import EVERY_ROLE, figures_of_day
    from api.audit.planning import forecast as forecast_of
    from api.audit.report import report_words
    from api.audit.report_planning import forecast_table
    from api.commands.output import write_line
    from search.audit.forecast.forecasting import TooLittleData

    with opened() as access:
        figures = figures_of_day(access, _asked(access, as_of, "", role))
        found = forecast_of(access, figures, role or EVERY_ROLE)
    if as_json:
        _write_json(plain(found))
        return
    words = report_words(lang)
    if isinstance(found, TooLittleData):
        write_line(
            words.text(
                "forecast.too_little",
                months=found.months,
                posts=found.posts,
                needed_months=found.needed.months,
                needed_posts=found.needed.posts,
            )
        )
        return
    subject = both("audit.all_roles") if role is None else role_label(role)
    _write_table(forecast_table(found, subject), words)
    write_line(words.text(f"forecast.better.{found.backtest.better}"))


@app.command("proposals")
def proposals(as_of: AsOf = "", lang: Lang = "zh", as_json: AsJson = False) -> None:
    """Say what the demand speaks for: rows to add, to drop, to reword, each with its evidence."""
    from dataclasses import asdict

    from api.audit.planning import proposals as proposals_of
    from api.audit.report import report_words
    from api.audit.report_planning import report_proposals
    from api.commands.output import write_line

    with opened() as access:
        found = proposals_of(access, _asked(access, as_of, ""))
    if as_json:
        _write_json(asdict(found))
        return
    words = report_words(lang)
    for one in report_proposals(found):
        write_line(f"{words.said(one.subject)}: {words.said(one.reason)}")


@contextmanager
def opened() -> Iterator[Access]:
    """Yield what the operator may do; what is refused is the user's to put right."""
    from api.access import Access
    from api.commands.opening import open_for_reading
    from api.problems import Problem
    from api.wording import wording
    from search.accounts.principal import OPERATOR

    with open_for_reading() as bole:
        try:
            yield Access(bole, OPERATOR)
        except Problem as problem:
            words = wording("en")
            told = [problem.phrase.within(words)]
            told += [f"{fault.name}: {fault.advice.within(words)}" for fault in problem.faults]
            raise ValueError(" ".join(told)) from None


def _asked(
    access: Access,
    as_of: str,
    start: str,
    role: int | None = None,
    field: str = "",
    region: str = "",
) -> AuditQuestion:
    from api.audit.question import asked_by

    told = {"as_of": as_of, "start": start, "field": field, "region": region}
    return asked_by(access, {**told, "role": "" if role is None else str(role)})


def _write_json(value: Any) -> None:
    from pydantic_core import to_jsonable_python

    from api.commands.output import write_json

    write_json(to_jsonable_python(value))


def _write_table(table: Any, words: Any) -> None:
    from api.commands.output import write_line

    write_line()
    write_line(words.said(table.caption))
    write_line("\t".join(words.text(column.label_key) for column in table.columns))
    for row in table.rows:
        cells = zip(row, table.columns, strict=True)
        write_line("\t".join(words.cell(cell, column.kind) for cell, column in cells))


def _write_faults(faults: tuple[RowFault, ...]) -> None:
    from api.commands.output import write_line
    from api.wording import wording

    words = wording("en")
    for fault in faults:
        reason = words(f"row_fault.reason.{fault.reason}", expected=fault.expected)
        fix = words(f"row_fault.fix.{fault.fix}", expected=fault.expected)
        where = f"row {fault.row}" + (f", {fault.column}" if fault.column else "")
        write_line(f"  {where}: {fault.value!r}: {reason}; {fix}")
