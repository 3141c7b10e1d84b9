"""Codes of the taxonomies as field types: an unknown one is refused with where to find the known ones."""

from __future__ import annotations

import re
from collections.abc import Callable, Container
from typing import Annotated, TypeVar

from pydantic import AfterValidator, Field, StringConstraints, ValidationInfo
from pydantic_core import PydanticCustomError

from search.models import Aspect
from taxonomies.catalogue import load_catalogue
from taxonomies.levels import load_education
from taxonomies.regions import load_elsewhere, load_regions
from taxonomies.skills import load_skills

T = TypeVar("T")

_YEARS = re.compile(r"[0-5]?[0-9](\.[0-9]{1,2})?|60")


#: Context of a validation of what is stored already: it stays readable when a release drops a code.
STORED = {"is_stored": True}


def _one_of(name: str, known: Callable[[], Container[T]]) -> Callable[[T, ValidationInfo], T]:
    kind = f"unknown_{name}"

    def check(code: T, info: ValidationInfo) -> T:
        if info.context is not STORED and code not in known():
            raise PydanticCustomError(kind, "not a known code")
        return code

    return check


def field_codes() -> frozenset[str]:
    """Return the codes of the catalogue's fields."""
    return frozenset(field.code for field in load_catalogue().fields)


def row_numbers() -> frozenset[int]:
    """Return the row numbers of the catalogue."""
    return frozenset(role.number for role in load_catalogue().roles)


def education_levels() -> frozenset[str]:
    """Return the ids of the education levels."""
    return frozenset(level.id for level in load_education())


def region_codes() -> frozenset[str]:
    """Return the codes of all regions, here and elsewhere."""
    return frozenset((*load_regions(), *load_elsewhere()))


_Code = Annotated[str, StringConstraints(min_length=1, max_length=80)]

RegionCode = Annotated[
    _Code,
    AfterValidator(_one_of("region", region_codes)),
    Field(
        description="GB/T 2260 code of a region; `GET /v1/regions` lists them", examples=["330100"]
    ),
]
FieldCode = Annotated[
    _Code,
    AfterValidator(_one_of("field", field_codes)),
    Field(
        description="code of a field of the catalogue; `GET /v1/roles` shows them",
        examples=["integrated-circuits"],
    ),
]
SkillId = Annotated[
    _Code,
    AfterValidator(_one_of("skill", load_skills)),
    Field(description="id of a skill concept; `GET /v1/skills` lists them", examples=["java"]),
]
EducationLevel = Annotated[
    _Code,
    AfterValidator(_one_of("education", education_levels)),
    Field(
        description="lower-secondary, upper-secondary, associate, bachelor, master or doctor",
        examples=["bachelor"],
    ),
]
RowNumber = Annotated[
    int,
    Field(strict=True, description="row number in the catalogue, from 1", examples=[9]),
    AfterValidator(_one_of("role", row_numbers)),
]


def check_condition(aspect: Aspect, value: str) -> None:
    """Refuse a condition whose value its code list does not have.

    Raises:
        PydanticCustomError: with the type that names the list.
    """
    match aspect:
        case Aspect.SKILL | Aspect.LANGUAGE:
            name, is_known = "skill", value in load_skills()
        case Aspect.TITLE:
            name, is_known = "role", value in {str(number) for number in row_numbers()}
        case Aspect.PLACE:
            name, is_known = "region", value in region_codes()
        case Aspect.EDUCATION:
            name, is_known = "education", value in education_levels()
        case Aspect.YEARS:
            name, is_known = "years", _YEARS.fullmatch(value) is not None
    if not is_known:
        kind = f"unknown_{name}"
        raise PydanticCustomError(kind, "not a known code", {"member": "value"})
