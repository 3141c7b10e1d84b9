"""`bole taxonomy`: the code lists, and what an office adds to them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taxonomies.benefits import Benefit
    from taxonomies.office_catalogues import OfficeCatalogue

app = typer.Typer(
    no_args_is_help=True,
    help="The catalogue, skills and regions; measures and catalogues of offices.",
)

AsJson = Annotated[bool, typer.Option("--json", help="Write JSON.")]


@app.command("roles")
def roles(as_json: AsJson = False) -> None:
    """List the catalogue's rows in printed order: verbatim, then our own English and labels."""
    from api.commands.output import write_json, write_line
    from taxonomies.catalogue import load_catalogue

    catalogue = load_catalogue()
    if not as_json:
        for role in catalogue.roles:
            write_line(f"{role.number:>3}  {role.field.name.zh}  {role.title.zh}  {role.title.en}")
        return
    write_json(
        [
            {
                "number": role.number,
                "domain": role.field.domain.zh,
                "field": role.field.name.zh,
                "title": role.title.zh,
                "duty": role.duty.zh,
                "title_en": role.title.en,
                "duty_en": role.duty.en,
                "domain_en": role.field.domain.en,
                "field_en": role.field.name.en,
                "field_code": role.field.code,
                "order": role.order,
                "labels_zh": role.labels_zh,
                "labels_en": role.labels_en,
                "seniority": role.seniority.level,
                "skills": [{"id": link.skill, "relation": link.relation} for link in role.skills],
            }
            for role in catalogue.roles
        ]
    )


@app.command("fields")
def fields(as_json: AsJson = False) -> None:
    """List the catalogue's fields with their codes."""
    from api.commands.output import write_json, write_line
    from taxonomies.catalogue import load_catalogue

    rows = [
        {
            "code": entry.code,
            "domain": entry.domain.zh,
            "field": entry.name.zh,
            "field_en": entry.name.en,
        }
        for entry in load_catalogue().fields
    ]
    if as_json:
        write_json(rows)
    else:
        for row in rows:
            write_line(f"{row['code']:<24} {row['field']}  {row['field_en']}")


@app.command("skills")
def skills(as_json: AsJson = False) -> None:
    """List the skill concepts."""
    from api.commands.output import write_json, write_line
    from taxonomies.skills import load_skills

    if not as_json:
        for skill in load_skills().values():
            write_line(f"{skill.id:<32} {skill.kind:<14} {skill.label.zh}  {skill.label.en}")
        return
    write_json(
        [
            {
                "id": skill.id,
                "kind": skill.kind,
                "broader": skill.broader,
                "zh": skill.label.zh,
                "en": skill.label.en,
                "aliases_zh": skill.aliases_zh,
                "aliases_en": skill.aliases_en,
            }
            for skill in load_skills().values()
        ]
    )


@app.command("regions")
def regions(as_json: AsJson = False) -> None:
    """List the province, its cities and districts with national codes."""
    from api.commands.output import write_json, write_line
    from taxonomies.regions import load_regions

    rows = [
        {
            "code": region.code,
            "level": region.level,
            "parent": region.parent,
            "zh": region.label.zh,
            "en": region.label.en,
            "valid_until": region.valid_until,
            "successor": region.successor,
        }
        for region in load_regions().values()
    ]
    if as_json:
        write_json(rows)
    else:
        for row in rows:
            write_line(f"{row['code']}  {row['level']:<9} {row['zh']}  {row['en']}")


Files = Annotated[
    list[Path],
    typer.Argument(exists=True, dir_okay=False, help="Measures (.yaml), catalogues (.csv, .xlsx)."),
]
Sources = Annotated[
    list[Path] | None,
    typer.Option(exists=True, file_okay=False, help="Folder with the texts that measures quote."),
]
CatalogueId = Annotated[str | None, typer.Option(help="Of a catalogue: the id that measures name.")]
Start = Annotated[str | None, typer.Option("--from", help="Of a catalogue: first day, YYYY-MM-DD.")]
End = Annotated[str | None, typer.Option("--to", help="Of a catalogue: last day, YYYY-MM-DD.")]


@app.command("check")
def check(
    files: Files,
    sources: Sources = None,
    catalogue: CatalogueId = None,
    start: Start = None,
    end: End = None,
) -> None:
    """Check measures and catalogues: every file's first fault with line and fix; changes nothing."""
    faults = sum(not is_sound for is_sound in _checked(files, sources or [], catalogue, start, end))
    if faults:
        raise typer.Exit(1)


@app.command("load")
def load(
    files: Files,
    sources: Sources = None,
    catalogue: CatalogueId = None,
    start: Start = None,
    end: End = None,
) -> None:
    """Check files, and where all are sound keep them as dated versions; nothing is overwritten.

    A running server uses them from its next answer on.
    """
    from api.commands.output import write_line
    from api.settings import Settings
    from taxonomies.benefits import Benefit
    from taxonomies.office_benefits import keep_benefit
    from taxonomies.office_catalogues import keep_catalogue

    found = list(_checked(files, sources or [], catalogue, start, end))
    if not all(found):
        write_line("nothing was loaded; correct the files above")
        raise typer.Exit(1)
    settings = Settings()
    folder = settings.taxonomies_dir
    for path, item in zip(files, found, strict=True):
        if isinstance(item, Benefit):
            kept = keep_benefit(folder / "benefits", path.read_bytes(), item, settings.today())
        else:
            assert item is not None
            kept = keep_catalogue(folder / "catalogues", item)
        write_line(f"{path}: kept as {kept}")


def _checked(
    files: list[Path],
    sources: list[Path],
    catalogue: str | None,
    start: str | None,
    end: str | None,
) -> Iterator[Benefit | OfficeCatalogue | None]:
    """Yield what each file holds, None for a faulty one, and say how it stands."""
    from api.commands.output import write_line
    from taxonomies.benefit_files import BenefitFileError
    from taxonomies.office_benefits import check_file, find_source
    from taxonomies.office_catalogues import CatalogueFileError
    from taxonomies.releases import DATA

    texts = [*sources, *sorted(path for path in (DATA / "sources").iterdir() if path.is_dir())]
    for path in files:
        try:
            if path.suffix.lower() in {".csv", ".xlsx"}:
                held = _catalogue(path, catalogue, start, end)
                item: Benefit | OfficeCatalogue = held
                note = f"{len(held.rows)} roles from {held.start} on"
            else:
                item = benefit = check_file(path, texts)
                has_source = find_source(benefit, (path.parent, *texts)) is not None
                note = (
                    "its quotes stand in the source"
                    if has_source
                    else f"{benefit.document.file} is not at hand: quotes were NOT compared; "
                    "put it beside the file or name its folder with --sources"
                )
        except (BenefitFileError, CatalogueFileError) as error:
            write_line(f"FAULT {error}")
            yield None
        else:
            write_line(f"sound {path}: {note}")
            yield item


def _catalogue(path: Path, key: str | None, start: str | None, end: str | None) -> OfficeCatalogue:
    from datetime import date

    from pydantic import ValidationError

    from taxonomies.office_catalogues import CatalogueFileError, OfficeCatalogue, read_rows

    if key is None or start is None:
        raise CatalogueFileError(
            str(path), 1, "whose catalogue it is, and from when, was not said",
            "give --catalogue ID and --from YYYY-MM-DD; `bole benefits facts` lists the ids (role.catalogue)",
        )  # fmt: skip
    rows = read_rows(path.read_bytes(), str(path))
    try:
        first, last = date.fromisoformat(start), date.fromisoformat(end) if end else None
        return OfficeCatalogue(id=key, start=first, end=last, rows=rows)
    except (ValueError, ValidationError) as error:
        raise CatalogueFileError(
            str(path), 1, f"--catalogue {key}, --from {start}, --to {end} cannot be used",
            "write an id in lower case with hyphens, and days as YYYY-MM-DD",
        ) from error  # fmt: skip
