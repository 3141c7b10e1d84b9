"""`/v1/declarations`: demand that employers declare, and what the office says to it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Path
from pydantic import ConfigDict, Field, StringConstraints

from api.audit import declaration_service
from api.codes import EducationLevel, RegionCode, RowNumber
from api.strict_route import StrictRoute
from api.v1.dependencies import AnswerLang, AnyAccess
from api.v1.responses import errors
from api.v1.schema_base import Answered, Given, Years, examples
from search.audit.stores.declarations import KeptDeclaration

router = APIRouter(prefix="/declarations", route_class=StrictRoute, tags=["audit"])

DeclarationId = Annotated[str, Path(description="id given by Bole", max_length=64)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)]
Month = Annotated[str, StringConstraints(pattern=r"^20\d{2}-(0[1-9]|1[0-2])$")]


class DeclarationBody(Given):
    """How many are needed of a role, or of a new one, from when to when. No contact details."""

    model_config = ConfigDict(json_schema_extra={"examples": examples("DeclarationBody")})

    employer: Line = Field(
        default="", description="who needs them; an employer's own name is filled in"
    )
    role: RowNumber | None = Field(
        default=None, description="row of the catalogue; either this or `title`"
    )
    title: Line = Field(default="", description="of a role that the catalogue does not have")
    headcount: Annotated[int, Field(strict=True, ge=1, le=100_000)] = Field(
        description="how many are needed"
    )
    regions: Annotated[tuple[RegionCode, ...], Field(max_length=20)] = Field(
        default=(), description="places of work"
    )
    education_at_least: EducationLevel | None = Field(default=None, description="lowest level")
    years_at_least: Years | None = Field(default=None, description="years of experience")
    skills: Annotated[tuple[Line, ...], Field(max_length=50)] = Field(
        default=(), description="as you call them"
    )
    reason: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] = Field(
        default="", description="why they are hard to find"
    )
    from_month: Month = Field(description="first month, for example 2027-01")
    until_month: Month | None = Field(default=None, description="last month")
    is_sent: Annotated[bool, Field(strict=True)] = Field(
        default=False, description="send it to the office at once; else it is a draft"
    )


class DeclarationActBody(Given):
    """What is done with a declaration."""

    model_config = ConfigDict(json_schema_extra={"examples": examples("DeclarationActBody")})

    act: Literal["send", "withdraw", "accept", "refuse"] = Field(
        description="by the employer send and withdraw, by an office accept and refuse"
    )
    answer: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] = Field(
        default="", description="what the office says to it"
    )


class DeclarationItem(Answered):
    """A declaration, and where it stands."""

    id: str = Field(description="id given by Bole")
    state: Literal["draft", "sent", "accepted", "refused"] = Field(description="where it stands")
    answer: str = Field(description="what the office said, or empty")
    made_at: datetime = Field(description="when it was written")
    sent_at: datetime | None = Field(description="when it was sent")
    answered_at: datetime | None = Field(description="when the office answered")
    employer: str = Field(description="who needs them")
    role: int | None = Field(description="row of the catalogue, or null")
    title: str | None = Field(description="of a role that the catalogue does not have, or null")
    headcount: int = Field(description="how many are needed")
    regions: list[str] = Field(description="places of work")
    education_at_least: str | None = Field(description="lowest level, or null")
    years_at_least: float | None = Field(description="years of experience, or null")
    skills: list[str] = Field(description="as the employer calls them")
    reason: str = Field(description="why they are hard to find")
    from_month: str = Field(description="first month")
    until_month: str | None = Field(description="last month, or null")


class DeclarationList(Answered):
    """Declarations."""

    items: list[DeclarationItem] = Field(description="newest first")


@router.get("", summary="List declarations", responses=errors(503))
def list_declarations(access: AnyAccess, lang: AnswerLang) -> DeclarationList:
    """Return your own declarations; to offices all that were sent."""
    del lang
    return DeclarationList(items=[_item(one) for one in declaration_service.declarations(access)])


@router.post(
    "",
    status_code=201,
    summary="Declare demand",
    responses=errors(400, 409, 413, 415, 422, 503, 507),
)
def post_declaration(body: DeclarationBody, access: AnyAccess, lang: AnswerLang) -> DeclarationItem:
    """Write a declaration, as a draft or sent at once."""
    del lang
    said = body.model_dump(exclude={"is_sent"})
    return _item(declaration_service.add(access, said, is_sent=body.is_sent))


@router.get("/{declaration_id}", summary="Read a declaration", responses=errors(404, 503))
def read_declaration(
    declaration_id: DeclarationId, access: AnyAccess, lang: AnswerLang
) -> DeclarationItem:
    """Return a declaration of yours; to offices any that was sent."""
    del lang
    return _item(declaration_service.read(access, declaration_id))


@router.post(
    "/{declaration_id}/act",
    summary="Send, withdraw, accept or refuse a declaration",
    responses=errors(400, 404, 409, 413, 415, 422, 503, 507),
)
def post_act(
    declaration_id: DeclarationId, body: DeclarationActBody, access: AnyAccess, lang: AnswerLang
) -> DeclarationItem:
    """Bring a declaration where it should be; what was accepted counts as demand."""
    del lang
    return _item(declaration_service.act(access, declaration_id, body.act, body.answer))


def _item(kept: KeptDeclaration) -> DeclarationItem:
    own = {name: getattr(kept, name) for name in KeptDeclaration.__slots__ if name not in _INSIDE}
    return DeclarationItem.model_validate({**kept.body, **own})


_INSIDE = frozenset({"owner", "body"})
