"""Ask every saved search again of what was added or changed, and raise an alert for what matches.

What matches is what `POST /v1/search` would show: it passes the filters and the hard conditions, and
scores at least `MATCH_AT_LEAST`. A score depends on nothing but the question and the record, so it
does not matter in which batches, how often, or by how many at once records are looked at.

A search is asked of what the index has, and no further: what is not in it yet is left for the next
time. Each batch is kept by itself (`SavedSearchStore.raise_alerts`), so that an evaluation that is
killed goes on where it was.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from api.search_answers import request_of, understood
from api.v1.saved_search_schemas import Criteria
from search.backends.base import SearchIndex
from search.backends.filters import And, Ids
from search.ranking.results import SearchRequest
from search.ranking.score import MATCH_AT_LEAST
from search.ranking.service import ARM_DEPTH, POOL, SearchService
from search.records.saved_searches import Changed, Found, SavedSearch, SavedSearchStore

#: Records that a search is asked of at a time: no more than every arm brings in and are re-ranked, so
#: that each that passes the filters gets its score, however many others do.
BATCH = min(ARM_DEPTH, POOL)


@dataclass(frozen=True)
class Evaluated:
    """What the evaluation of one saved search came to.

    Attributes:
        id: of the search.
        name: of the search.
        raised: alerts raised.
        problem: why it could not be evaluated, or "".
    """

    id: str
    name: str
    raised: int = 0
    problem: str = ""


@dataclass(frozen=True)
class Evaluation:
    """What the evaluation of all saved searches came to.

    Attributes:
        upto: outbox number that the index had when it began; what changed later is left.
        searches: each of them, in the order in which they were saved.
    """

    upto: int
    searches: tuple[Evaluated, ...]

    @property
    def raised(self) -> int:
        """How many alerts were raised in all."""
        return sum(search.raised for search in self.searches)


def evaluate(
    searches: SavedSearchStore,
    index: SearchIndex,
    service_of: Callable[[str], SearchService],
    on_progress: Callable[[int, int], None] | None = None,
) -> Evaluation:
    """Ask every saved search of what changed since it was last asked.

    Args:
        searches: where the searches are.
        index: opened for reading, so that its watermark is of what it shows.
        service_of: gives, for an owner, what answers searches over what they may see of that index.
        on_progress: told, in changes times searches, how far this is and how far it has to go.

    Raises:
        IndexUnavailableError: the index did not answer; what was raised before is kept.
        RecordError: the records could not be read or written; likewise.
    """
    upto = index.watermark()
    every = searches.every()
    progress = _Progress(every, upto, on_progress)
    asking = _Asking(searches, index, service_of, upto, progress)
    return Evaluation(upto, tuple(_evaluate(asking, search) for search in every))


class _Progress:
    """How much is left of each search."""

    def __init__(
        self,
        searches: Sequence[SavedSearch],
        upto: int,
        tell: Callable[[int, int], None] | None,
    ) -> None:
        self._upto = upto
        self._tell = tell
        self._left = {search.id: max(upto - search.evaluated_upto, 0) for search in searches}
        self._total = sum(self._left.values())

    def at(self, search: SavedSearch, position: int) -> None:
        self._left[search.id] = self._upto - position
        if self._tell is not None:
            self._tell(self._total - sum(self._left.values()), self._total)


@dataclass(frozen=True)
class _Asking:
    """What one evaluation works with."""

    searches: SavedSearchStore
    index: SearchIndex
    service_of: Callable[[str], SearchService]
    upto: int
    progress: _Progress


def _evaluate(asking: _Asking, search: SavedSearch) -> Evaluated:
    raised, request, version = 0, None, 0
    current: SavedSearch | None = search
    while current is not None and current.evaluated_upto < asking.upto:
        if request is None or version != current.version:
            try:
                request, version = _request(current), current.version
            except ValidationError as error:
                return Evaluated(search.id, current.name, raised, _unfit(error))
        batch = asking.searches.changed(
            request.target.kind, current.evaluated_upto, asking.upto, BATCH
        )
        position = batch[-1].number if len(batch) == BATCH else asking.upto
        found = _matching(asking.service_of(search.owner), request, batch)
        if not _still_has(asking.index, asking.upto):
            break
        # None: somebody else has changed or evaluated it meanwhile. What to do is read again.
        raised += asking.searches.raise_alerts(current, position, found) or 0
        asking.progress.at(search, position)
        current = asking.searches.current(search)
    return Evaluated(search.id, (current or search).name, raised)


def _request(search: SavedSearch) -> SearchRequest:
    criteria = Criteria.model_validate(search.criteria)
    return request_of(understood(criteria), criteria)


def _matching(
    service: SearchService, request: SearchRequest, batch: Sequence[Changed]
) -> list[Found]:
    """Return those of a batch that match, with their scores."""
    if not batch:
        return []
    kind = request.target.kind
    named = {f"{kind}:{one.record_id}": one for one in batch}
    narrowed = SearchRequest(
        request.reading,
        request.target,
        And((request.condition, Ids(tuple(named)))),
        request.selected,
    )
    return [
        Found(named[hit.doc_id], round(hit.score, 1))
        for hit in service.rank(narrowed)
        if hit.score >= MATCH_AT_LEAST
    ]


def _still_has(index: SearchIndex, upto: int) -> bool:
    """Say whether the index that was asked has what it was taken to have.

    Behind the same name there may be another one by now, one that was put back to use, say, and is
    still catching up.
    """
    index.refresh()
    return index.watermark() >= upto


def _unfit(error: ValidationError) -> str:
    first = error.errors(include_input=False, include_url=False, include_context=False)[0]
    place = ".".join(str(part) for part in first["loc"]) or "criteria"
    return (
        f"its criteria do not fit this release ({place}: {first['msg']}); change them, or delete "
        "the search"
    )
