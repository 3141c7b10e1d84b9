"""The catalogue, skills, regions and the state of the service as `/v1` shows them."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from api.assembly import IndexState
from api.v1.benefit_schemas import BenefitDetail
from api.v1.schema_base import Answered, SourceDocument, WordLists, Words


class FieldRef(Answered):
    """A field of the catalogue."""

    code: str = Field(description="code")
    name: Words = Field(description="name; Chinese verbatim")
    domain: Words = Field(description="domain it belongs to; Chinese verbatim")


class RoleItem(Answered):
    """A row of the catalogue, in a list."""

    number: int = Field(description="row number; the row's identity")
    title: Words = Field(description="Chinese verbatim, English ours")
    field: FieldRef = Field(description="field it stands in")
    duty: Words = Field(description="Chinese verbatim, English ours")
    url: str = Field(description="the whole row")


class RoleList(Answered):
    """Rows in printed order."""

    items: list[RoleItem] = Field(description="the rows")
    total: int = Field(description="how many")
    fields: list[FieldRef] = Field(description="all fields of the catalogue, with their codes")


class SkillRef(Answered):
    """A skill concept, by name."""

    id: str = Field(description="id")
    label: Words = Field(description="name")


class RoleSkills(Answered):
    """Skills of a role; ours."""

    essential: list[SkillRef] = Field(description="needed")
    optional: list[SkillRef] = Field(description="helpful")


class RoleGrade(Answered):
    """Grade of a role; ours."""

    level: str = Field(description="grade that the printed title implies, or `any`")
    words: WordLists = Field(description="grade words that the market puts around the title")


class Listing(Answered):
    """Where a row is printed."""

    document: SourceDocument = Field(description="the document")
    annex: str = Field(description="annex as printed")
    row: int = Field(description="row number, in printed order")
    order: int = Field(description="position within its field, from 1")


class RoleDetail(RoleItem):
    """A row of the catalogue with our own work beside it."""

    seniority: RoleGrade = Field(description="grade words")
    labels: WordLists = Field(description="other titles as people write them; ours")
    skills: RoleSkills = Field(description="skills; ours")
    listed: Listing = Field(description="where it is printed")
    benefits: list[BenefitDetail] = Field(description="measures that may apply, the most useful")
    benefit_counts: dict[str, int] = Field(description="how many there are in all, by standing")
    as_of: date = Field(description="date whose rules were applied")
    versions: dict[str, str] = Field(description="releases used")


class SkillItem(Answered):
    """A skill concept."""

    id: str = Field(description="id to filter by")
    kind: str = Field(description="language, framework, tool, method, …")
    label: Words = Field(description="preferred names")
    aliases: WordLists = Field(description="other names")
    broader: SkillRef | None = Field(description="the broader concept")
    url: str = Field(description="the whole concept")


class SkillList(Answered):
    """A page of skill concepts."""

    items: list[SkillItem] = Field(description="the concepts")
    total: int = Field(description="how many in all")
    next: str | None = Field(description="cursor of the next page, or null")
    kinds: list[str] = Field(description="kinds there are")


class SkillDetail(SkillItem):
    """A skill concept with what is linked to it."""

    narrower: list[SkillRef] = Field(description="concepts below it")
    roles: list[RoleItem] = Field(description="rows of the catalogue that want it")


class RegionItem(Answered):
    """A region with those in it."""

    code: str = Field(description="GB/T 2260 code")
    level: str = Field(description="province, city, district or elsewhere")
    label: Words = Field(description="name")
    valid_until: str | None = Field(description="when it ceased to exist")
    successor: str | None = Field(description="code of the region in its place")
    regions: list[RegionItem] = Field(description="regions within it")


class RegionTree(Answered):
    """The regions that filters know."""

    items: list[RegionItem] = Field(description="the jurisdiction, as a tree")
    elsewhere: list[RegionItem] = Field(description="large cities outside it")
    version: str = Field(description="release of the code list")


class Health(Answered):
    """The process answers."""

    status: Literal["ok"] = Field(description="always ok")
    version: str = Field(description="version of Bole")


class Readiness(Answered):
    """Whether searches can be answered, and how far the index is behind the records."""

    ready: bool = Field(description="true when searches are answered from a complete index")
    index: IndexState = Field(description="state of the index")
    documents: int = Field(description="documents in the index")
    watermark: int = Field(description="last change that is in the index")
    last_change: int = Field(description="last change in the records")
    lag: int = Field(description="changes not yet in the index")
    held: int = Field(description="records that could not be indexed; see the log")
