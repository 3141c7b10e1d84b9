"""`/v1/outcomes`: what came of applications, as employers record it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import ConfigDict, Field, StringConstraints

from api.audit import outcome_service
from api.strict_route import StrictRoute
from api.v1.dependencies import AnswerLang, AnyAccess
from api.v1.responses import errors
from api.v1.schema_base import Answered, Given, IsoDate, examples
from search.audit.inputs import OutcomeStage
from search.audit.stores.outcomes import RecordedOutcome

router = APIRouter(prefix="/outcomes", route_class=StrictRoute, tags=["audit"])

RecordId = Annotated[str, StringConstraints(max_length=64)]


class OutcomeBody(Given):
    """What came of an application for a vacancy of yours."""

    model_config = ConfigDict(json_schema_extra={"examples": examples("OutcomeBody")})

    vacancy_id: RecordId = Field(description="id of a vacancy of yours")
    candidate_id: RecordId = Field(description="id of a profile that you can see")
    stage: OutcomeStage = Field(description="how far it came")
    on: IsoDate | None = Field(default=None, description="the day; today")


class OutcomeItem(Answered):
    """A recorded outcome."""

    vacancy_id: str = Field(description="id of the vacancy")
    candidate_id: str = Field(description="id of the profile")
    stage: OutcomeStage = Field(description="how far it came")
    on: date = Field(description="the day")
    recorded_at: datetime = Field(description="when it was recorded")


class OutcomeList(Answered):
    """Recorded outcomes."""

    items: list[OutcomeItem] = Field(description="by vacancy, profile and day")


@router.get("", summary="List outcomes", responses=errors(503))
def list_outcomes(access: AnyAccess, lang: AnswerLang) -> OutcomeList:
    """Return the outcomes of your vacancies; to a job seeker those about the own profiles."""
    del lang
    return OutcomeList(items=[_item(one) for one in outcome_service.outcomes(access)])


@router.post(
    "",
    status_code=201,
    summary="Record an outcome",
    responses=errors(400, 404, 413, 415, 422, 503, 507),
)
def post_outcome(body: OutcomeBody, access: AnyAccess, lang: AnswerLang) -> OutcomeItem:
    """Record what came of an application; the same stage of the same pair again replaces the day."""
    del lang
    return _item(
        outcome_service.record(access, body.vacancy_id, body.candidate_id, body.stage, body.on)
    )


def _item(one: RecordedOutcome) -> OutcomeItem:
    outcome = one.outcome
    return OutcomeItem(
        vacancy_id=outcome.vacancy_id,
        candidate_id=outcome.candidate_id,
        stage=outcome.stage,
        on=outcome.on,
        recorded_at=one.at,
    )
