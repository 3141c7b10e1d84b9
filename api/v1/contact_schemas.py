"""Requests to be put in touch, and contact details, as `/v1` takes and shows them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StringConstraints

from api.v1.schema_base import Answered, Given, examples
from search.accounts.contacts import ContactRequest

FieldName = Literal["name", "phone", "email", "employers", "schools"]
ContactLine = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]


class ContactBody(Given):
    """How a person is reached. It is no part of the profile, and is neither indexed nor matched."""

    model_config = ConfigDict(json_schema_extra={"examples": examples("ContactBody")})

    name: ContactLine = Field(default="", description="name")
    phone: ContactLine = Field(default="", description="telephone number")
    email: ContactLine = Field(default="", description="e-mail address")


class ContactAnswer(Answered):
    """How a person is reached, as far as they agreed to."""

    name: str = Field(description="name, or empty")
    phone: str = Field(description="telephone number, or empty")
    email: str = Field(description="e-mail address, or empty")
    agreed: list[FieldName] = Field(description="what the person agreed to pass on to you")


class ContactRequestBody(Given):
    """A wish to be put in touch with a person about a vacancy of yours."""

    model_config = ConfigDict(json_schema_extra={"examples": examples("ContactRequestBody")})

    vacancy_id: Annotated[str, StringConstraints(max_length=64)] = Field(
        description="id of the vacancy"
    )
    candidate_id: Annotated[str, StringConstraints(max_length=64)] = Field(
        description="id of the profile"
    )
    message: Annotated[str, StringConstraints(max_length=1000)] = Field(
        default="", description="what the person is told"
    )


class ContactReplyBody(Given):
    """What is done with a request: by the person `agree`, `refuse`, `withdraw`, by the employer `cancel`."""

    model_config = ConfigDict(json_schema_extra={"examples": examples("ContactReplyBody")})

    answer: Literal["agree", "refuse", "withdraw", "cancel"] = Field(description="what is done")
    fields: Annotated[tuple[FieldName, ...], Field(max_length=5)] = Field(
        default=(), description="what may be passed on; for `agree`"
    )


class ContactRequestResource(Answered):
    """A wish to be put in touch, and what came of it."""

    id: str = Field(description="id given by Bole")
    vacancy_id: str = Field(description="about which vacancy")
    candidate_id: str = Field(description="with whom")
    organisation: str = Field(description="which employer asks")
    message: str = Field(description="what the person is told")
    state: Literal["asked", "agreed", "refused", "withdrawn", "cancelled"] = Field(
        description="where it stands"
    )
    fields: list[FieldName] = Field(description="what the person agreed to pass on")
    text_version: str = Field(description="version of the text that was agreed to, or empty")
    asked_at: datetime = Field(description="when it was asked")
    answered_at: datetime | None = Field(description="when it was last answered; null until then")


class ContactRequestList(Answered):
    """The requests that you made, or that were made to you."""

    items: list[ContactRequestResource] = Field(description="requests, newest first")


def resource_of(request: ContactRequest) -> ContactRequestResource:
    """Return a request as it is answered."""
    return ContactRequestResource.model_validate(
        {name: getattr(request, name) for name in ContactRequestResource.model_fields}
    )
