"""A declaration of demand (需求申报): how many an employer needs of a role, where, and asking for what.

It says nothing about people: who may be called about it stays with the account that sent it, and has no field here.
"""

from __future__ import annotations

import re
from typing import Annotated, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
    model_validator,
)

from search.records.models import EducationLevel, Line, RegionCode, RowNumber, YearsOfExperience

Month = Annotated[str, StringConstraints(pattern=r"^20\d{2}-(0[1-9]|1[0-2])$")]
#: Posts of one declaration, at most; as of a vacancy.
MOST_POSTS = 100_000
LONGEST_REASON = 500
MOST_SKILLS = 50
MOST_REGIONS = 20

# Mobile numbers, numbers with an area code, mail addresses.
_CONTACT = re.compile(r"(?<!\d)(?:1[3-9]\d{9}|0\d{2,3}[- ]?\d{7,8})(?!\d)|[\w.+-]+@[\w-]+\.\w+")


def has_contact(text: str) -> bool:
    """Say whether a telephone number or a mail address stands in a text."""
    return _CONTACT.search(text) is not None


class Declaration(BaseModel):
    """What one employer declares for one role.

    Attributes:
        employer: who needs them.
        role: row of the catalogue; None where it holds none.
        title: of a role that the catalogue does not hold; exactly one of the two is given.
        headcount: posts, 1 to 100,000.
        regions: codes of the places of work; empty where none is stated.
        education_at_least: None where any will do.
        years_at_least: years of experience; None where none are asked for.
        skills: as the employer writes them.
        reason: why they are hard to find.
        from_month: first month, `2027-01`.
        until_month: last month; None where no end is stated.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    employer: Line
    role: RowNumber | None = None
    title: Line | None = None
    headcount: Annotated[int, Field(ge=1, le=MOST_POSTS)]
    regions: Annotated[tuple[RegionCode, ...], Field(max_length=MOST_REGIONS)] = ()
    education_at_least: EducationLevel | None = None
    years_at_least: YearsOfExperience | None = None
    skills: Annotated[tuple[Line, ...], Field(max_length=MOST_SKILLS)] = ()
    reason: Annotated[str, StringConstraints(strip_whitespace=True, max_length=LONGEST_REASON)] = ""
    from_month: Month
    until_month: Month | None = None

    @field_validator("employer", "title", "skills", "reason")
    @classmethod
    def _has_no_contact(cls, value: str | tuple[str, ...] | None) -> str | tuple[str, ...] | None:
        if has_contact(value if isinstance(value, str) else " ".join(value or ())):
            raise ValueError("a telephone number or an address stands here; leave it out")
        return value

    @model_validator(mode="after")
    def _is_of_one_piece(self) -> Self:
        if (self.role is None) == (self.title is None):
            raise ValueError(
                "give either the row of the catalogue (role) or a new title, not both or neither"
            )
        if self.until_month is not None and self.until_month < self.from_month:
            raise ValueError(
                f"until_month {self.until_month} lies before from_month {self.from_month}; "
                "leave it out or give a later one"
            )
        return self
