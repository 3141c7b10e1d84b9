"""The result of an audit: figures per role and place, with all that they were computed with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from pydantic import TypeAdapter, ValidationError

from search.audit.canonical import canonical
from search.audit.causes import Cause
from search.audit.forecast.openings import MonthlyOpenings
from search.audit.inputs import CatalogueRole
from search.audit.measures.age import VacancyAge
from search.audit.measures.demand import Demand
from search.audit.measures.drift import Drift
from search.audit.measures.fill import Fill
from search.audit.measures.funnel import Funnel
from search.audit.measures.ratio import Ratio
from search.audit.measures.supply import Supply
from search.audit.measures.tension import FORMULA, NAME, Tension
from search.audit.measures.unmet import Unmet
from search.audit.period import Period
from search.audit.proposals.proposing import Proposals
from search.audit.published.index import PublishedIndex
from search.audit.targets.progress import Actual
from search.audit.thresholds import Thresholds

#: What the figures are about; every print says so.
SCOPE = "platform-observed counts, not the labour market"


class UnreadableFiguresError(ValueError):
    """A document that should hold figures does not; the message says where."""


@dataclass(frozen=True, slots=True)
class RoleRow:
    """One line: a row of the catalogue in a place.

    People count where they live (`Supply.people`), vacancies where they are, so that the lines of the
    cities, of `unknown` and of `outside` add up to that of the whole province (region "").

    Attributes:
        role: row number.
        region: "" for the whole, a prefecture-level city, `unknown` or `outside`.
        demand: D.
        declared: S_declared.
        qualified: S_qualified: who qualifies for at least one open post of the role, wherever it is.
        ratio_declared, ratio_qualified: 求人倍率 = D / S.
        gap_declared, gap_qualified: 缺口数 = D - S.
        age: of open vacancies.
        funnel: of open posts.
        fill: of the period; None where no outcome is recorded.
        unmet: posts and searches.
        causes: that touch the line.
        tension: the Bole tension index.
    """

    role: int
    region: str
    demand: Demand
    declared: Supply
    qualified: Supply
    ratio_declared: Ratio
    ratio_qualified: Ratio
    gap_declared: int
    gap_qualified: int
    age: VacancyAge
    funnel: Funnel
    fill: Fill | None
    unmet: Unmet
    causes: tuple[Cause, ...]
    tension: Tension


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One line: a field of the catalogue in a place; a person who seeks two of its roles is one person."""

    field: str
    region: str
    demand: Demand
    declared: Supply
    qualified: Supply
    ratio_declared: Ratio
    ratio_qualified: Ratio
    gap_declared: int
    gap_qualified: int
    unmet: Unmet


@dataclass(frozen=True, slots=True)
class UnlinkedRow:
    """Demand of a place that no row of the catalogue stands for."""

    region: str
    demand: Demand


@dataclass(frozen=True, slots=True)
class SearchFigures:
    """Searches of the period: all, those that found nothing, and of these those of no known role."""

    searches: int
    empty: int
    empty_without_role: int


@dataclass(frozen=True, slots=True)
class AuditFigures:
    """All figures of one audit.

    Attributes:
        as_of: the day on which openness, ages and standing were taken.
        period: of outcomes and searches.
        thresholds: every number that was chosen, the weights of the index included.
        versions: of catalogue, skills, regions, model and method, as the caller gave them.
        inputs: kind of record to the SHA-256 of all of them (see `search.audit.canonical`).
        catalogue: the rows.
        rows: by role and place, in this order.
        fields: by field and place.
        unlinked: demand without a role, by place.
        drift: of the catalogue.
        searches: of the period.
        openings: posts by month and role, which forecasts rest on.
        proposals: what the demand speaks for.
        actuals: figures entered for the targets of plans up to the day.
        published: indices of others, as published.
        tension_name, tension_formula: what the index is called and how it is computed.
        scope: what is counted.
    """

    as_of: date
    period: Period
    thresholds: Thresholds
    versions: Mapping[str, str]
    inputs: Mapping[str, str]
    catalogue: tuple[CatalogueRole, ...]
    rows: tuple[RoleRow, ...]
    fields: tuple[FieldRow, ...]
    unlinked: tuple[UnlinkedRow, ...]
    drift: Drift
    searches: SearchFigures
    openings: MonthlyOpenings
    proposals: Proposals
    actuals: tuple[Actual, ...] = ()
    published: tuple[PublishedIndex, ...] = ()
    tension_name: str = field(default=NAME)
    tension_formula: str = field(default=FORMULA)
    scope: str = field(default=SCOPE)

    def row(self, role: int, region: str = "") -> RoleRow | None:
        """Return one line, or None where nothing of it was there to count."""
        return next((row for row in self.rows if (row.role, row.region) == (role, region)), None)

    def to_json(self) -> str:
        """Return all of it as canonical JSON."""
        return canonical(self).decode()

    @classmethod
    def from_json(cls, text: str | bytes) -> AuditFigures:
        """Read what `to_json` wrote; the same figures come back.

        Raises:
            UnreadableFiguresError: it is not such a document.
        """
        try:
            return _adapter().validate_json(text)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            place = ".".join(map(str, first["loc"])) or "the document"
            raise UnreadableFiguresError(
                f"figures of an audit were asked for; at {place}: {first['msg']}. "
                "Give a document that an audit of this version wrote"
            ) from error


@cache
def _adapter() -> TypeAdapter[AuditFigures]:
    return TypeAdapter(AuditFigures)
