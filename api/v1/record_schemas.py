"""Profiles and openings as `/v1` takes and shows them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StringConstraints

from api.codes import EducationLevel, RegionCode, RowNumber
from api.v1.schema_base import Answered, Given, IsoDate, Pay, Years, examples
from search.records.models import Employment, Line, Prose

Key = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,64}$")]
Month = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$")]


class SkillStatement(Given):
    """A skill in the writer's own words."""

    name: Line = Field(description="as written, for example `Spring Boot`")
    level: Literal["basic", "working", "advanced", "expert"] | None = Field(
        default=None, description="how well"
    )
    years: Years | None = Field(default=None, description="for how many years")


class WantedSkillBody(SkillStatement):
    """A skill asked for, in the employer's own words."""

    strength: Literal["required", "favoured", "optional"] = Field(
        default="favoured",
        description="required excludes who lacks it (must), favoured ranks (nice), optional is a plus",
    )


class ConsentBody(Given):
    """What a person agreed to."""

    purpose: Literal["matching", "contact", "statistics"] = Field(
        description="being found and ranked, being asked by employers, being counted"
    )
    given: IsoDate = Field(description="day on which it was given")
    withdrawn: IsoDate | None = Field(default=None, description="day on which it was withdrawn")
    text_version: Line | None = Field(
        default=None, description="version of the text that was agreed to, where it is known"
    )


class WorkBody(Given):
    """One employment."""

    title: Line = Field(description="position held")
    employer: Line | None = Field(default=None, description="where")
    start: Month | None = Field(default=None, description="first month, `2021-03`")
    end: Month | None = Field(default=None, description="last month; open means until now")
    summary: Prose = Field(default="", description="what was done")


class EducationBody(Given):
    """One stage of education."""

    level: EducationLevel = Field(description="level reached")
    school: Line | None = Field(default=None, description="where")
    subject: Line | None = Field(default=None, description="subject")


class WishesBody(Given):
    """What a person looks for; every part may be left open."""

    roles: Annotated[tuple[RowNumber, ...], Field(max_length=100)] = Field(
        default=(), description="rows of the catalogue"
    )
    titles: Annotated[tuple[Line, ...], Field(max_length=20)] = Field(
        default=(), description="titles in the person's own words"
    )
    regions: Annotated[tuple[RegionCode, ...], Field(max_length=100)] = Field(
        default=(), description="regions"
    )
    pay_monthly_yuan: Pay | None = Field(default=None, description="least pay, yuan a month")
    employment: Annotated[tuple[Employment, ...], Field(max_length=4)] = Field(
        default=(), description="forms of employment"
    )


class CandidateBody(Given):
    """A job seeker's profile. There is no field for sex, age, origin or family, and none is accepted."""

    model_config = ConfigDict(json_schema_extra={"examples": examples("CandidateBody")})

    kind: Literal["candidate"] = Field(default="candidate", description="always candidate")
    key: Key | None = Field(default=None, description="the sender's own key, used once")
    headline: Line = Field(description="one line: who this is, professionally")
    summary: Prose = Field(default="", description="profile in the person's own words")
    skills: Annotated[tuple[SkillStatement, ...], Field(max_length=200)] = Field(
        default=(), description="skills"
    )
    work: Annotated[tuple[WorkBody, ...], Field(max_length=60)] = Field(
        default=(), description="employments"
    )
    education: Annotated[tuple[EducationBody, ...], Field(max_length=20)] = Field(
        default=(), description="stages of education"
    )
    years_experience: Years | None = Field(default=None, description="years of experience in all")
    region: RegionCode | None = Field(default=None, description="where the person is")
    wishes: WishesBody = Field(default=WishesBody(), description="what is looked for")
    languages: Annotated[tuple[Line, ...], Field(max_length=20)] = Field(
        default=(), description="human languages"
    )
    certificates: Annotated[tuple[Line, ...], Field(max_length=50)] = Field(
        default=(), description="certificates"
    )
    talent_tier: Line | None = Field(default=None, description="recognised talent tier, if any")
    available_from: IsoDate | None = Field(
        default=None, description="first day on which the person could begin"
    )
    consents: Annotated[tuple[ConsentBody, ...], Field(max_length=20)] = Field(
        default=(),
        description="what was agreed to; a profile whose consent to matching was withdrawn is not found",
    )
    status: Literal["active", "paused"] = Field(
        default="active", description="a paused profile is kept and not found"
    )


class VacancyBody(Given):
    """One opening of an employer."""

    model_config = ConfigDict(json_schema_extra={"examples": examples("VacancyBody")})

    kind: Literal["vacancy"] = Field(default="vacancy", description="always vacancy")
    key: Key | None = Field(default=None, description="the sender's own key, used once")
    title: Line = Field(description="title of the opening")
    text: Prose = Field(default="", description="the posting")
    employer: Line | None = Field(default=None, description="who hires")
    role: RowNumber | None = Field(default=None, description="row of the catalogue it belongs to")
    headcount: Annotated[int, Field(strict=True, ge=1, le=100_000)] | None = Field(
        default=None, description="how many people"
    )
    skills: Annotated[tuple[WantedSkillBody, ...], Field(max_length=200)] = Field(
        default=(), description="skills asked for"
    )
    years_at_least: Years | None = Field(default=None, description="fewest years of experience")
    education_at_least: EducationLevel | None = Field(
        default=None, description="lowest level of education"
    )
    region: RegionCode | None = Field(default=None, description="where the work is")
    pay_monthly_yuan_from: Pay | None = Field(default=None, description="least pay, yuan a month")
    pay_monthly_yuan_to: Pay | None = Field(default=None, description="most pay, yuan a month")
    employment: Employment | None = Field(default=None, description="form of employment")
    languages: Annotated[tuple[Line, ...], Field(max_length=20)] = Field(
        default=(), description="human languages asked for"
    )
    posted: IsoDate | None = Field(default=None, description="day of posting")
    valid_through: IsoDate | None = Field(default=None, description="last day it is open")
    status: Literal["open", "closed"] = Field(
        default="open", description="a closed opening is kept and not found"
    )


class _Stored(Answered):
    id: str = Field(description="id given by Bole")
    version: int = Field(description="1 when created; the ETag is this number in quotes")
    created_at: datetime = Field(description="when it was created")
    updated_at: datetime = Field(description="when it last changed")
    url: str = Field(description="where it is")


class CandidateResource(_Stored):
    """A stored profile; PUT takes what stands in `record`."""

    record: CandidateBody = Field(description="the profile")


class VacancyResource(_Stored):
    """A stored opening; PUT takes what stands in `record`."""

    record: VacancyBody = Field(description="the opening")


class CandidateList(Answered):
    """A page of your profiles."""

    items: list[CandidateResource] = Field(description="profiles, oldest first")
    next: str | None = Field(description="cursor of the next page; null on the last")


class VacancyList(Answered):
    """A page of your openings."""

    items: list[VacancyResource] = Field(description="openings, oldest first")
    next: str | None = Field(description="cursor of the next page; null on the last")
