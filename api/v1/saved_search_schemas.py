"""Saved searches and their alerts as `/v1` takes and shows them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from api.v1.schema_base import Answered, Given, examples
from api.v1.schemas import HitTitle, Question
from search.models import Target
from search.records.tables import LONGEST_TITLE

#: Largest whole number that every reader of JSON takes as it is (RFC 8259, section 6).
_NUMBER_AT_MOST = 2**53 - 1


def _one_line(name: object) -> object:
    return " ".join(name.split()) if isinstance(name, str) else name


def _can_be_seen(name: str) -> str:
    if not name.isprintable():
        raise PydanticCustomError("not_printable", "the name holds what cannot be seen")
    return name


def _can_change(target: Target) -> Target:
    if target is Target.ROLES:
        raise PydanticCustomError("target_never_changes", "rows of the catalogue do not change")
    return target


SearchName = Annotated[
    str,
    BeforeValidator(_one_line),
    StringConstraints(min_length=1, max_length=LONGEST_TITLE),
    AfterValidator(_can_be_seen),
]
ChangingTarget = Annotated[
    Target,
    AfterValidator(_can_change),
    WithJsonSchema({"type": "string", "enum": [Target.VACANCIES, Target.CANDIDATES]}),
]


class Criteria(Question):
    """What a saved search asks: the members of `POST /v1/search` that decide what is found."""

    target: ChangingTarget = Field(
        description="what to look for: vacancies or candidates; rows of the catalogue do not change"
    )


class SavedSearchBody(Given):
    """A search to be asked again of every record that is added or changed from now on."""

    model_config = ConfigDict(json_schema_extra={"examples": examples("SavedSearchBody")})

    name: SearchName = Field(description="what you call it; used once")
    criteria: Criteria = Field(
        description="what is asked; other criteria are another question, whose alerts begin anew"
    )


class SavedSearchResource(Answered):
    """A saved search; PUT takes its `name` and `criteria`."""

    id: str = Field(description="id given by Bole")
    version: int = Field(
        description="1 when saved; the ETag is this number in quotes. Alerts do not change it"
    )
    created_at: datetime = Field(description="when it was saved")
    updated_at: datetime = Field(description="when its name or criteria last changed")
    url: str = Field(description="where it is")
    name: str = Field(description="what it is called")
    criteria: Criteria = Field(description="what is asked")
    new: int = Field(description="alerts that are not marked as seen")
    total: int = Field(description="all its alerts")


class SavedSearchList(Answered):
    """Saved searches, oldest first."""

    items: list[SavedSearchResource] = Field(description="the searches")
    next: str | None = Field(description="cursor of the following ones, or null")


class AlertItem(Answered):
    """A record that matched when it was added or changed; for each record there is one alert."""

    number: int = Field(description="rises from alert to alert of a search; what `upto` names")
    record_id: str = Field(description="id of the record")
    kind: str = Field(description="candidate or vacancy")
    url: str = Field(description="where the record is")
    title: HitTitle = Field(description="its title or headline as it is now")
    score: float = Field(description="0-100, when the alert was raised; see `POST /v1/search`")
    created_at: datetime = Field(description="when the alert was raised")
    seen: bool = Field(description="whether it was marked as seen")


class AlertList(Answered):
    """Alerts of one saved search, newest first, without those of records that are paused or closed."""

    items: list[AlertItem] = Field(description="the alerts")
    next: str | None = Field(description="cursor of the following ones, or null")
    new: int = Field(description="alerts that are not marked as seen")
    total: int = Field(description="all alerts of the search")


class SeenBody(Given):
    """Which alerts were seen."""

    model_config = ConfigDict(json_schema_extra={"examples": examples("SeenBody")})

    upto: Annotated[int, Field(strict=True, ge=0, le=_NUMBER_AT_MOST)] = Field(
        description="`number` of an alert: it and those before it were seen"
    )
