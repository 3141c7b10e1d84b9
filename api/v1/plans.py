"""`/v1/audit`: what offices plan with; forecasts, targets, proposals for the catalogue."""

from __future__ import annotations

from dataclasses import asdict

from fastapi import APIRouter

from api.audit import entering, plain, planning
from api.audit.question import question
from api.strict_route import StrictRoute
from api.v1.audit import OfRole, OnDay
from api.v1.dependencies import AnswerLang, AnyAccess
from api.v1.plan_schemas import ForecastAnswer, ProposalsAnswer, PublishedList, TargetList
from api.v1.responses import errors

router = APIRouter(prefix="/audit", route_class=StrictRoute, tags=["audit"])


@router.get("/forecast", summary="Posts of the months to come", responses=errors(422, 503))
def read_forecast(
    access: AnyAccess, lang: AnswerLang, role: OfRole = None, as_of: OnDay = None
) -> ForecastAnswer:
    """Return a forecast of six months by two methods, each with its error in the past."""
    del lang
    figures = planning.figures_of_day(access, question(access, as_of=as_of, role=role))
    found = planning.forecast(access, figures, role or planning.EVERY_ROLE)
    return ForecastAnswer.model_validate(plain.forecast(found))


@router.get("/targets", summary="Targets beside actual figures", responses=errors(422, 503))
def read_targets(access: AnyAccess, lang: AnswerLang, as_of: OnDay = None) -> TargetList:
    """Return each target that a plan prints, with the figures that were entered for it."""
    del lang
    day = question(access, as_of=as_of).as_of
    found = [plain.target(one) for one in planning.progress(access, day)]
    return TargetList.model_validate({"as_of": day, "items": found})


@router.get("/proposals", summary="Proposals for the catalogue", responses=errors(422, 503))
def read_proposals(access: AnyAccess, lang: AnswerLang, as_of: OnDay = None) -> ProposalsAnswer:
    """Return rows to add, to drop and to reword, each with the counts and records that it rests on."""
    del lang
    found = planning.proposals(access, question(access, as_of=as_of))
    return ProposalsAnswer.model_validate(asdict(found))


@router.get("/published", summary="Indices that others published", responses=errors(503))
def read_published(access: AnyAccess, lang: AnswerLang) -> PublishedList:
    """Return published values as they were printed; Bole computes none of them."""
    del lang
    found = [asdict(one) for one in entering.published(access)]
    return PublishedList.model_validate({"items": found})
