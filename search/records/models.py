"""The records: what a person or an employer has said, as it is stored. Unknown is None or empty, never a guess.

There is no field for sex, age, birth date, photo, ethnicity, origin or marital state, and unknown
fields are refused, so nothing of that sort can reach a ranking.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Prose = Annotated[str, StringConstraints(strip_whitespace=True, max_length=20_000)]
RegionCode = Annotated[str, StringConstraints(pattern=r"^\d{6}$")]
EducationLevel = Literal[
    "lower-secondary", "upper-secondary", "associate", "bachelor", "master", "doctor"
]
Employment = Literal["full-time", "part-time", "contract", "internship"]
YearsOfExperience = Annotated[float, Field(ge=0, le=60, allow_inf_nan=False)]
MonthlyPay = Annotated[int, Field(ge=0, le=10_000_000)]
RowNumber = Annotated[int, Field(ge=1, le=999)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class StatedSkill(_Part):
    """A skill in the person's own words; linked to a concept when it is indexed."""

    name: Line
    level: Literal["basic", "working", "advanced", "expert"] | None = None
    years: YearsOfExperience | None = None


class WantedSkill(StatedSkill):
    """A skill that a vacancy asks for, in the employer's own words."""

    strength: Literal["required", "favoured", "optional"] = "favoured"


class Consent(_Part):
    """What a person agreed to have done with the profile, and whether that still holds.

    `matching`: being found and ranked; `contact`: being asked by an employer who found the profile;
    `statistics`: being counted. Days are those of the province's calendar. `text_version` says which
    text was agreed to, where it was one of ours.
    """

    purpose: Literal["matching", "contact", "statistics"]
    given: date
    withdrawn: date | None = None
    text_version: Line | None = None


class WorkExperience(_Part):
    """One employment; dates are months (`2021-03`), an open end means until now."""

    title: Line
    employer: Line | None = None
    start: Annotated[str, StringConstraints(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")] | None = None
    end: Annotated[str, StringConstraints(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")] | None = None
    summary: Prose = ""


class Education(_Part):
    """One stage of education."""

    level: EducationLevel
    school: Line | None = None
    subject: Line | None = None


class Wishes(_Part):
    """What the person looks for; every part may be left open."""

    roles: tuple[RowNumber, ...] = ()
    titles: Annotated[tuple[Line, ...], Field(max_length=20)] = ()
    regions: tuple[RegionCode, ...] = ()
    pay_monthly_yuan: MonthlyPay | None = None
    employment: tuple[Employment, ...] = ()


class Candidate(_Part):
    """A job seeker's profile (求职者)."""

    kind: Literal["candidate"] = "candidate"
    key: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,64}$")] | None = Field(
        default=None,
        description="the sender's own key: loading the same key again replaces the profile",
    )
    headline: Line
    summary: Prose = ""
    skills: Annotated[tuple[StatedSkill, ...], Field(max_length=200)] = ()
    work: Annotated[tuple[WorkExperience, ...], Field(max_length=60)] = ()
    education: Annotated[tuple[Education, ...], Field(max_length=20)] = ()
    years_experience: YearsOfExperience | None = None
    region: RegionCode | None = None
    wishes: Wishes = Wishes()
    languages: Annotated[tuple[Line, ...], Field(max_length=20)] = ()
    certificates: Annotated[tuple[Line, ...], Field(max_length=50)] = ()
    talent_tier: Line | None = None
    available_from: date | None = None
    consents: Annotated[tuple[Consent, ...], Field(max_length=20)] = ()
    status: Literal["active", "paused"] = "active"

    def agrees_to(self, purpose: Literal["matching", "contact", "statistics"]) -> bool | None:
        """Return whether a consent for the purpose holds; None where nothing was recorded."""
        about = [consent for consent in self.consents if consent.purpose == purpose]
        return any(consent.withdrawn is None for consent in about) if about else None


class Vacancy(_Part):
    """One opening of an employer (职位)."""

    kind: Literal["vacancy"] = "vacancy"
    key: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,64}$")] | None = Field(
        default=None,
        description="the sender's own key: loading the same key again replaces the vacancy",
    )
    title: Line
    text: Prose = ""
    employer: Line | None = None
    role: RowNumber | None = None
    headcount: Annotated[int, Field(ge=1, le=100_000)] | None = None
    skills: Annotated[tuple[WantedSkill, ...], Field(max_length=200)] = ()
    years_at_least: YearsOfExperience | None = None
    education_at_least: EducationLevel | None = None
    region: RegionCode | None = None
    pay_monthly_yuan_from: MonthlyPay | None = None
    pay_monthly_yuan_to: MonthlyPay | None = None
    employment: Employment | None = None
    languages: Annotated[tuple[Line, ...], Field(max_length=20)] = ()
    posted: date | None = None
    valid_through: date | None = None
    status: Literal["open", "closed"] = "open"


AnyRecord = Annotated[Candidate | Vacancy, Field(discriminator="kind")]
