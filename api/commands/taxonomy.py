"""`bole taxonomy`: the code lists."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="The catalogue, skills and regions.")

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
