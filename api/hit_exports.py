"""What a search or a match shows, as a list to take away: the same hits in the same order, the same words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from api.access import Access
from api.export_service import Format, notes_of
from api.match_answers import answer as match_answer
from api.search_answers import answer_reading
from api.v1.match_schemas import MatchBody, MatchFinding, MatchHit
from api.v1.schemas import SearchBody, SearchHit
from api.wording import Wording, wording
from ingest.exports.columns import Cells, Column, column
from ingest.exports.writing import write
from ingest.tables.model import Cell
from search.accounts.principal import Scope
from search.models import Reading
from taxonomies.models import Lang

#: Hits asked for at a time.
PAGE = 100

_PREFIX = "export.hit"
SEARCH_COLUMNS: tuple[Column, ...] = tuple(
    column(_PREFIX, name, width)
    for name, width in {
        "rank": 8, "score": 10, "title": 40, "summary": 60, "met": 40, "missing": 40, "unknown": 40, "url": 40,
    }.items()
)  # fmt: skip
MATCH_COLUMNS: tuple[Column, ...] = tuple(
    column(_PREFIX, name, width)
    for name, width in {
        "rank": 8, "score": 10, "meets_vacancy": 12, "meets_wishes": 12, "title": 40, "summary": 60,
        "met": 40, "missing": 40, "unknown": 40, "gap": 40, "url": 40,
    }.items()
)  # fmt: skip


def search_hits(
    access: Access, reading: Reading, body: SearchBody, format: Format, lang: Lang
) -> Iterator[bytes]:
    """Yield a file of all hits of a search, as the caller is shown them; that it was taken is noted.

    Raises:
        Problem: 403 for a key without the scope.
    """
    access.require(Scope.EXPORT)
    whole = body.model_copy(update={"limit": PAGE, "cursor": None})
    words = wording(lang)

    def pages() -> Iterator[list[Cells]]:
        shown = 0
        while True:
            found = answer_reading(access, reading, whole, shown)
            yield [_search_row(hit, words) for hit in found.hits]
            if found.next is None:
                return
            shown += len(found.hits)

    notes = notes_of(access, lang) | {words("export.note.query"): reading.text}
    return _file(
        access, pages(), SEARCH_COLUMNS, format, notes, lang, f"search {body.target.value}"
    )


def match_hits(access: Access, body: MatchBody, format: Format, lang: Lang) -> Iterator[bytes]:
    """Yield a file of all hits of a match, as the caller is shown them; that it was taken is noted.

    Raises:
        Problem: 403 for a key without the scope; 404.
    """
    access.require(Scope.EXPORT)
    words = wording(lang)

    def pages() -> Iterator[list[Cells]]:
        cursor = None
        while True:
            sent = body.model_copy(update={"limit": PAGE, "cursor": cursor})
            found = match_answer(access, sent)
            yield [_match_row(hit, words) for hit in found.hits]
            cursor = found.next
            if cursor is None:
                return

    return _file(access, pages(), MATCH_COLUMNS, format, notes_of(access, lang), lang, "match")


def _file(
    access: Access,
    pages: Iterator[list[Cells]],
    columns: tuple[Column, ...],
    format: Format,
    notes: Mapping[str, Cell],
    lang: Lang,
    detail: str,
) -> Iterator[bytes]:
    # The first page is asked for at once: what is wrong with the question must not break off a file.
    first = next(pages)
    if access.who.is_signed_in:
        access.bole.access_log.note(access.who, "export", [""], f"{detail} {format}")
    rows = chain(first, chain.from_iterable(pages))
    return write(rows, columns, format, notes, wording(lang))


def _search_row(hit: SearchHit, words: Wording) -> Cells:
    by_state: dict[str, list[str]] = {"found": [], "missing": [], "unknown": []}
    for item in hit.evidence:
        by_state.setdefault(item.state, []).append(getattr(item.label, words.lang))
    return {
        "rank": hit.rank,
        "score": hit.score,
        "title": getattr(hit.title, words.lang),
        "summary": getattr(hit.summary, words.lang),
        "met": _joined(by_state["found"], words),
        "missing": _joined(by_state["missing"], words),
        "unknown": _joined(by_state["unknown"], words),
        "url": hit.url,
    }


def _match_row(hit: MatchHit, words: Wording) -> Cells:
    def labels(findings: Iterable[MatchFinding]) -> str | None:
        return _joined((getattr(one.label, words.lang) for one in findings), words)

    return {
        "rank": hit.rank,
        "score": hit.scores.both,
        "meets_vacancy": hit.scores.meets_vacancy,
        "meets_wishes": hit.scores.meets_wishes,
        "title": getattr(hit.title, words.lang),
        "summary": getattr(hit.summary, words.lang),
        "met": labels(hit.met),
        "missing": labels(hit.missing),
        "unknown": labels(hit.unknown),
        "gap": _joined((getattr(one, words.lang) for one in hit.gap), words),
        "url": hit.url,
    }


def _joined(labels: Iterable[str], words: Wording) -> str | None:
    return words("list_mark").join(dict.fromkeys(labels)) or None
