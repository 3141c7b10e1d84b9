"""What an office plans with, as `/v1` shows it: forecasts, targets, proposals for the catalogue."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from api.v1.schema_base import Answered, Words


class Projected(Answered):
    """What one method expects of the months to come."""

    form: str = Field(description="which form was fitted, or which naive one")
    expected: list[float] = Field(description="posts of each month")
    low: list[float] = Field(description="lower end of the interval")
    high: list[float] = Field(description="upper end of the interval")
    notes: list[str] = Field(description="what to know of the fit")


class ProjectionScore(Answered):
    """How a method did on months that are known."""

    mae: float = Field(description="mean absolute error, posts a month")
    mase: float | None = Field(
        description="the same by the error of the naive method; null where that is 0"
    )
    coverage: float = Field(description="share of months within the interval")
    forms: list[str] = Field(description="forms that were used")


class BacktestFigures(Answered):
    """Both methods on months that are known."""

    origins: list[int] = Field(description="how many months were known at each start")
    errors: int = Field(description="forecasts compared")
    scale: float | None = Field(description="what MAE is divided by for MASE")
    season: int = Field(description="of that scale: 12 months or 1")
    smoothing: ProjectionScore = Field(description="exponential smoothing")
    naive: ProjectionScore = Field(description="the naive method")
    is_alike: bool = Field(description="the methods had the season that they have in the forecast")
    better: Literal["smoothing", "naive"] = Field(description="which had the smaller error")
    notes: list[str] = Field(description="what to know of the fits")


class NeededData(Answered):
    """What a forecast needs."""

    months: int = Field(description="whole months")
    posts: int = Field(description="posts in them")


class TooLittle(Answered):
    """What there is, and what a forecast would need."""

    months: int = Field(description="whole months there are")
    posts: int = Field(description="posts in them")
    needed: NeededData = Field(description="what would be enough")
    lacking: list[Literal["months", "posts"]] = Field(description="what is lacking")


class ForecastFigures(Answered):
    """Both methods, side by side."""

    observed: list[int] = Field(description="posts of each month known")
    last: date = Field(description="first day of the last month known")
    months: list[date] = Field(description="first days of the months to come")
    level: float = Field(description="of the intervals")
    stated: Projected = Field(
        description="the method that did better; the naive one where neither did"
    )
    smoothing: Projected = Field(description="exponential smoothing")
    naive: Projected = Field(description="the naive method")
    backtest: BacktestFigures = Field(description="how each did before")
    notes: list[str] = Field(description="what to know of the fits")


class ForecastAnswer(Answered):
    """Posts of the months to come, or what is missing to say."""

    role: int = Field(description="row number; 0 for all together")
    forecast: ForecastFigures | None = Field(description="null where there is too little")
    too_little: TooLittle | None = Field(description="null where there is a forecast")


class EnteredFigure(Answered):
    """A figure entered for a target."""

    value: str = Field(description="decimal number as text")
    unit: str = Field(description="as entered")
    on: date = Field(description="the day for which it holds")
    source: Literal["entered", "computed"] = Field(description="where it comes from")
    note: str = Field(description="where it comes from, in words")


class TargetLine(Answered):
    """A target beside what was entered."""

    indicator: str = Field(description="id")
    subject: Words = Field(description="what is counted")
    place: str = Field(description="code of the region")
    place_name: Words = Field(description="its name")
    year: int | None = Field(description="year it is for; null where none is printed")
    plan: str = Field(description="the plan value, a decimal number as text")
    unit: Words = Field(description="its unit")
    kind: str = Field(description="a level, cumulative, yearly, a share or growth")
    actual: EnteredFigure | None = Field(
        description="the latest figure; null where none was entered"
    )
    ratio: float | None = Field(description="actual / plan")
    standing: Literal["not_entered", "met", "not_met"] = Field(description="against the plan")
    due: Literal["none", "ahead", "passed"] = Field(description="where its year is")
    is_late: bool = Field(description="the figure holds for a day after the year")
    is_pace_kept: bool | None = Field(
        description="not behind a straight line; null where there is none"
    )
    no_pace: str = Field(description="why there is no line, or empty")


class TargetList(Answered):
    """The targets of the plans."""

    as_of: date = Field(description="day up to which figures count")
    items: list[TargetLine] = Field(description="in the order of the plans")


class PublishedValue(Answered):
    """A value of an index that somebody else published."""

    name: str = Field(description="of the index, as its publisher calls it")
    publisher: str = Field(description="who printed it")
    edition: str = Field(description="of which year or issue")
    role: int | None = Field(description="row number that it was joined to")
    title: str = Field(description="the occupation as printed")
    value: str = Field(description="as printed")
    band: str = Field(description="the word printed for it, or empty")
    source: str = Field(description="document and place in it, or empty")


class PublishedList(Answered):
    """Published values, by index, edition and title."""

    items: list[PublishedValue] = Field(description="all that were entered")


class AddedRole(Answered):
    """Demand that no row stands for."""

    title: str = Field(description="the title most posts are asked for by")
    titles: list[str] = Field(description="all titles put together under it")
    posts: int = Field(description="how many")
    employers: int = Field(description="by how many")
    first: date | None = Field(description="day of the earliest record")
    last: date | None = Field(description="day of the latest record")
    examples: list[str] = Field(description="ids of records")


class DroppedRole(Answered):
    """A row that nobody asks for."""

    role: int = Field(description="row number")
    months: int = Field(description="whole months without demand")
    last: date | None = Field(description="day of the latest demand before")


class UsedTerm(Answered):
    """A term that postings use and the row does not."""

    term: str = Field(description="as it was read")
    records: int = Field(description="postings that use it")
    share: float = Field(description="of all of the row")
    roles: int = Field(description="rows under whose postings it appears")


class RewordedRole(Answered):
    """A row whose duty is unlike what is asked for under it."""

    role: int = Field(description="row number")
    resemblance: float = Field(description="0 to 1")
    records: int = Field(description="postings and declarations that were compared")
    employers: int = Field(description="of how many")
    new: list[UsedTerm] = Field(description="terms that they use and the row does not")
    unused: list[str] = Field(description="terms of the row that none of them uses")
    examples: list[str] = Field(description="ids of records")


class ProposalsAnswer(Answered):
    """What the demand speaks for; an office decides."""

    additions: list[AddedRole] = Field(description="rows to add")
    withdrawals: list[DroppedRole] = Field(description="rows to drop")
    rewordings: list[RewordedRole] = Field(description="rows to reword")
    postings: int = Field(description="how many were read")
    declarations: int = Field(description="how many were read")
