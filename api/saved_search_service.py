"""Saved searches over HTTP: saving, reading, replacing and deleting them; reading their alerts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from api import cursors
from api.access import Access
from api.addresses import record_url
from api.codes import STORED
from api.problems import Fault, Phrase, Problem
from api.search_answers import titled
from api.v1.saved_search_schemas import (
    AlertItem,
    AlertList,
    Criteria,
    SavedSearchBody,
    SavedSearchList,
    SavedSearchResource,
)
from api.versions import expected_version, request_key
from search.records.errors import (
    DuplicateNameError,
    RepeatedRequestError,
    SavedSearchMissingError,
    TooManySearchesError,
    VersionConflictError,
)
from search.records.identifiers import is_id
from search.records.models import AnyRecord, Candidate
from search.records.saved_searches import Alert, AlertCounts, SavedSearch

#: Digits of a number that every database takes.
_DIGITS_AT_MOST = 18


@dataclass(frozen=True)
class Saved:
    """A search that was saved now, or by an earlier try of the same request."""

    resource: SavedSearchResource
    is_replay: bool


def save(access: Access, body: SavedSearchBody, idempotency_key: str | None) -> Saved:
    """Save a search, to be asked of what changes from now on.

    Raises:
        Problem: 409 when the name or the idempotency key was used, or there are too many; 422 when
            the idempotency key cannot be used.
    """
    require_owner(access)
    request = None if idempotency_key is None else request_key(idempotency_key)
    criteria = stored_criteria(body.criteria)
    try:
        search = access.bole.saved_searches.add(access.who.owner, body.name, criteria, request)
    except RepeatedRequestError as error:
        found = _get(access, error.search_id)
        if (found.name, found.criteria) == (body.name, criteria):
            return Saved(_resources(access, [found])[0], is_replay=True)
        fault = Fault("header", "Idempotency-Key", Phrase("fault.idempotency_key_used"))
        raise _taken(fault, error.search_id) from None
    except DuplicateNameError as error:
        raise _name_taken(error) from None
    except TooManySearchesError as error:
        detail = Phrase("problem.conflict.too_many_searches", {"most": error.most})
        raise Problem("conflict", detail=detail) from None
    return Saved(_resource(search, AlertCounts()), is_replay=False)


def list_searches(access: Access, cursor: str | None, limit: int) -> SavedSearchList:
    """Return a page of the saved searches, oldest first.

    Raises:
        Problem: the cursor is none of ours.
    """
    require_owner(access)
    question = "saved searches"
    after = cursors.decode_last(cursor, question, is_id)
    page = access.bole.saved_searches.page(access.who.owner, after=after or "", limit=limit)
    return SavedSearchList(
        items=_resources(access, page.searches),
        next=cursors.encode_last(page.next, question) if page.next else None,
    )


def read(access: Access, search_id: str) -> SavedSearchResource:
    """Return a saved search.

    Raises:
        Problem: 404 when there is none.
    """
    return _resources(access, [_get(access, search_id)])[0]


def replace(
    access: Access, search_id: str, body: SavedSearchBody, if_match: str | None
) -> SavedSearchResource:
    """Replace a saved search that is still as the caller saw it.

    Raises:
        Problem: 404, 409 when another has the name, 412 when it changed meanwhile, 428 when no
            version was named.
    """
    expected = expected_version(if_match, _get(access, search_id).version)
    criteria = stored_criteria(body.criteria)
    try:
        search = access.bole.saved_searches.replace(
            search_id, access.who.owner, body.name, criteria, expected
        )
    except SavedSearchMissingError:
        raise Problem("not-found") from None
    except VersionConflictError:
        raise Problem("changed-meanwhile") from None
    except DuplicateNameError as error:
        raise _name_taken(error) from None
    return _resources(access, [search])[0]


def delete(access: Access, search_id: str, if_match: str | None) -> None:
    """Delete a saved search that is still as the caller saw it, with its alerts.

    Raises:
        Problem: 404, 412 when it changed meanwhile, 428 when no version was named.
    """
    expected = expected_version(if_match, _get(access, search_id).version)
    try:
        access.bole.saved_searches.delete(search_id, access.who.owner, expected)
    except SavedSearchMissingError:
        raise Problem("not-found") from None
    except VersionConflictError:
        raise Problem("changed-meanwhile") from None


def list_alerts(access: Access, search_id: str, cursor: str | None, limit: int) -> AlertList:
    """Return a page of the alerts of a search, newest first.

    Raises:
        Problem: 404 when there is no such search, 422 when the cursor is none of ours.
    """
    search = _get(access, search_id)
    question = f"alerts of {search.id}"
    last = cursors.decode_last(cursor, question, _is_number)
    before = None if last is None else int(last)
    page = access.bole.saved_searches.alerts(search.id, before=before, limit=limit)
    shown = access.shown_all(access.get_many(alert.record_id for alert in page.alerts))
    counts = access.bole.saved_searches.counts([search.id])[search.id]
    return AlertList(
        items=[
            _alert(alert, shown[alert.record_id])
            for alert in page.alerts
            # A record may have been erased a moment ago.
            if alert.record_id in shown
        ],
        next=None if page.next is None else cursors.encode_last(str(page.next), question),
        new=counts.new,
        total=counts.total,
    )


def mark_seen(access: Access, search_id: str, upto: int) -> SavedSearchResource:
    """Mark the alerts up to a number as seen, and return the search with what is new now.

    Raises:
        Problem: 404 when there is no such search.
    """
    search = _get(access, search_id)
    access.bole.saved_searches.mark_seen(search.id, upto)
    return _resources(access, [search])[0]


def stored_criteria(criteria: Criteria) -> dict[str, object]:
    """Return criteria as they are stored: what is left at its default is left out.

    So a member that a later release adds makes no other question of an old one.
    """
    return criteria.model_dump(mode="json", exclude_defaults=True)


def require_owner(access: Access) -> None:
    """Make sure that the caller can own something.

    Raises:
        Problem: 401 or 403.
    """
    if not access.who.owner:
        raise access.refusal()


def _get(access: Access, search_id: str) -> SavedSearch:
    require_owner(access)
    try:
        return access.bole.saved_searches.get(search_id, access.who.owner)
    except SavedSearchMissingError:
        raise Problem("not-found") from None


def _resources(access: Access, searches: Sequence[SavedSearch]) -> list[SavedSearchResource]:
    counts = access.bole.saved_searches.counts([search.id for search in searches])
    return [_resource(search, counts[search.id]) for search in searches]


def _resource(search: SavedSearch, counts: AlertCounts) -> SavedSearchResource:
    return SavedSearchResource(
        id=search.id,
        version=search.version,
        created_at=search.created_at,
        updated_at=search.updated_at,
        url=_url(search.id),
        name=search.name,
        criteria=Criteria.model_validate(search.criteria, context=STORED),
        new=counts.new,
        total=counts.total,
    )


def _alert(alert: Alert, record: AnyRecord) -> AlertItem:
    return AlertItem(
        number=alert.number,
        record_id=alert.record_id,
        kind=record.kind,
        url=record_url(record.kind, alert.record_id),
        title=titled(record.headline if isinstance(record, Candidate) else record.title),
        score=alert.score,
        created_at=alert.created_at,
        seen=alert.seen_at is not None,
    )


def _url(search_id: str) -> str:
    return f"/v1/saved-searches/{search_id}"


def _name_taken(error: DuplicateNameError) -> Problem:
    return _taken(Fault("body", "name", Phrase("fault.name_taken")), error.search_id)


def _taken(fault: Fault, search_id: str) -> Problem:
    detail = Phrase("problem.conflict.same_search")
    return Problem("conflict", [fault], detail, headers={"Location": _url(search_id)})


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _DIGITS_AT_MOST
