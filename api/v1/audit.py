"""`/v1/audit`: unmet demand, for talent offices; true counts, which stay inside."""

from __future__ import annotations

import json
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from api import cursors
from api.addresses import record_url
from api.audit import demand as figures
from api.audit import drilling, plain, snapshots
from api.audit.question import AuditQuestion, line_region, question
from api.strict_route import StrictRoute
from api.v1.audit_schemas import (
    CompareAnswer,
    DemandAnswer,
    DrillAnswer,
    DrilledRecord,
    SnapshotBody,
    SnapshotDocument,
    SnapshotItem,
    SnapshotList,
    VerificationAnswer,
)
from api.v1.dependencies import AnswerLang, AnyAccess
from api.v1.responses import errors
from search.audit.drill import Measure
from search.records.models import Candidate

router = APIRouter(prefix="/audit", route_class=StrictRoute, tags=["audit"])

OfRole = Annotated[int | None, Query(description="row number of the catalogue", ge=1, le=9999)]
OfField = Annotated[str, Query(description="code of a field of the catalogue", max_length=64)]
OfRegion = Annotated[
    str, Query(description="code of a region, `unknown` or `outside`; the whole", max_length=16)
]
OnDay = Annotated[date | None, Query(description="day of the figures; today")]
FromDay = Annotated[
    date | None, Query(description="first day of the period, which ends on `as_of`; 90 days")
]
SnapshotId = Annotated[str, Path(description="id given by Bole", max_length=64)]
OtherId = Annotated[str, Query(description="id of a snapshot", max_length=64)]


@router.get("/demand", summary="Unmet demand by role and field", responses=errors(422, 503))
def read_demand(
    access: AnyAccess,
    lang: AnswerLang,
    role: OfRole = None,
    field: OfField = "",
    region: OfRegion = "",
    as_of: OnDay = None,
    start: FromDay = None,
    every_place: Annotated[bool, Query(description="lines of all places")] = False,
) -> DemandAnswer:
    """Return posts, seekers, gap, ratio, vacancy age, funnel, unmet demand and causes by role and place."""
    del lang
    asked = question(access, as_of=as_of, start=start, role=role, field=field, region=region)
    found = figures.demand(access, asked, is_every_place=every_place)
    return DemandAnswer.model_validate(found)


@router.get("/drill", summary="The records behind a figure", responses=errors(422, 503))
def read_drill(
    access: AnyAccess,
    lang: AnswerLang,
    measure: Annotated[Measure, Query(description="which figure")],
    role: OfRole = None,
    region: OfRegion = "",
    as_of: OnDay = None,
    start: FromDay = None,
    cursor: Annotated[
        str | None, Query(description="`next` of the page before", min_length=1, max_length=200)
    ] = None,
    limit: Annotated[int, Query(description="most records", ge=1, le=100)] = 20,
) -> DrillAnswer:
    """Return the vacancies and people that a figure counts; people are de-identified, and that is noted."""
    del lang
    asked = question(access, as_of=as_of, start=start, role=role, region=region)
    told = _told(asked, measure)
    offset = cursors.decode(cursor, told, place="query")
    found = drilling.drilled(access, asked, measure, offset, limit)
    end = offset + limit
    return DrillAnswer(
        measure=measure.value,
        vacancies=found.vacancies,
        candidates=found.candidates,
        items=[
            DrilledRecord(
                kind=stored.kind,
                id=stored.id,
                url=record_url(stored.kind, stored.id),
                title=record.headline if isinstance(record, Candidate) else record.title,
                region=record.region,
            )
            for stored, record in found.shown
        ],
        hidden=found.hidden,
        next=cursors.encode(end, told) if end < min(found.total, cursors.OFFSET_AT_MOST) else None,
    )


@router.get("/snapshots", summary="List snapshots", responses=errors(503))
def list_snapshots(access: AnyAccess, lang: AnswerLang) -> SnapshotList:
    """Return the frozen audits, newest first."""
    del lang
    found = [plain.snapshot(one) for one in snapshots.snapshots(access)]
    return SnapshotList.model_validate({"items": found})


@router.post(
    "/snapshots",
    status_code=201,
    summary="Freeze an audit",
    responses=errors(400, 413, 415, 422, 503, 507),
)
def post_snapshot(
    body: SnapshotBody, access: AnyAccess, response: Response, lang: AnswerLang
) -> SnapshotItem:
    """Freeze the figures of a day as one document that can be recomputed."""
    del lang
    asked = question(access, as_of=body.as_of, start=body.start, place="body")
    kept = snapshots.make(access, asked)
    response.headers["Location"] = f"/v1/audit/snapshots/{kept.id}"
    return SnapshotItem.model_validate(plain.snapshot(kept))


@router.get("/snapshots/{snapshot_id}", summary="Read a snapshot", responses=errors(404, 503))
def read_snapshot(snapshot_id: SnapshotId, access: AnyAccess, lang: AnswerLang) -> SnapshotDocument:
    """Return a frozen audit whole, as it was frozen."""
    del lang
    _, document = snapshots.document(access, snapshot_id)
    return SnapshotDocument.model_validate(json.loads(document))


@router.get(
    "/snapshots/{snapshot_id}/verification",
    summary="Check a snapshot",
    responses=errors(404, 503),
)
def read_verification(
    snapshot_id: SnapshotId, access: AnyAccess, lang: AnswerLang
) -> VerificationAnswer:
    """Check that a snapshot is as it was frozen, and recompute it from the records as they are now."""
    del lang
    found = snapshots.verified(access, snapshot_id)
    return VerificationAnswer.model_validate(plain.verification(found))


@router.get("/compare", summary="Compare two snapshots", responses=errors(404, 409, 422, 503))
def read_comparison(
    access: AnyAccess, lang: AnswerLang, before: OtherId, after: OtherId, region: OfRegion = ""
) -> CompareAnswer:
    """Set two snapshots side by side; where they were made otherwise, no change is computed."""
    del lang
    earlier, later, found = snapshots.compared(access, before, after)
    place = line_region(region)
    return CompareAnswer.model_validate(plain.comparison(earlier, later, found, place))


def _told(asked: AuditQuestion, measure: Measure) -> str:
    return f"{asked.as_of} {asked.period.start} {asked.role} {asked.region} {measure.value}"
