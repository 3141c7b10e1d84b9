"""The owner rule, in one place: what each may see, and what each may change.

Every record has an owner: a candidate's account, or an organisation. Besides its owner it has an
audience, derived from nothing but the record itself: an open vacancy is published to candidates and
offices; a profile to employers where the person agreed to matching, to offices where the person agreed
to be counted. `visible` makes a filter of the index of that; `may_see` judges a record by the same
filter, so what is read directly cannot differ from what is found.

    who             sees, besides the catalogue
    open            everything of the one owner there is
    anonymous       nothing
    candidate       the own profile; open vacancies
    employer        the organisation's own; profiles that agree to matching, masked
    office          the office's own; vacancies; profiles that agree to be counted, masked
    admin           the own records only: to keep accounts is no reason to read profiles
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from search.accounts.principal import PUBLIC_OWNER, Principal, Role, Standing
from search.backends.filters import EVERYTHING, Attributes, Filter, Or, Term, matches
from search.records.models import AnyRecord, Candidate
from search.records.states import FINDABLE

if TYPE_CHECKING:
    from search.records.stored import StoredRecord

#: `owner` of catalogue rows, which belong to nobody and are seen by everybody.
CATALOGUE_OWNER = "catalogue"

CANDIDATES = "candidates"
EMPLOYERS = "employers"
OFFICES = "offices"

_AUDIENCE_OF: Mapping[Role, tuple[str, ...]] = {
    Role.CANDIDATE: (CANDIDATES,),
    Role.EMPLOYER: (EMPLOYERS,),
    Role.OFFICE: (OFFICES,),
    Role.ADMIN: (),
}
_MAY_ADD: Mapping[Role, frozenset[str]] = {
    Role.CANDIDATE: frozenset({"candidate"}),
    Role.EMPLOYER: frozenset({"vacancy", "candidate"}),
    Role.OFFICE: frozenset({"vacancy", "candidate"}),
    Role.ADMIN: frozenset(),
}


def audience_of(record: AnyRecord) -> tuple[str, ...]:
    """Return who besides the owner may find a record: values of the index's `audience`."""
    is_shown = record.status == FINDABLE[record.kind]
    if isinstance(record, Candidate):
        if not is_shown or record.agrees_to("matching") is False:
            return ()
        agreed = {EMPLOYERS: record.agrees_to("matching"), OFFICES: record.agrees_to("statistics")}
        return tuple(name for name, holds in agreed.items() if holds)
    return (CANDIDATES, OFFICES) if is_shown else (OFFICES,)


@lru_cache(maxsize=1024)
def visible(who: Principal) -> Filter:
    """Return the filter that every query, facet and count of somebody passes through."""
    match who.standing:
        case Standing.OPERATOR:
            return EVERYTHING
        case Standing.OPEN:
            return Term("owner", (PUBLIC_OWNER, CATALOGUE_OWNER))
        case Standing.ANONYMOUS:
            return Term("owner", (CATALOGUE_OWNER,))
        case Standing.SIGNED_IN:
            own = Term("owner", (who.owner, CATALOGUE_OWNER))
            audience = _AUDIENCE_OF[who.role] if who.role else ()
            return Or((own, Term("audience", audience))) if audience else own


def may_see(who: Principal, stored: StoredRecord) -> bool:
    """Say whether somebody may see a record, in whatever form."""
    return matches(visible(who), _as_filtered(stored))


def is_own(who: Principal, stored: StoredRecord) -> bool:
    """Say whether a record is somebody's own: to be seen whole, changed and erased."""
    return who.standing is Standing.OPERATOR or (who.owner != "" and stored.owner == who.owner)


def may_add(who: Principal, kind: str) -> bool:
    """Say whether somebody may add records of a kind."""
    if who.standing in {Standing.OPEN, Standing.OPERATOR}:
        return True
    return who.role is not None and kind in _MAY_ADD[who.role]


@dataclass(frozen=True)
class _Filtered:
    """A record as a filter judges it: as much of it as the owner rule asks for."""

    doc_id: str
    attributes: Attributes


def _as_filtered(stored: StoredRecord) -> _Filtered:
    attributes: Attributes = {"owner": (stored.owner,), "audience": audience_of(stored.record)}
    return _Filtered(f"{stored.kind}:{stored.id}", attributes)
