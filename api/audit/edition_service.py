"""The next edition of an office's catalogue: made of the last one and of what the office accepts."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Literal

from api.audit.allowed import require_officer, signature
from api.problems import Fault, Phrase, Problem, invalid
from search.accounts.principal import Scope
from search.audit.edition_decisions import Add, Decision, Drop, Reword
from search.audit.edition_files import catalogue_csv, dropped_csv
from search.audit.editions import Edition, EditionError, first_edition, next_edition
from search.audit.stores.editions import PublishedEdition
from taxonomies.catalogue import load_catalogue
from taxonomies.office_catalogues import CatalogueFileError

if TYPE_CHECKING:
    from api.access import Access

#: Says what was sent under a name; "" for nothing.
Sent = Callable[[str], str]
LONGEST_ID = 64

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def editions(access: Access) -> tuple[PublishedEdition, ...]:
    """Return the editions that were published, latest first.

    Raises:
        Problem: 401 or 403.
    """
    require_officer(access)
    return access.bole.audit_stores.editions.all()


def begin(access: Access, catalogue_id: str, start: date, reason: str) -> PublishedEdition:
    """Take annex 1 up as the first edition of a catalogue.

    Raises:
        Problem: 401, 403; 409 where there is an edition already; 422.
    """
    require_officer(access, Scope.WRITE)
    if len(catalogue_id) > LONGEST_ID or not _ID.fullmatch(catalogue_id):
        raise invalid("body", "catalogue", "catalogue_id")
    if not reason.strip():
        raise invalid("body", "reason", "missing")
    if access.bole.audit_stores.editions.last(catalogue_id) is not None:
        raise Problem("conflict", detail=Phrase("audit.edition.there_is_one"))
    return _publish(access, first_edition(catalogue_id, start, load_catalogue(), reason.strip()))


def publish(
    access: Access, catalogue_id: str, start: date, decisions: Sequence[Decision]
) -> PublishedEdition:
    """Publish the edition after the last one, with lineage.

    Raises:
        Problem: 401, 403; 404 where there is no edition to go on from; 422 with what is wrong.
    """
    require_officer(access, Scope.WRITE)
    last = access.bole.audit_stores.editions.last(catalogue_id)
    if last is None:
        raise Problem("not-found")
    try:
        made = next_edition(last.edition, start, decisions)
    except EditionError:
        raise _refused(last.edition, start, decisions) from None
    return _publish(access, made)


def decisions_of(last: Edition, accepted: Sequence[str], sent: Sent, today: date) -> list[Decision]:
    """Return what a form accepts.

    Args:
        last: the edition that is gone on from; proposals name rows of annex 1.
        accepted: `add:N`, `drop:ROW` and `reword:ROW`, as many as were ticked.
        sent: the other fields: `title-…`, `duty-…`, `field-…` and `reason-…` of each.
        today: day of the decisions.

    Raises:
        Problem: 422, a row is none of the edition's.
    """
    rows = {str(row.role_number): row.number for row in last.rows if row.role_number is not None}
    found: list[Decision] = []
    for name in accepted:
        sort, _, which = name.partition(":")
        reason, duty = sent(f"reason-{name}"), sent(f"duty-{name}")
        if sort == "add":
            title, field = sent(f"title-{name}"), sent(f"field-{name}")
            found.append(Add(title=title, reason=reason, on=today, duty=duty, field=field))
        elif which not in rows:
            raise invalid("body", "accept", "unknown_role")
        elif sort == "drop":
            found.append(Drop(row=rows[which], reason=reason, on=today))
        else:
            found.append(Reword(row=rows[which], reason=reason, on=today, duty=duty or None))
    return found


def edition_file(
    access: Access, catalogue_id: str, start: str, part: Literal["catalogue", "dropped"]
) -> bytes:
    """Return an edition as CSV, as `bole taxonomy load` reads it; or the rows that are gone.

    Raises:
        Problem: 401, 403, 404.
    """
    for one in editions(access):
        if (one.edition.id, one.edition.start.isoformat()) == (catalogue_id, start):
            return catalogue_csv(one.edition) if part == "catalogue" else dropped_csv(one.edition)
    raise Problem("not-found")


def _publish(access: Access, made: Edition) -> PublishedEdition:
    try:
        return access.bole.audit_stores.editions.publish(made, signature(access))
    except (EditionError, CatalogueFileError):
        raise Problem("conflict", detail=Phrase("audit.edition.refused")) from None


def _refused(last: Edition, start: date, decisions: Sequence[Decision]) -> Problem:
    """Return what is wrong with decisions, in the words of the page."""
    if start <= last.start:
        return invalid("body", "start", "edition_start", after=last.start)
    if any(not decision.reason.strip() for decision in decisions):
        return Problem("invalid-input", [Fault("body", "accept", Phrase("fault.edition_reason"))])
    return Problem("invalid-input", [Fault("body", "accept", Phrase("fault.edition_rows"))])
