"""`/v1/benefits`: public measures, what they ask for, and a check of facts against all of them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Response

from api.benefit_answers import BenefitFilter, benefit_list, check, fact_list, one_benefit
from api.codes import RegionCode
from api.notices import Measures
from api.strict_route import StrictRoute
from api.v1.benefit_schemas import (
    BenefitCheck,
    BenefitCheckBody,
    BenefitDetail,
    BenefitList,
    FactList,
    StandingName,
)
from api.v1.dependencies import AnswerLang, AnyAccess
from api.v1.responses import errors
from api.v1.schema_base import Cursor
from taxonomies.benefits import Beneficiary, Form

router = APIRouter(route_class=StrictRoute, prefix="/benefits", tags=["benefits"])

_AsOf = Annotated[date | None, Query(description="date whose rules apply; today")]


@router.get("", summary="List public measures", responses=errors(422))
def list_benefits(
    access: AnyAccess,
    response: Response,
    lang: AnswerLang,
    q: Annotated[str, Query(description="words in name, clause or headings", max_length=200)] = "",
    status: Annotated[
        list[Literal["granted", "planned", "encouraged"]],
        Query(description="status by wording", max_length=3),
    ] = [],  # noqa: B006
    standing: Annotated[
        list[StandingName], Query(description="how it stands on `as_of`", max_length=7)
    ] = [],  # noqa: B006
    form: Annotated[list[Form], Query(description="what passes", max_length=20)] = [],  # noqa: B006
    beneficiary: Annotated[list[Beneficiary], Query(description="for whom", max_length=6)] = [],  # noqa: B006
    document: Annotated[
        list[str], Query(description="file of the source, or its number, as 002", max_length=20)
    ] = [],  # noqa: B006
    region: Annotated[
        list[RegionCode],
        Query(description="where; measures of other places drop out", max_length=50),
    ] = [],  # noqa: B006
    industry: Annotated[
        list[str], Query(description="code of an industry; see /v1/benefits/facts", max_length=50)
    ] = [],  # noqa: B006
    as_of: _AsOf = None,
    limit: Annotated[int, Query(description="most measures on the page", ge=1, le=200)] = 50,
    cursor: Annotated[Cursor | None, Query(description="`next` of the page before")] = None,
) -> BenefitList:
    """Return measures, granted ones first; ended, planned and encouraged ones say so."""
    del lang
    response.headers["Cache-Control"] = "public, max-age=300"
    wanted = BenefitFilter(
        q=q,
        status=tuple(status),
        standing=tuple(standing),
        form=tuple(form),
        beneficiary=tuple(beneficiary),
        document=tuple(document),
        region=tuple(region),
        industry=tuple(industry),
    )
    return benefit_list(Measures(access.book, as_of or access.today()), wanted, limit, cursor)


@router.get("/facts", summary="List what measures ask for", responses=errors(422))
def list_facts(
    access: AnyAccess, response: Response, lang: AnswerLang, as_of: _AsOf = None
) -> FactList:
    """Return every fact that a condition asks for, with its question and its values."""
    del lang
    response.headers["Cache-Control"] = "public, max-age=300"
    return fact_list(access.book, as_of or access.today())


@router.post(
    "/check", summary="Check facts against all measures", responses=errors(400, 413, 415, 422)
)
def post_check(body: BenefitCheckBody, access: AnyAccess, lang: AnswerLang) -> BenefitCheck:
    """Say of every measure whether it applies, by which clause, and what would settle it.

    What is not said stays unknown: nothing is eligible because a fact is missing.
    """
    del lang
    return check(access.book, body, access.today)


@router.get("/{benefit_id}", summary="Read one measure", responses=errors(404, 422))
def read_benefit(
    access: AnyAccess,
    response: Response,
    lang: AnswerLang,
    benefit_id: Annotated[str, Path(description="id of the measure", max_length=120)],
    as_of: _AsOf = None,
) -> BenefitDetail:
    """Return a measure: its clause, conditions, amount, period and document."""
    del lang
    response.headers["Cache-Control"] = "public, max-age=300"
    return one_benefit(Measures(access.book, as_of or access.today()), benefit_id)
