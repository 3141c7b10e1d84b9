"""The audit as `/v1` shows it: figures with what they are counted from."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from api.v1.schema_base import Answered, Given, IsoDate, Words, examples
from search.audit.causes import CauseKind
from search.audit.measures.ratio import Assessment
from search.audit.measures.tension import TensionLevel


class AuditPeriod(Answered):
    """Days, both included."""

    start: date = Field(description="first day")
    end: date = Field(description="last day")


class DemandFigures(Answered):
    """Open posts."""

    posts: int = Field(description="D: headcounts of open vacancies; one that states none counts 1")
    vacancies: int = Field(description="postings that they stand in")
    without_headcount: int = Field(description="postings that state no headcount")


class SupplyFigures(Answered):
    """Active seekers."""

    people: int = Field(description="S: people; in a field, and in all, each once")
    fractional: float = Field(description="each counts 1/k, k being the number of their roles")
    stale: int = Field(description="of these, who has not confirmed for more than 90 days")
    reachable: int = Field(description="who lives there or would work there; no sum over places")


class RatioFigure(Answered):
    """Posts per seeker."""

    value: float | None = Field(description="D / S; null unless it can be read")
    state: Assessment = Field(description="whether it can be read")


class AgeFigures(Answered):
    """For how long open vacancies have been open."""

    known: int = Field(description="vacancies of known first day; only these count")
    median_days: float | None = Field(description="median of days open")
    share_long: float | None = Field(description="share open for more than 90 days")


class FunnelFigures(Answered):
    """Pairs of a person and an open vacancy."""

    matched: int = Field(description="wishes, headline or positions name the role")
    qualified: int = Field(description="of these, every required condition is met")
    possible: int = Field(description="no condition is failed and some are not known")
    recorded: int = Field(description="vacancies with a recorded outcome")
    shortlisted: int | None = Field(description="came to a shortlist or further")
    hired: int | None = Field(description="ended in a hire")
    matched_per_post: float | None = Field(description="matched / D")
    qualified_per_post: float | None = Field(description="qualified / D")
    suitability_gap: float | None = Field(
        description="(qualified - shortlisted) / vacancies, of those with a recorded outcome"
    )


class FillFigures(Answered):
    """What was filled in the period, of vacancies with a recorded outcome."""

    vacancies: int = Field(description="advertised in the period, with an outcome by its end")
    advertised: int = Field(description="their posts")
    filled: int = Field(description="of these, filled in the period")
    rate: float = Field(description="filled / advertised")


class UnmetFigures(Answered):
    """Demand that nobody meets."""

    posts: int = Field(description="open > 90 days with fewer than 5 qualified people")
    vacancies: int = Field(description="postings that they stand in")
    empty_searches: int = Field(description="searches of the period that found nothing")


class TensionPart(Answered):
    """One component of the index."""

    name: str = Field(description="which")
    value: float | None = Field(description="as measured; null: no seekers")
    points: int = Field(description="0-3")


class TensionFigures(Answered):
    """The Bole tension index; not the index that any city publishes."""

    index: float | None = Field(description="0-3; null where it is not assessable")
    level: TensionLevel = Field(description="how it reads")
    parts: list[TensionPart] = Field(description="the components that are known")


class BlockingCondition(Answered):
    """A requirement without which five people or more would qualify."""

    condition: str = Field(description="its handle, for example skill:java or years:5")
    label: Words = Field(description="its name")
    posts: int = Field(description="open posts that it blocks")
    vacancies: int = Field(description="postings that they stand in")


class CauseExample(Answered):
    """A vacancy in which the cause was found."""

    vacancy_id: str = Field(description="id of the vacancy")
    url: str = Field(description="where it is")
    posts: int = Field(description="posts of it")
    qualified: int = Field(description="people who meet every condition")
    anywhere: int = Field(description="people who meet every condition but those of place")
    here: int = Field(description="of these, who is or would go there")
    here_unknown: int = Field(description="of these, of whom that is not known")
    above_pay: int = Field(description="of these two, who wishes for more than it offers")


class CauseFigures(Answered):
    """What keeps posts open."""

    kind: CauseKind = Field(description="which cause")
    posts: int = Field(description="open posts that it touches")
    vacancies: int = Field(description="postings that they stand in")
    share: float = Field(description="of the open posts of the line")
    blocking: list[BlockingCondition] = Field(description="for one blocking requirement, which")
    examples: list[CauseExample] = Field(description="evidence, most posts first")


class RoleLine(Answered):
    """A row of the catalogue in a place."""

    role: int = Field(description="row number")
    title: Words = Field(description="title; with the field where one title stands in two")
    field: str = Field(description="code of the field")
    region: str = Field(description="empty for the whole, a city, unknown or outside")
    region_name: Words = Field(description="name of the place")
    demand: DemandFigures = Field(description="D")
    declared: SupplyFigures = Field(description="S: who chose the role")
    qualified: SupplyFigures = Field(description="S: who qualifies for a post of the role")
    ratio_declared: RatioFigure = Field(description="D / S of those who chose it")
    ratio_qualified: RatioFigure = Field(description="D / S of those who qualify")
    gap_declared: int = Field(description="D - S of those who chose it")
    gap_qualified: int = Field(description="D - S of those who qualify")
    age: AgeFigures = Field(description="of open vacancies")
    funnel: FunnelFigures = Field(description="of open vacancies")
    fill: FillFigures | None = Field(description="null where no outcome is recorded")
    unmet: UnmetFigures = Field(description="demand that nobody meets")
    tension: TensionFigures = Field(description="the composite index")
    causes: list[CauseFigures] = Field(description="that touch a fifth of the posts or more")
    records: dict[str, str] = Field(description="figure to where the records behind it are listed")


class FieldLine(Answered):
    """A field of the catalogue in a place."""

    field: str = Field(description="code")
    name: Words = Field(description="name")
    region: str = Field(description="empty for the whole, a city, unknown or outside")
    region_name: Words = Field(description="name of the place")
    demand: DemandFigures = Field(description="D")
    declared: SupplyFigures = Field(description="S: who chose one of its roles, each once")
    qualified: SupplyFigures = Field(description="S: who qualifies for one of them, each once")
    ratio_declared: RatioFigure = Field(description="D / S of those who chose")
    ratio_qualified: RatioFigure = Field(description="D / S of those who qualify")
    gap_declared: int = Field(description="D - S of those who chose")
    gap_qualified: int = Field(description="D - S of those who qualify")
    unmet: UnmetFigures = Field(description="demand that nobody meets")


class UnlinkedLine(Answered):
    """Demand that no row stands for."""

    region: str = Field(description="empty for the whole, a city, unknown or outside")
    region_name: Words = Field(description="name of the place")
    posts: int = Field(description="open posts")
    vacancies: int = Field(description="postings that they stand in")


class UnlinkedTitle(Answered):
    """Demand that no row stands for, by title."""

    title: str = Field(description="as written")
    posts: int = Field(description="open posts")
    vacancies: int = Field(description="postings that they stand in")


class IdleRole(Answered):
    """A row without demand."""

    role: int = Field(description="row number")
    title: Words = Field(description="title")


class UnlikeRole(IdleRole):
    """A row whose duty is unlike what is asked for under it now."""

    resemblance: float = Field(
        description="0 to 1: cosine of the words of the duty and of the postings"
    )


class DriftFigures(Answered):
    """Where catalogue and postings have grown apart."""

    without_role: list[UnlinkedTitle] = Field(description="demand of no row, most posts first")
    without_demand: list[IdleRole] = Field(description="rows with no open post")
    unlike: list[UnlikeRole] = Field(
        description="rows whose duty is unlike open postings, least alike first"
    )
    not_compared: list[IdleRole] = Field(
        description="rows with open posts, but too few postings or employers to compare"
    )


class SearchCounts(Answered):
    """Searches of the period."""

    searches: int = Field(description="all")
    empty: int = Field(description="those that found nothing")
    empty_without_role: int = Field(description="of these, those about no known role")


class Method(Answered):
    """How a figure comes about."""

    name: Words = Field(description="the measure")
    formula: Words = Field(description="on one line")
    source: Words = Field(description="paper, or document and clause")
    text: Words = Field(description="what it means and what not")


class DemandAnswer(Answered):
    """The audit of a day: true counts, for those inside."""

    scope: Words = Field(description="what the figures are about")
    as_of: date = Field(description="day of the figures")
    period: AuditPeriod = Field(description="of outcomes and searches")
    versions: dict[str, str] = Field(description="what they were made with")
    thresholds: str = Field(description="version of every number that somebody chose")
    inputs: dict[str, str] = Field(description="kind of record to the SHA-256 of all of them")
    rows: list[RoleLine] = Field(description="lines by role")
    fields: list[FieldLine] = Field(description="lines by field; none where one role is asked for")
    unlinked: list[UnlinkedLine] = Field(description="demand without a role")
    drift: DriftFigures = Field(description="of the whole province")
    searches: SearchCounts = Field(description="of the period")
    methods: list[Method] = Field(description="formula and source of each measure")


class DrilledRecord(Answered):
    """A record behind a figure; of a person as de-identified as elsewhere."""

    kind: Literal["vacancy", "candidate"] = Field(description="what it is")
    id: str = Field(description="id of the record")
    url: str = Field(description="where it is")
    title: str = Field(description="title or headline")
    region: str | None = Field(description="code of the place, or null")


class DrillAnswer(Answered):
    """The records behind a figure. That people were looked at is noted."""

    measure: str = Field(description="which figure")
    vacancies: int = Field(description="vacancies behind it")
    candidates: int = Field(description="people behind it")
    items: list[DrilledRecord] = Field(description="vacancies, then people")
    hidden: int = Field(description="of this page, records that are not yours to see")
    next: str | None = Field(description="cursor of the following ones, or null")


class SnapshotBody(Given):
    """Which audit is to be frozen."""

    model_config = ConfigDict(json_schema_extra={"examples": examples("SnapshotBody")})

    as_of: IsoDate | None = Field(default=None, description="day of the figures; today")
    start: IsoDate | None = Field(
        default=None, description="first day of the period, which ends on that day; 90 days"
    )


class SnapshotItem(Answered):
    """A frozen audit."""

    id: str = Field(description="id given by Bole")
    url: str = Field(description="where its document is")
    made_at: datetime = Field(description="when it was frozen")
    made_by: str = Field(description="by which account")
    as_of: date = Field(description="day of the figures")
    period: AuditPeriod = Field(description="of outcomes and searches")
    hash: str = Field(description="SHA-256; keep it elsewhere, so that a change shows")


class SnapshotList(Answered):
    """Frozen audits."""

    items: list[SnapshotItem] = Field(description="newest first")


class SnapshotDocument(Answered):
    """A frozen audit whole, as it was frozen."""

    format: str = Field(description="name and version of the form")
    hashes: dict[str, str] = Field(
        description="SHA-256 of the canonical JSON of figures, inputs and versions, and of these three"
    )
    figures: dict[str, Any] = Field(description="all figures, with what they were made with")


class SnapshotDifference(Answered):
    """Where a recomputation differs."""

    where: str = Field(description="which figure or hash")
    frozen: str = Field(description="what was frozen, as JSON; absent where nothing was")
    recomputed: str = Field(description="what is found now; absent where nothing is")


class VerificationAnswer(Answered):
    """What a check of a snapshot found."""

    snapshot: SnapshotItem = Field(description="which")
    is_intact: bool = Field(description="it is as it was frozen")
    problem: str = Field(description="why it is not, or empty")
    is_same_input: bool = Field(description="the records say today what they said then")
    differences: list[SnapshotDifference] = Field(description="the first hundred")
    total: int = Field(description="all differences; while the records moved on, what moved")


class SeriesBreak(Answered):
    """What differs in how two audits were made."""

    what: str = Field(description="which threshold, version or formula")
    before: str = Field(description="in the earlier one")
    after: str = Field(description="in the later one")


class ComparedFigure(Answered):
    """One figure of both audits."""

    before: float | None = Field(description="in the earlier one")
    after: float | None = Field(description="in the later one")
    change: float | None = Field(description="after - before; null where the series is broken")


class ComparedLine(Answered):
    """One line of both audits."""

    role: int = Field(description="row number")
    title: Words = Field(description="title")
    region: str = Field(description="place")
    figures: dict[str, ComparedFigure] = Field(description="name to figure")


class CompareAnswer(Answered):
    """Two snapshots side by side."""

    before: SnapshotItem = Field(description="the earlier one")
    after: SnapshotItem = Field(description="the later one")
    is_series: bool = Field(description="they were made alike, so changes are changes")
    breaks: list[SeriesBreak] = Field(description="what differs in how they were made")
    rows: list[ComparedLine] = Field(description="lines of the place asked for")


Limit = Annotated[int, Field(ge=1, le=100)]
