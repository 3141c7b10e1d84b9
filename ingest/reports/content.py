"""What a report says, before anyone decides how it looks.

Columns come in the order in which the ministry prints its quarterly lists of occupations in short
supply (rank, occupation, posts, seekers, gap, ratio of posts to seekers, change on quarter and
year); a measure of our own follows after them. A figure that cannot be given is `Missing`, with the
reason, and is printed in words: never as 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Literal

from ingest.reports.cells import (
    Cell,
    Kind,
    Missing,
    Reason,
    ReportError,
    Said,
    require_id,
    require_kind,
)
from ingest.reports.tables import ChartSpec, ReportColumn, ReportTable

__all__ = [
    "Cell",
    "ChartSpec",
    "Evidence",
    "Kind",
    "MethodNote",
    "Missing",
    "Proposal",
    "Proposed",
    "Reason",
    "Report",
    "ReportColumn",
    "ReportError",
    "ReportTable",
    "Said",
    "Tile",
    "TileMap",
]

Proposed = Literal["add", "reword", "retire", "merge", "split"]


@dataclass(frozen=True, slots=True)
class Tile:
    """A region in the map of tiles.

    Attributes:
        code: national code (GB/T 2260).
        name: as written on the tile; short.
        column: from 0, west to east.
        row: from 0, north to south.
        value: the figure, or why there is none.
    """

    code: str
    name: Said
    column: int
    row: int
    value: int | float | Missing


@dataclass(frozen=True, slots=True)
class TileMap:
    """A map whose regions are equal tiles in about the right place: areas say nothing, figures do.

    Attributes:
        id: plain name, unique within the report.
        caption: what is shown.
        label_key: key of the measure's name among the words.
        kind: how the figures are written.
        tiles: the regions; no two in one place.
    """

    id: str
    caption: Said
    label_key: str
    kind: Literal["int", "decimal", "percent", "change"]
    tiles: tuple[Tile, ...]

    def __post_init__(self) -> None:
        require_id(self.id)
        places = [(tile.column, tile.row) for tile in self.tiles]
        if len(set(places)) != len(places) or any(min(place) < 0 for place in places):
            raise ReportError(f"map {self.id}: every tile needs a place of its own, from 0")
        for tile in self.tiles:
            require_kind(f"map {self.id}, region {tile.code}", self.kind, tile.value)


@dataclass(frozen=True, slots=True)
class MethodNote:
    """How a figure comes about.

    Attributes:
        name: the measure.
        formula: on one line.
        source: the paper and equation, or the document and clause.
        text: what it means and what it does not.
    """

    name: Said
    formula: Said
    source: Said
    text: Said


@dataclass(frozen=True, slots=True)
class Evidence:
    """One finding that speaks for a proposal.

    Attributes:
        label: what was found.
        value: the figure, or the words of a posting.
        kind: how it is written.
        source: where it comes from.
    """

    label: Said
    value: Cell
    kind: Kind
    source: Said

    def __post_init__(self) -> None:
        require_kind("evidence of a proposal", self.kind, self.value)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change to the catalogue that the figures speak for; people decide.

    Attributes:
        id: plain name, unique within the report.
        action: what is proposed.
        subject: the row it is about, or the title of a new one.
        wording: what the row should say, or "".
        reason: why, in one or two sentences.
        evidence: what it rests on; at least one finding.
    """

    id: str
    action: Proposed
    subject: Said
    wording: Said
    reason: Said
    evidence: tuple[Evidence, ...]

    def __post_init__(self) -> None:
        require_id(self.id)
        if not self.evidence:
            raise ReportError(f"proposal {self.id} has no evidence; add what it rests on")


@dataclass(frozen=True, slots=True)
class Report:
    """A report: what it is about, how it came about, and its tables.

    Attributes:
        title: for example the annual report on supply and demand of a city.
        jurisdiction: whose figures these are.
        as_of: the day the counts hold for.
        period_label: the period in words.
        generated_at: when it was made; with its time zone.
        versions: what it was made with (catalogue, model, thresholds), name to version.
        notes: the methods.
        header_warning: what every reader must know first (platform-observed counts, not the labour
            market).
        tables: in reading order.
        map: figures by region, or None.
        proposals: changes to the catalogue.
    """

    title: Said
    jurisdiction: Said
    as_of: date
    period_label: Said
    generated_at: datetime
    versions: Mapping[str, str]
    notes: tuple[MethodNote, ...]
    header_warning: Said
    tables: tuple[ReportTable, ...]
    map: TileMap | None = None
    proposals: tuple[Proposal, ...] = field(default=())

    def __post_init__(self) -> None:
        if self.generated_at.tzinfo is None:
            raise ReportError("generated_at has no time zone; give the province's (+08:00)")
        parts = (*self.tables, *self.proposals, *((self.map,) if self.map else ()))
        ids = [part.id for part in parts]
        if len(set(ids)) != len(ids):
            raise ReportError(f"the parts of a report are {ids}; give each its own id")
        object.__setattr__(self, "versions", MappingProxyType(dict(self.versions)))
