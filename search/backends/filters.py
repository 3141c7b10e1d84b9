"""The filter algebra: one value, compiled by every backend, applied before ranking in both arms.

A filter is plain data. Its meaning is fixed here by `matches`, which the backends are tested
against: a leaf on a field that a document lacks does not match (unknown never passes a hard
filter).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

Attribute = str | int | float
Attributes = Mapping[str, tuple[Attribute, ...]]

#: Fields holding names; compared exactly. Several values a document are allowed.
KEYWORD_FIELDS = (
    "kind",
    "owner",
    "audience",
    "status",
    "domain",
    "field",
    "role",
    "wished_role",
    "region",
    "residence",
    "wished_region",
    "skill",
    "must_skill",
    "language",
    "employment",
)
#: Fields holding numbers; compared by range. `education` is the rank of the level, `years` are
#: years of experience, pay is yuan a month, dates are days since 1970-01-01.
NUMBER_FIELDS = ("education", "years", "pay_monthly_yuan", "posted_day", "updated_day")

#: Most ids in one `Ids`: Elasticsearch takes 65,536 values, and answers with 10,000 neighbours.
IDS_AT_MOST = 10_000


class UnknownFieldError(ValueError):
    """A filter names a field that documents do not have."""


class Filterable(Protocol):
    """What a filter judges: a document, by its id and its attributes."""

    @property
    def doc_id(self) -> str:
        """The id, compared exactly."""

    @property
    def attributes(self) -> Attributes:
        """Field name to its values; an absent field has none."""


@dataclass(frozen=True)
class Term:
    """The field holds at least one of the values."""

    field: str
    values: tuple[str, ...]

    def __post_init__(self) -> None:
        _require(self.field, KEYWORD_FIELDS)


@dataclass(frozen=True)
class Range:
    """The field holds a number between the bounds, both included; a bound of None is open."""

    field: str
    at_least: float | None = None
    at_most: float | None = None

    def __post_init__(self) -> None:
        _require(self.field, NUMBER_FIELDS)


@dataclass(frozen=True)
class Ids:
    """The document is one of these; ids that no document has match nothing.

    Raises:
        ValueError: there are more than `IDS_AT_MOST`.
    """

    values: tuple[str, ...]

    def __post_init__(self) -> None:
        if len(self.values) > IDS_AT_MOST:
            raise ValueError(
                f"a filter on {len(self.values)} document ids was asked for; it takes "
                f"{IDS_AT_MOST} at most. Ask in parts"
            )


@dataclass(frozen=True)
class And:
    """Every part matches; no parts match everything."""

    parts: tuple[Filter, ...] = ()


@dataclass(frozen=True)
class Or:
    """At least one part matches; no parts match nothing."""

    parts: tuple[Filter, ...] = ()


@dataclass(frozen=True)
class Not:
    """The part does not match. A document that lacks the field therefore passes."""

    part: Filter


Filter = Term | Range | Ids | And | Or | Not

EVERYTHING = And()


def matches(condition: Filter, document: Filterable) -> bool:
    """Say whether a document passes: the reference meaning."""
    match condition:
        case Term(field, values):
            return any(value in values for value in document.attributes.get(field, ()))
        case Range(field, low, high):
            return any(_within(value, low, high) for value in document.attributes.get(field, ()))
        case Ids(values):
            return document.doc_id in values
        case And(parts):
            return all(matches(part, document) for part in parts)
        case Or(parts):
            return any(matches(part, document) for part in parts)
        case Not(part):
            return not matches(part, document)


def conjunction(parts: Sequence[Filter]) -> Filter:
    """Join filters by and, flattening one level so that a lone part stays itself."""
    return parts[0] if len(parts) == 1 else And(tuple(parts))


def _within(value: Attribute, low: float | None, high: float | None) -> bool:
    if isinstance(value, str):
        return False
    return (low is None or value >= low) and (high is None or value <= high)


def _require(field: str, known: tuple[str, ...]) -> None:
    if field not in known:
        raise UnknownFieldError(
            f"a filter on {field!r} was asked for; filters of this sort know {', '.join(known)}"
        )


def check_facets(fields: Iterable[str]) -> None:
    """Make sure that each field holds names, which can be counted.

    Raises:
        UnknownFieldError: one does not.
    """
    for field in fields:
        if field not in KEYWORD_FIELDS:
            raise UnknownFieldError(
                f"facets of {field!r} were asked for; there are {', '.join(KEYWORD_FIELDS)}"
            )
