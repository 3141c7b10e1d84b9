"""Errors as `/v1` shows them."""

from __future__ import annotations

from typing import Literal

from pydantic import ConfigDict, Field

from api.v1.schema_base import Answered


class FieldFault(Answered):
    """What is wrong with one field; the value itself is never repeated."""

    model_config = ConfigDict(populate_by_name=True)

    place: Literal["body", "query", "path", "header", "cookie"] = Field(
        alias="in", description="part of the request"
    )
    field: str = Field(description="for example `filters.region[0]`")
    found: str | None = Field(description="sort and length of the value found")
    message: str = Field(description="what to do")


class ProblemBody(Answered):
    """An error (RFC 9457)."""

    type: str = Field(description="kind of problem; the address of a page about it")
    title: str = Field(description="the kind in words")
    status: int = Field(description="HTTP status")
    detail: str = Field(description="what happened and what to do")
    request_id: str = Field(description="the id under which the log knows the request")
    errors: list[FieldFault] = Field(description="the fields at fault")
