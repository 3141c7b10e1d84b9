"""One match from what was sent to what is answered; the HTTP interface, the command and the pages use it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from api import cursors, record_service
from api.access import Access
from api.notices import HitMeasures, Measures, words
from api.refusals import refuse_discrimination
from api.role_links import role_of
from api.search_answers import filter_of, selection_of, shortened, titled
from api.v1.match_schemas import (
    AppliedWeights,
    CounterfactualCount,
    LinkedRole,
    MatchAnswer,
    MatchBody,
    MatchFinding,
    MatchHit,
    MatchRequirement,
    MatchScores,
    NextAction,
    ScoreNode,
    StateName,
)
from api.v1.schema_base import CharacterSpan
from api.v1.schemas import HitTitle
from ingest.sides import inline_side, side_of
from search.backends.filters import And, Filter
from search.matching.evidence import requirement_label
from search.matching.requirements import Requirement, requirements_of, words_of
from search.matching.results import Action, Finding, Hit, MatchResult
from search.matching.scores import Node
from search.matching.service import MatchRequest, Side
from search.models import Span, Target
from search.ranking.results import State
from search.records.models import AnyRecord, Candidate, Vacancy
from search.records.stored import StoredRecord
from taxonomies.catalogue import load_catalogue

TargetName = Literal["candidates", "vacancies", "roles"]

_STATE: Mapping[State, StateName] = {
    State.FOUND: "met",
    State.MISSING: "missing",
    State.UNKNOWN: "unknown",
}


def answer(access: Access, body: MatchBody, asking: StoredRecord | None = None) -> MatchAnswer:
    """Answer a match.

    Args:
        access: who asks.
        body: what is asked.
        asking: the record that `body` names, where it was read already: to read it again would be
            noted as another reading of the person.

    Raises:
        Problem: there is no such record, or the cursor is none of ours.
    """
    offset = cursors.decode(body.cursor, question_of(body))
    target = _target(body)
    request = MatchRequest(
        condition=_filter(body, target),
        weights={
            name: weight for name, weight in body.weights.model_dump().items() if weight is not None
        },
        limit=body.limit,
        offset=offset,
    )
    record, side = (
        side_of_body(access, body) if asking is None else (asking.record, side_of(asking))
    )
    role: LinkedRole | None = None
    if isinstance(record, Vacancy):
        requirements = (
            requirements_of(record)
            if body.requirements is None
            else tuple(map(_requirement, body.requirements))
        )
        result = access.matching.candidates(side, requirements, request)
        role = role_of(access, record)
    elif target == "roles":
        result = access.matching.roles(side, request)
    else:
        result = access.matching.vacancies(side, request)
    as_of = body.as_of or access.today()
    end = offset + len(result.hits)
    return MatchAnswer(
        target=target,
        requirements=[_shown(requirement) for requirement in result.requirements],
        role=role,
        hits=_hits(access, result, record, role, target, Measures(access.book, as_of)),
        total=result.total,
        qualified=result.qualified,
        excluded=result.excluded,
        counterfactuals=[
            CounterfactualCount(handle=found.handle, label=words(found.label), more=found.more)
            for found in result.counterfactuals
        ],
        weights=AppliedWeights(**{name: dict(weights) for name, weights in result.weights.items()}),
        next=cursors.encode(end, question_of(body)) if result.hits and end < result.total else None,
        versions=dict(result.versions),
        as_of=as_of,
    )


def _target(body: MatchBody) -> TargetName:
    if body.target is not None:
        return body.target
    return "candidates" if body.is_vacancy else "vacancies"


def _filter(body: MatchBody, target: TargetName) -> Filter:
    search_target = Target(target)
    chosen = selection_of(body.filters, search_target).values()
    return And((filter_of(body.filters, search_target), *chosen))


def side_of_body(access: Access, body: MatchBody) -> tuple[AnyRecord, Side]:
    """Return who asks, as a record and as a side.

    Raises:
        Problem: there is no such record, or the vacancy asks for what it may not.
    """
    if body.vacancy is not None:
        vacancy = Vacancy.model_validate(body.vacancy.model_dump())
        refuse_discrimination(vacancy, "vacancy.")
        return vacancy, inline_side(vacancy)
    if body.candidate is not None:
        candidate = Candidate.model_validate(body.candidate.model_dump())
        return candidate, inline_side(candidate)
    kind = "vacancy" if body.vacancy_id is not None else "candidate"
    record_id = body.vacancy_id or body.candidate_id or ""
    stored = record_service.read(access, record_id, kind)  # type: ignore[arg-type]
    return stored.record, side_of(stored)


def _hits(
    access: Access,
    result: MatchResult,
    asking: AnyRecord,
    role: LinkedRole | None,
    target: TargetName,
    measures: Measures,
) -> list[MatchHit]:
    if target == "roles":
        places = frozenset(code for code in (asking.region,) if code)
        return [_role_hit(hit, places, measures) for hit in result.hits]
    if isinstance(asking, Vacancy):
        # What an employer sees was read and masked for the evidence. Somebody erased a moment ago is
        # gone from there before being gone from the index.
        return [_candidate_hit(hit, asking, role, measures) for hit in result.hits if hit.passages]
    ids = [hit.doc_id.partition(":")[2] for hit in result.hits]
    records = access.get_many(ids)
    return [
        _vacancy_hit(hit, record_id, records[record_id].record, measures)
        for hit, record_id in zip(result.hits, ids, strict=True)
        if record_id in records
    ]


def _candidate_hit(
    hit: Hit, vacancy: Vacancy, role: LinkedRole | None, measures: Measures
) -> MatchHit:
    number = role.number if role else None
    url = f"/v1/candidates/{hit.doc_id.partition(':')[2]}"
    title, summary = hit.passages["title"], hit.passages.get("summary", "")
    return _hit(
        hit, titled(title), titled(shortened(summary)), _raised(vacancy, number, measures), url
    )


def _vacancy_hit(hit: Hit, record_id: str, vacancy: AnyRecord, measures: Measures) -> MatchHit:
    assert isinstance(vacancy, Vacancy)
    raised = _raised(vacancy, None, measures)
    url = f"/v1/vacancies/{record_id}"
    return _hit(hit, titled(vacancy.title), titled(shortened(vacancy.text)), raised, url)


def _raised(vacancy: Vacancy, linked: int | None, measures: Measures) -> HitMeasures:
    number = vacancy.role or linked
    places = frozenset(code for code in (vacancy.region,) if code)
    return measures.of_roles((number,) if number else (), places)


def _role_hit(hit: Hit, places: frozenset[str], measures: Measures) -> MatchHit:
    number = int(hit.doc_id.removeprefix("role:"))
    role = load_catalogue().roles[number - 1]
    title = HitTitle(zh=role.title.zh, en=role.title.en, lang=None)
    summary = HitTitle(zh=role.duty.zh, en=role.duty.en, lang=None)
    raised = measures.of_roles((number,), places)
    return _hit(hit, title, summary, raised, f"/v1/roles/{number}")


def _hit(hit: Hit, title: HitTitle, summary: HitTitle, measures: HitMeasures, url: str) -> MatchHit:
    sorted_out: dict[StateName, list[MatchFinding]] = {"met": [], "missing": [], "unknown": []}
    for found in hit.findings:
        sorted_out[_STATE[found.state]].append(_finding(found))
    # Built here from parts that are right by construction, as for a search.
    return MatchHit.model_construct(
        id=hit.doc_id,
        rank=hit.rank,
        title=title,
        summary=summary,
        scores=MatchScores(
            meets_vacancy=round(hit.vacancy.points, 1),
            meets_wishes=None if hit.wishes is None else round(hit.wishes.points, 1),
            both=round(hit.both.points, 1),
        ),
        explanation=_node(hit.both),
        met=sorted_out["met"],
        missing=sorted_out["missing"],
        unknown=sorted_out["unknown"],
        gap=[words(label) for label in hit.gap],
        next_action=_action(hit.action),
        passages=dict(hit.passages),
        benefits=list(measures.shown),
        benefit_counts=dict(measures.counts),
        url=url,
    )


def _finding(found: Finding) -> MatchFinding:
    return MatchFinding.model_construct(
        handle=found.requirement.handle,
        label=words(found.label),
        strength=found.requirement.strength,
        source=found.source,
        quote=found.quote,
        span=_span(found.span),
        by=None if found.by is None else words(found.by),
    )


def _node(node: Node) -> ScoreNode:
    return ScoreNode.model_construct(
        name=node.name,
        points=node.points,
        out_of=node.out_of,
        state=None if node.state is None else _STATE[node.state],
        children=[_node(child) for child in node.children],
    )


def _action(action: Action | None) -> NextAction | None:
    if action is None:
        return None
    return NextAction(
        kind="state" if action.kind == "state" else "acquire",
        handle=action.handle,
        label=words(action.label),
        gain=round(action.gain, 1),
    )


def _shown(requirement: Requirement) -> MatchRequirement:
    return MatchRequirement.model_construct(
        aspect=requirement.aspect,
        values=requirement.values,
        strength=requirement.strength,
        label=words(requirement_label(requirement)),
        source=requirement.source,
        quote=requirement.quote,
        span=_span(requirement.span),
        at_most=requirement.at_most,
        handle=requirement.handle,
    )


def _requirement(sent: MatchRequirement) -> Requirement:
    return Requirement(
        aspect=sent.aspect,
        values=sent.values,
        strength=sent.strength,
        words="" if sent.values else words_of(sent.quote),
        source=sent.source,
        span=Span(sent.span.start, sent.span.end) if sent.span else None,
        quote=sent.quote,
        at_most=sent.at_most,
    )


def _span(span: Span | None) -> CharacterSpan | None:
    return None if span is None else CharacterSpan.model_construct(start=span.start, end=span.end)


def question_of(body: MatchBody) -> str:
    """Write out all that decides the order of the answers."""
    return body.model_dump_json(exclude={"cursor", "limit", "as_of", "lang"})
