"""What a search answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from search.backends.filters import EVERYTHING, Filter
from search.models import Reading, Span, Target
from taxonomies.models import Text


class State(StrEnum):
    """Whether a condition of the query was found in a document; unknown is not missing."""

    FOUND = "found"
    MISSING = "missing"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason for or against a hit.

    Attributes:
        aspect: `title`, `skill`, `place`, `years`, `education`, `language` or `text`.
        state: found, missing or unknown.
        label: the condition in both languages.
        source: which part of the document was looked at (`title`, `duty`, `skills`, `summary`, `work`, …), or "".
        quote: the document's own words, verbatim, or "".
        span: where the quote stands in that part: `part[start:end] == quote`; None without a quote.
        relation: `essential` or `optional` for a skill of a role, else "".
    """

    aspect: str
    state: State
    label: Text
    source: str = ""
    quote: str = ""
    span: Span | None = None
    relation: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """One answer.

    Attributes:
        doc_id: `role:9`, `candidate:…`, `vacancy:…`.
        rank: from 1.
        score: 0-100, with one meaning across searches: the chance in percent that a person judging
            would call the hit relevant (see docs/ranking.md).
        parts: what each part of the formula contributed, in log-odds; their sum gives the score.
        passages: the parts of the document that evidence quotes from, by source name.
    """

    doc_id: str
    rank: int
    score: float
    parts: Mapping[str, float]
    evidence: tuple[Evidence, ...] = ()
    passages: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """What is asked.

    Attributes:
        reading: the text as understood, or as edited by the client.
        condition: hard filter; nothing that fails it can be an answer.
        selected: field to the filter that was chosen in its facet; binds like `condition`, but the
            facet of a field goes on counting what one could choose there instead.
        offset: how many hits to skip.
    """

    reading: Reading
    target: Target
    condition: Filter = EVERYTHING
    selected: Mapping[str, Filter] = field(default_factory=dict)
    limit: int = 10
    offset: int = 0
    facets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What is answered.

    Attributes:
        hits: best first; ties by id.
        total: how many documents pass the filter and were considered an answer.
        has_match: false when even the best hit is unlikely to be what was asked for; the answer must say so.
        facets: per field, value to count, over all documents that pass the filter.
        excluded: how many documents a required or banned condition of the reading ruled out.
        versions: catalogue, skills, model and ranking that produced the answer.
    """

    reading: Reading
    hits: tuple[Hit, ...]
    total: int
    has_match: bool
    facets: Mapping[str, Mapping[str, int]]
    excluded: int
    versions: Mapping[str, str]
