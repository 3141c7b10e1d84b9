"""Rows of the catalogue, skills and regions as an answer shows them."""

from __future__ import annotations

from collections.abc import Iterable

from api.notices import Measures, words
from api.v1.catalogue_schemas import (
    FieldRef,
    Listing,
    RegionItem,
    RegionTree,
    RoleDetail,
    RoleGrade,
    RoleItem,
    RoleList,
    RoleSkills,
    SkillDetail,
    SkillItem,
    SkillRef,
)
from api.v1.schema_base import SourceDocument, WordLists
from search.text.lexicon import label_key
from taxonomies.catalogue import Catalogue, load_catalogue
from taxonomies.models import CatalogueField, Region, Role, Skill
from taxonomies.regions import load_elsewhere, load_regions
from taxonomies.releases import CURRENT
from taxonomies.skills import load_skills

_ISSUER_MARK = "\u3001"


def field_ref(field: CatalogueField) -> FieldRef:
    """Return a field of the catalogue."""
    return FieldRef(code=field.code, name=words(field.name), domain=words(field.domain))


def role_item(role: Role) -> RoleItem:
    """Return a row as a list shows it."""
    return RoleItem(
        number=role.number,
        title=words(role.title),
        field=field_ref(role.field),
        duty=words(role.duty),
        url=f"/v1/roles/{role.number}",
    )


def role_list(field_codes: Iterable[str], text: str) -> RoleList:
    """Return the rows of some fields (all, where none is named) one of whose titles holds a text."""
    catalogue, wanted, key = load_catalogue(), frozenset(field_codes), label_key(text)
    rows = [
        role_item(role)
        for role in catalogue.roles
        if (not wanted or role.field.code in wanted)
        and (not key or any(key in label_key(label) for label in role.labels))
    ]
    fields = [field_ref(field) for field in catalogue.fields]
    return RoleList(items=rows, total=len(rows), fields=fields)


def role_detail(role: Role, region_codes: Iterable[str], measures: Measures) -> RoleDetail:
    """Return a whole row, with the measures that it raises at some places."""
    catalogue = load_catalogue()
    grade = role.seniority
    benefits, counts = measures.of_role(role, frozenset(region_codes))
    return RoleDetail(
        **dict(role_item(role)),
        seniority=RoleGrade(
            level=grade.level, words=WordLists(zh=list(grade.words_zh), en=list(grade.words_en))
        ),
        labels=WordLists(zh=list(role.labels_zh), en=list(role.labels_en)),
        skills=RoleSkills(essential=_linked(role, "essential"), optional=_linked(role, "optional")),
        listed=listing(catalogue, role),
        benefits=benefits,
        benefit_counts=counts,
        as_of=measures.as_of,
        versions={"catalogue": catalogue.version, "skills": CURRENT["skills"]},
    )


def listing(catalogue: Catalogue, role: Role) -> Listing:
    """Return where a row is printed."""
    document = catalogue.document
    return Listing(
        document=SourceDocument(
            title=document["title"],
            number=document["number"],
            issuers=document["issuer"].split(_ISSUER_MARK),
            dated=document["dated"],
            file=document["file"],
        ),
        annex=document["annex"],
        row=role.number,
        order=role.order,
    )


def skill_item(skill: Skill) -> SkillItem:
    """Return a skill concept as a list shows it."""
    broader = load_skills().get(skill.broader)
    return SkillItem(
        id=skill.id,
        kind=skill.kind,
        label=words(skill.label),
        aliases=WordLists(zh=list(skill.aliases_zh), en=list(skill.aliases_en)),
        broader=_skill_ref(broader) if broader else None,
        url=f"/v1/skills/{skill.id}",
    )


def skill_detail(skill: Skill) -> SkillDetail:
    """Return a whole skill concept."""
    roles = load_catalogue().roles
    return SkillDetail(
        **dict(skill_item(skill)),
        narrower=[_skill_ref(s) for s in load_skills().values() if s.broader == skill.id],
        roles=[role_item(r) for r in roles if any(link.skill == skill.id for link in r.skills)],
    )


def find_skills(text: str, kind: str | None) -> list[Skill]:
    """Return the concepts of a kind one of whose names holds a text: equal first, then beginning so."""
    key = label_key(text)
    found = []
    for place, skill in enumerate(load_skills().values()):
        if kind in {None, skill.kind}:
            closeness = _closeness(skill, key)
            if closeness is not None:
                found.append((closeness, place, skill))
    return [skill for _, _, skill in sorted(found, key=lambda entry: entry[:2])]


def region_tree() -> RegionTree:
    """Return all regions that filters know."""
    regions = load_regions()
    tops = [region for region in regions.values() if not region.parent]
    return RegionTree(
        items=[_region(region) for region in tops],
        elsewhere=[_region(region) for region in load_elsewhere().values()],
        version=CURRENT["regions"],
    )


def _region(region: Region) -> RegionItem:
    below = [part for part in load_regions().values() if part.parent == region.code]
    return RegionItem(
        code=region.code,
        level=region.level,
        label=words(region.label),
        valid_until=region.valid_until or None,
        successor=region.successor or None,
        regions=[_region(part) for part in below],
    )


def _linked(role: Role, relation: str) -> list[SkillRef]:
    skills = load_skills()
    wanted = (skills.get(link.skill) for link in role.skills if link.relation == relation)
    return [_skill_ref(skill) for skill in wanted if skill]


def _skill_ref(skill: Skill) -> SkillRef:
    return SkillRef(id=skill.id, label=words(skill.label))


def _closeness(skill: Skill, key: str) -> int | None:
    if not key:
        return 0
    labels = [label_key(label) for label in skill.labels]
    if key in labels:
        return 0
    if any(label.startswith(key) for label in labels):
        return 1
    return 2 if any(key in label for label in labels) else None
